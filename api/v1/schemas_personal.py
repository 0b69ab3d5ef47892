"""What the API takes and gives of personal data: consent, reveals, erasure, and the two trails."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.v1.schemas import Text
from api.v1.schemas_needs import model, taken, values
from api.v1.vocabularies import ConsentDecisionValue, ConsentScopeValue, KindValue
from recommender.domain.auditing import AuditLine
from recommender.domain.kinds import EntityKind
from recommender.domain.personal import (
    Activity,
    Certificate,
    ConsentDecision,
    ConsentEntry,
    ConsentScope,
    ConsentState,
    ErasedLine,
    ErasedPart,
    ErasureState,
    LegalBasis,
    Processing,
)
from recommender.services.personal.certificates import certificate_document
from recommender.services.personal.consents import MAX_BASIS_CHARS, MAX_EVIDENCE_CHARS, PersonConsent
from recommender.services.personal.erasure import MAX_REASON_CHARS
from recommender.services.personal.messages import FIELD_LABELS
from recommender.services.personal.reveals import MAX_PURPOSE_CHARS, REVEALABLE, Revealed

_MAX_ID = 200

_ScopeOut = Annotated[str, values(*ConsentScope)]
_DecisionOut = Annotated[str, values(*ConsentDecision)]
_ActivityOut = Annotated[str, values(*Activity)]
_BasisOut = Annotated[str, values(*LegalBasis)]
_PartOut = Annotated[str, values(*ErasedPart)]
_ErasureOut = Annotated[str, values(*ErasureState)]
_KindOut = Annotated[str, values(*EntityKind)]
_Id = Annotated[Text, Field(min_length=1, max_length=_MAX_ID)]


class ConsentIn(BaseModel):
    """What a person said."""

    model_config = taken(
        "登记意愿",
        "本人对一个范围表示同意或撤回。撤回“推荐”即刻生效。",
        {"scope": "联系方式提供", "decision": "同意", "basis": "本人书面同意", "evidence": "档案 2026-118"},
    )

    scope: ConsentScopeValue = Field(title="范围", description="推荐、公开展示或联系方式提供")
    decision: ConsentDecisionValue = Field(title="决定", description="同意或撤回")
    basis: Annotated[Text, Field(max_length=MAX_BASIS_CHARS)] = Field(
        title="依据", description="本人怎样表示的", examples=["本人书面同意"]
    )
    evidence: Annotated[Text, Field(max_length=MAX_EVIDENCE_CHARS)] = Field(
        "", title="证据", description="证据存放在哪里", examples=["档案 2026-118"]
    )


class ConsentStateOut(BaseModel):
    """What holds now."""

    model_config = model("现在的意愿", "一个范围现在是否允许，以及本人最近的表示。")

    scope: _ScopeOut = Field(title="范围", description="推荐、公开展示或联系方式提供")
    allowed: bool = Field(title="允许", description="现在是否允许")
    said: _DecisionOut | None = Field(title="表示", description="本人最近的表示；没有表示过时为 null")
    since: datetime | None = Field(title="时间", description="何时表示的（UTC）；没有表示过时为 null")

    @classmethod
    def of(cls, state: ConsentState) -> "ConsentStateOut":
        """As the API gives it."""
        return cls(scope=state.scope, allowed=state.allowed, said=state.said, since=state.since)


class ConsentEntryOut(BaseModel):
    """One line of the ledger."""

    model_config = model("意愿记录", "意愿台账的一行；只增加，不修改。")

    number: int = Field(title="序号", description="递增的序号", ge=1)
    person_id: str = Field(title="专家", description="专家编号")
    scope: _ScopeOut = Field(title="范围", description="推荐、公开展示或联系方式提供")
    decision: _DecisionOut = Field(title="决定", description="同意或撤回")
    basis: str = Field(title="依据", description="本人怎样表示的")
    evidence: str = Field(title="证据", description="证据存放在哪里")
    at: datetime = Field(title="时间", description="登记时间（UTC）")
    actor: str = Field(title="登记人", description="登记的账号")

    @classmethod
    def of(cls, entry: ConsentEntry) -> "ConsentEntryOut":
        """As the API gives it."""
        return cls(
            number=entry.number,
            person_id=entry.person_id,
            scope=entry.scope,
            decision=entry.decision,
            basis=entry.basis,
            evidence=entry.evidence,
            at=entry.at,
            actor=entry.actor,
        )


class PersonConsentOut(BaseModel):
    """Everything about one person's consent."""

    model_config = model("专家的意愿", "各个范围现在是否允许，以及全部记录。")

    person_id: str = Field(title="专家", description="专家编号")
    states: list[ConsentStateOut] = Field(title="现在", description="每个范围一项")
    entries: list[ConsentEntryOut] = Field(title="记录", description="全部记录，早的在前")

    @classmethod
    def of(cls, consent: PersonConsent) -> "PersonConsentOut":
        """As the API gives it."""
        return cls(
            person_id=consent.person_id,
            states=list(map(ConsentStateOut.of, consent.states)),
            entries=list(map(ConsentEntryOut.of, consent.entries)),
        )


