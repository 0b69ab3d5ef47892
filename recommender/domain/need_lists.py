"""Lists of needs: what they are asked for, and what a line says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from recommender.domain.entities import Need
from recommender.domain.needs import NeedProgress
from recommender.domain.workflow import NeedState


class NeedSort(StrEnum):
    """Orders of needs, the usual one first; ``-`` turns each round."""

    ID = "id"
    UPDATED = "updated"
    DEADLINE = "deadline"
    DUE = "due"
    TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedFilter:
    """What a list of needs is about; everything by default, all conditions together.

    Attributes:
        states: any of these.
        text: part of the title or the description.
        industry_chain, town: part of the need's chain, of the enterprise's town.
        enterprise_code: whose needs.
        filed_by: account that wrote them.
        due_before: something is expected before that moment.
    """

    states: frozenset[NeedState] = frozenset()
    text: str = ""
    industry_chain: str = ""
    town: str = ""
    enterprise_code: str = ""
    filed_by: str = ""
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedLine:
    """A need as lists show it."""

    need: Need
    progress: NeedProgress
    enterprise_name: str
    town: str
    updated_at: datetime
