"""What stands beside a record of the library: works, authors, suggestions, what was done to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from recommender.domain.entities import Achievement
from recommender.domain.kinds import EntityKind


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """Which works are wanted; ``text`` is part of the title, the keywords or the abstract, ``""`` for any."""

    text: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """A page of the achievements behind an expert or a platform, latest first.

    Attributes:
        total: how many fit.
        by_type: how many of each type hold the text, most frequent first.
    """

    items: tuple[Achievement, ...]
    total: int
    by_type: Mapping[str, int]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Related:
    """Another record by its name as the reader may see it."""

    kind: EntityKind
    id: str
    name: str
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Credits:
    """Who stands behind an achievement: its authors in the order of the byline, and platforms."""

    authors: tuple[Related, ...]
    platforms: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A suggestion of the published run.

    Attributes:
        other: who is on the other side of it.
        position: place in the list of its source, from 1.
        score: in [0, 1], higher is better.
    """

    other: Related
    position: int
    score: float
    reason: str


class HistoryAction(StrEnum):
    """What was done to a record."""

    ADDED = "入库"
    """What is known of a record whose import no longer tells of it."""
    CHANGED = "更新"
    IMPORTED = "导入新增"
    REPLACED = "导入更新"
    EDITED = "修改"
    MERGED = "合并"
    MERGE_UNDONE = "撤销合并"
    CONSENT = "登记意愿"
    REVEALED = "查看完整信息"
    GIVEN = "提供本人资料"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One thing that was done.

    Attributes:
        who: name of the account, or what acted by itself; ``""`` where it is no longer known.
        fields: zh-CN names of the fields that were changed.
        other_id: of the record that was merged with this one.
        batch_id, file: of an import.
        detail: anything else that is worth saying, such as what was agreed to.
    """

    at: datetime
    action: HistoryAction
    who: str
    fields: tuple[str, ...] = ()
    other_id: str = ""
    batch_id: str = ""
    file: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