class RevealIn(BaseModel):
    """Whose data, and what for."""

    model_config = taken(
        "查看完整信息",
        "对象与用途；每次都记入操作记录。",
        {"kind": "expert", "id": "ZJ-1", "purpose": "邀请参加 12 月的技术对接会"},
    )

    kind: KindValue = Field(
        title="类别", description=f"可选：{'、'.join(REVEALABLE)}", examples=[EntityKind.EXPERT.value]
    )
    id: _Id = Field(title="编号", description="专家、创新平台或需求的编号")
    purpose: Annotated[Text, Field(max_length=MAX_PURPOSE_CHARS)] = Field(
        title="用途", description="为什么需要看，至少 8 个字", examples=["邀请参加 12 月的技术对接会"]
    )


class RevealedFieldOut(BaseModel):
    """One field in full."""

    model_config = model("完整内容", "一个字段的完整内容。")

    field: str = Field(title="字段", description="字段名", examples=["phone"])
    label: str = Field(title="名称", description="字段的中文名称；没有时与字段名相同", examples=["手机"])
    value: str = Field(title="内容", description="完整内容；没有时为空")


class RevealedOut(BaseModel):
    """A person's data in full."""

    model_config = model("完整信息", "没有遮盖的个人信息。请只用于所登记的用途。")

    kind: _KindOut = Field(title="类别", description="对象的类别")
    id: str = Field(title="编号", description="对象的编号")
    fields: list[RevealedFieldOut] = Field(title="内容", description="没有遮盖的字段")
    valid_until: datetime = Field(
        title="有效期", description="此前，同一账号在其他页面看到的也是没有遮盖的内容（UTC）"
    )

    @classmethod
    def of(cls, revealed: Revealed) -> "RevealedOut":
        """As the API gives it."""
        shown = [
            RevealedFieldOut(field=field, label=FIELD_LABELS.get(field, field), value=value)
            for field, value in revealed.values.items()
        ]
        return cls(kind=revealed.kind, id=revealed.id, fields=shown, valid_until=revealed.valid_until)


class PersonDataOut(BaseModel):
    """Everything that is kept about a person."""

    model_config = model("个人信息副本", "库中关于一个人的全部内容，交给本人。")

    id: str = Field(title="编号", description="专家编号")
    at: str = Field(title="时间", description="生成时间（UTC）")
    record: dict[str, Any] = Field(title="档案", description="档案的全部字段，按表头名称")
    evidence: list[dict[str, Any]] = Field(title="成果署名", description="署名的成果")
    states: list[dict[str, Any]] = Field(title="现在的意愿", description="各个范围现在是否允许")
    consents: list[dict[str, Any]] = Field(title="意愿记录", description="全部意愿记录")
    reveals: list[dict[str, Any]] = Field(title="查看记录", description="谁在何时为何看过完整信息")
    suggestions: list[dict[str, Any]] = Field(title="推荐", description="已发布的批次把本人推荐给了谁")
    cases: list[dict[str, Any]] = Field(title="对接", description="与本人有关的对接与经过")
    mentions: dict[str, int] = Field(title="其他记录", description="其他表中提到本人的行数")


class ErasureIn(BaseModel):
    """Whom to erase, and why."""

    model_config = taken(
        "删除个人信息",
        "删除一位专家的全部个人信息，不能恢复。",
        {"person_id": "ZJ-1", "reason": "本人 2026 年 11 月 28 日来信要求"},
    )

    person_id: _Id = Field(title="专家", description="专家编号")
    reason: Annotated[Text, Field(max_length=MAX_REASON_CHARS)] = Field(
        title="依据", description="依据什么删除", examples=["本人来信要求"]
    )


