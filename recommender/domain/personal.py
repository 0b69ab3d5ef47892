"""Personal data: what people agreed to, who looked at what for which purpose, what was done with their data."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from recommender.domain.kinds import EntityKind

PERSON_KINDS: Final = (EntityKind.EXPERT, EntityKind.PLATFORM)
"""Kinds whose records are about a person: an expert, or the director of a platform."""


class ConsentScope(StrEnum):
    """What a person may agree to."""

    RECOMMENDATION = "推荐"
    PUBLICATION = "公开展示"
    CONTACT = "联系方式提供"


class ConsentDecision(StrEnum):
    """What they said."""

    GIVEN = "同意"
    WITHDRAWN = "撤回"


class LegalBasis(StrEnum):
    """Why data of a person may be used (PIPL §13, §27)."""

    CONSENT = "本人同意"
    PUBLIC_DATA = "已公开信息"
    CONTRACT = "履行合同"
    STATUTORY = "法定职责"
    PERSONS_REQUEST = "本人行使权利"


class Activity(StrEnum):
    """What is done with personal data; the subject of the processing log."""

    IMPORT = "导入"
    INDEX = "建立索引"
    MATCH_RUN = "夜间批次"
    EXPORT = "导出名单"
    REVEAL = "查看完整信息"
    CONTACT_RELEASE = "提供联系方式"
    PERSON_EXPORT = "提供本人资料"
    ERASURE = "删除个人信息"
    CONSENT = "登记意愿"
    RETENTION = "到期清理"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEntry:
    """One line of the ledger; lines are added, never changed.

    Attributes:
        number: counts up; 0 for one that is not stored yet.
        person_id: of the expert.
        basis: what the decision rests on, such as ``本人来电`` or a form's name.
        evidence: where the proof is kept.
        actor: who recorded it.
    """

    person_id: str
    scope: ConsentScope
    decision: ConsentDecision
    basis: str
    evidence: str
    at: datetime
    actor: str
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentState:
    """What holds for a person and a scope now.

    Attributes:
        since: when that was said; ``None`` where nobody said anything.
    """

    scope: ConsentScope
    allowed: bool
    said: ConsentDecision | None
    since: datetime | None


_ALLOWED_UNSAID: Final = {
    # Data that the sources made public may be used until the person refuses (§27); contacts may not (§23).
    ConsentScope.RECOMMENDATION: True,
    ConsentScope.PUBLICATION: True,
    ConsentScope.CONTACT: False,
}


def present_consent(entries: Iterable[ConsentEntry], *, opted_out: bool) -> tuple[ConsentState, ...]:
    """What holds now, by scope.

    Args:
        entries: of one person, oldest first.
        opted_out: whether the person's record says that consent was withdrawn, as files may.
    """
    last = {entry.scope: entry for entry in entries}
    found = []
    for scope in ConsentScope:
        entry = last.get(scope)
        said = None if entry is None else entry.decision
        allowed = _ALLOWED_UNSAID[scope] if said is None else said is ConsentDecision.GIVEN
        if opted_out:
            # Who withdrew from everything that a record is for gives out no contact either.
            allowed = False
        found.append(
            ConsentState(scope=scope, allowed=allowed, said=said, since=None if entry is None else entry.at)
        )
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal:
    """That somebody was shown a person's data in full.

    Attributes:
        number: counts up; 0 for one that is not stored yet.
        fields: what was shown.
        case_id: the match for which contacts were released, ``""`` otherwise.
        valid_until: until when the same actor may look again without saying why.
    """

    person_kind: EntityKind
    person_id: str
    actor: str
    purpose: str
    fields: tuple[str, ...]
    at: datetime
    valid_until: datetime
    case_id: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """One line of the processing log (处理活动记录); it names no person.

    Attributes:
        number: counts up; 0 for one that is not stored yet.
        categories: kinds of personal data, in zh-CN.
        n_persons: whose data were used.
        detail: counts and ids of runs or files.
    """

    at: datetime
    actor: str
    activity: Activity
    purpose: str
    basis: LegalBasis
    categories: tuple[str, ...]
    n_persons: int
    detail: dict[str, Any] = field(default_factory=dict)
    number: int = 0


class ErasureState(StrEnum):
    """How far an erasure is."""

    PENDING = "待完成"
    DONE = "已完成"


class ErasedPart(StrEnum):
    """What a line of a certificate is about."""

    RECORD = "档案"
    BYLINES = "成果署名"
    NEEDS = "需求中的意向专家"
    SUGGESTIONS = "推荐"
    FORMER_CONTENT = "导入与合并留存的旧内容"
    DUPLICATES = "疑似重复与合并编号"
    CASES = "对接与反馈（改为已删除标记）"
    LEDGERS = "意愿、查看与审计记录（改为已删除标记）"
    OTHER_TEXT = "其他表中的文字"
    VECTORS = "向量缓存"
    GENERATIONS = "索引版本"
    NIGHTS = "夜间批次的工作文件"


@dataclass(frozen=True, slots=True)
class ErasedLine:
    """One line of a certificate: ``n`` items removed, ``n_pending`` left for the next build."""

    part: ErasedPart
    n: int
    n_pending: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """That the data of a person were erased; it names nobody.

    Attributes:
        id: such as ``SC-20261128-1a2b3c``.
        tombstone: what stands in the person's place in what is kept for statistics.
        lines: what was removed where.
        findings: places in which the check afterwards still found something, without what it found.
    """

    id: str
    tombstone: str
    at: datetime
    actor: str
    reason: str
    state: ErasureState
    lines: tuple[ErasedLine, ...]
    findings: tuple[str, ...] = ()
    finished_at: datetime | None = None
