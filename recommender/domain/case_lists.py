"""Lists of matches: which ones, in which order, and what a line says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from recommender.domain.cases import Case, Transition
from recommender.domain.kinds import EntityKind
from recommender.domain.wishes import Wish
from recommender.domain.workflow import CaseState


class CaseView(StrEnum):
    """Which matches an officer looks at."""

    UNREVIEWED = "unreviewed"
    """Suggestions of the published run on which nobody has decided, as far as they hold now; those that their
    enterprise asked for stand first, suggested or not."""
    HIGH_SCORE = "high_score"
    LOW_CONFIDENCE = "low_confidence"
    WISHED = "wished"
    """What enterprises asked for and nobody has pushed yet."""
    MINE = "mine"
    """Open ones that the officer decided on or works on."""
    MY_DUE = "my_due"
    """Those of them whose time is over, or nearly so."""
    DUE = "due"
    OVERDUE = "overdue"
    RETURNED = "returned"
    """Those to which one side said no, or nothing."""
    OPEN = "open"
    ALL = "all"


SUGGESTION_VIEWS: Final = frozenset({CaseView.UNREVIEWED, CaseView.HIGH_SCORE, CaseView.LOW_CONFIDENCE})
"""Views of what the system suggests; the others are of what somebody has acted on."""

RETURNED_CASE_STATES: Final = frozenset(
    {CaseState.ENTERPRISE_DECLINED, CaseState.EXPERT_DECLINED, CaseState.EXPERT_SILENT}
)


class SuggestionSort(StrEnum):
    """Orders of suggestions, the usual one first."""

    LIST = "list"
    """By source, kind and position: list by list."""
    SCORE = "score"
    """Highest first."""


class WishSort(StrEnum):
    """Orders of what enterprises asked for, the usual one first."""

    ASKED = "asked"
    """Longest waiting first."""
    SCORE = "score"


class CaseSort(StrEnum):
    """Orders of matches, the usual one first."""

    UPDATED = "updated"
    """Latest first."""
    OPENED = "opened"
    DUE = "due"
    """Soonest first; what waits for nobody stands last."""
    SCORE = "score"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What a list of matches is about, all conditions together.

    Attributes:
        source_kind: needs, enterprises or achievements; of suggestions exactly one kind.
        target_kind: any by default.
        town, industry_chain: part of the enterprise's town, of the need's chain or, without a need, the
            enterprise's.
        states: any of these; suggestions have no choice.
        need_id, enterprise_code, target_id, officer: exactly these, ``""`` for any.
        text: part of the need's or achievement's title, of the enterprise's or platform's name, or exactly an
            id; persons are found by id alone. ``""`` for any.
    """

    view: CaseView = CaseView.UNREVIEWED
    source_kind: EntityKind | None = None
    target_kind: EntityKind | None = None
    town: str = ""
    industry_chain: str = ""
    states: frozenset[CaseState] = frozenset()
    need_id: str = ""
    enterprise_code: str = ""
    target_id: str = ""
    officer: str = ""
    min_score: float | None = None
    max_score: float | None = None
    due_after: datetime | None = None
    due_before: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A match as lists show it.

    Attributes:
        source_name, target_name: titles and names as the reader may see them.
        target_organisation: of experts, platforms and achievements; ``""`` otherwise.
        enterprise_name, town, industry_chain: of whom it is for, ``""`` where unknown.
        wish: what the enterprise says of it, ``None`` for nothing.
        last: the step that brought it where it is, ``None`` for a suggestion and where it was not asked for.
    """

    case: Case
    source_name: str
    target_name: str
    target_organisation: str
    enterprise_name: str
    town: str
    industry_chain: str
    wish: Wish | None = None
    last: Transition | None = None