class ErasedLineOut(BaseModel):
    """What was removed where."""

    model_config = model("删除内容", "一类内容删除了多少处。")

    part: _PartOut = Field(title="内容", description="哪一类内容")
    n: int = Field(title="已删除", description="已删除或改为已删除标记的处数", ge=0)
    n_pending: int = Field(title="待删除", description="待下次重建索引后删除的处数", ge=0)

    @classmethod
    def of(cls, line: ErasedLine) -> "ErasedLineOut":
        """As the API gives it."""
        return cls(part=line.part, n=line.n, n_pending=line.n_pending)


class CertificateOut(BaseModel):
    """A certificate of erasure."""

    model_config = model("删除证明", "删除了什么，复查是否还有遗留；不含被删除者的姓名与编号。")

    id: str = Field(title="证明编号", description="证明的编号", examples=["SC-20261128-1a2b3c4d"])
    tombstone: str = Field(title="已删除标记", description="在保留作统计的记录中代替本人编号的标记")
    at: datetime = Field(title="删除时间", description="删除时间（UTC）")
    actor: str = Field(title="经办", description="经办的账号")
    reason: str = Field(title="依据", description="依据什么删除")
    state: _ErasureOut = Field(title="状态", description="已完成；或待完成，须等下次重建索引")
    lines: list[ErasedLineOut] = Field(title="内容", description="各类内容的删除情况")
    findings: list[str] = Field(title="遗留", description="复查时仍有遗留的位置")
    finished_at: datetime | None = Field(title="完成时间", description="全部完成的时间（UTC）；尚未完成时为 null")
    sha256: str = Field(title="校验", description="以上内容的 SHA-256")

    @classmethod
    def of(cls, certificate: Certificate) -> "CertificateOut":
        """As the API gives it."""
        return cls(
            id=certificate.id,
            tombstone=certificate.tombstone,
            at=certificate.at,
            actor=certificate.actor,
            reason=certificate.reason,
            state=certificate.state,
            lines=list(map(ErasedLineOut.of, certificate.lines)),
            findings=list(certificate.findings),
            finished_at=certificate.finished_at,
            sha256=certificate_document(certificate)["sha256"],
        )


class CertificatesOut(BaseModel):
    """The last certificates."""

    model_config = model("删除证明列表", "最近的删除证明，新的在前。")

    items: list[CertificateOut] = Field(title="内容", description="删除证明")


class ProcessingOut(BaseModel):
    """One line of the processing log."""

    model_config = model("处理活动", "处理活动记录的一行；不含任何人的姓名与编号。")

    number: int = Field(title="序号", description="递增的序号", ge=1)
    at: datetime = Field(title="时间", description="处理时间（UTC）")
    actor: str = Field(title="处理者", description="账号或程序")
    activity: _ActivityOut = Field(title="活动", description="做了什么")
    purpose: str = Field(title="目的", description="为了什么")
    basis: _BasisOut = Field(title="合法性基础", description="依据哪一项")
    categories: list[str] = Field(title="信息种类", description="涉及哪些个人信息")
    n_persons: int = Field(title="人数", description="涉及多少人", ge=0)

    @classmethod
    def of(cls, line: Processing) -> "ProcessingOut":
        """As the API gives it."""
        return cls(
            number=line.number,
            at=line.at,
            actor=line.actor,
            activity=line.activity,
            purpose=line.purpose,
            basis=line.basis,
            categories=list(line.categories),
            n_persons=line.n_persons,
        )


class AuditOut(BaseModel):
    """One line of the audit trail."""

    model_config = model("审计记录", "审计记录的一行。")

    number: int = Field(title="序号", description="递增的序号", ge=1)
    at: datetime = Field(title="时间", description="发生时间（UTC）")
    actor: str = Field(title="操作人", description="账号、命令行用户或程序")
    action: str = Field(title="操作", description="来源:对象:动作", examples=["import:expert:apply"])
    target: str = Field(title="对象", description="对象的编号或名称")
    detail: dict[str, Any] = Field(title="详情", description="数量与编号")

    @classmethod
    def of(cls, line: AuditLine) -> "AuditOut":
        """As the API gives it."""
        entry = line.entry
        return cls(
            number=line.number,
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            target=entry.target,
            detail=dict(entry.detail),
        )
