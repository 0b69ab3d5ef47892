"""What a match answers: ranked entities, each with its score parts, reasons and evidence."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from recommender.domain.kinds import EntityKind
from recommender.domain.runs import MatchRun, RunState, Suggestion

__all__ = [
    "AuditEntry",
    "Evidence",
    "Exclusion",
    "ExclusionCode",
    "Match",
    "MatchList",
    "MatchRun",
    "Reason",
    "RunState",
    "ScorePart",
    "Span",
    "Suggestion",
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range ``[start, end)`` of characters in the text it belongs to."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One passage that speaks for an entity.

    Attributes:
        id: the achievement it is, or the entity itself where the passage is its profile.
        source: what it is in zh-CN, such as ``论文`` or ``研究方向``.
        title, text: as imported; the spans below count their characters.
        year: year of the achievement, where known.
        similarity: cosine between need and passage, in [-1, 1], higher is closer.
        share: this passage's part of the entity's text score, in [0, 1].
        title_marks, text_marks: words shared with the need, ascending, not overlapping.
        sentence: the sentence of ``text`` that is nearest to the need.
    """

    id: str
    source: str
    title: str
    text: str
    year: int | None
    similarity: float
    share: float
    title_marks: tuple[Span, ...]
    text_marks: tuple[Span, ...]
    sentence: Span | None


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One summand of a score: ``value`` in [0, 1] times ``weight``; higher is better."""

    name: str
    value: float
    weight: float

    @property
    def contribution(self) -> float:
        """What this part adds to the score."""
        return self.value * self.weight


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence for the rank, with the evidence it rests on where there is one."""

    code: str
    text: str
    evidence_id: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """One ranked entity.

    Attributes:
        score: sum of the parts' contributions over the sum of their weights, in [0, 1]; higher is better.
        reasons: strongest first.
        gaps: what the need asks for and nothing shown here covers, as zh-CN sentences.
    """

    kind: EntityKind
    id: str
    name: str
    organisation: str
    position: int
    score: float
    parts: tuple[ScorePart, ...]
    reasons: tuple[Reason, ...]
    evidence: tuple[Evidence, ...]
    gaps: tuple[Reason, ...]


class ExclusionCode(StrEnum):
    """Why an entity that fits by content may not be recommended.

    The last four are of a pair on which somebody has decided; see :mod:`recommender.domain.settled`.
    """

    CONSENT_WITHDRAWN = "已撤回同意"
    DECLINED = "拒绝接单"
    PAUSED = "暂停接单"
    CAPACITY_FULL = "容量已满"
    CONFLICT = "回避"
    OWN_ACHIEVEMENT = "本企业成果"
    REMOVED = "已移出资源库"
    UNWANTED = "企业无意"
    REJECTED = "审核员已驳回"
    UNDER_WAY = "已在对接"
    ENDED = "对接已结束"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An entity that would have been listed but for a hard rule."""

    kind: EntityKind
    id: str
    name: str
    code: ExclusionCode


@dataclass(frozen=True, slots=True)
class MatchList:
    """The answer for one kind.

    Attributes:
        matches: best first; ``k`` of them, or all that are eligible.
        n_candidates: entities left by the filters, before hard rules.
        exclusions: entities kept out by hard rules that would have stood among the matches, best first.
        advice: zh-CN sentence where no match is close to the need, otherwise ``""``.
    """

    kind: EntityKind
    matches: tuple[Match, ...]
    n_candidates: int
    exclusions: tuple[Exclusion, ...]
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the audit trail.

    ``action`` is ``source:subject:action`` (``import:expert:apply``, ``index:snapshot:publish``);
    ``detail`` holds counts and ids, never personal data.
    """

    at: datetime
    actor: str
    action: str
    target: str
    detail: dict[str, object]
