"""Wishes (意向): what an enterprise says of whom it was shown for a need, before any officer pushed anything."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from recommender.domain.cases import Case, Pair, Shown
from recommender.domain.workflow import (
    OPEN_NEED_STATES,
    UNREVIEWED_CASE_STATES,
    CaseState,
    NeedState,
    ReasonCode,
)


class Stance(StrEnum):
    """Whether the enterprise wants to be brought together with somebody."""

    WANTED = "有意"
    UNWANTED = "无意"


WISHING_NEED_STATES: Final = OPEN_NEED_STATES | {NeedState.SUBMITTED, NeedState.RETURNED, NeedState.DIAGNOSIS}
"""Needs for which wishes are taken. Those of needs that are not published yet wait until they are."""

UNPUSHED_CASE_STATES: Final = UNREVIEWED_CASE_STATES | {CaseState.CONFIRMED, CaseState.ADJUSTED}
"""Matches that an officer may still push; a wish to the contrary ends them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an enterprise says of one pair; lines are added, the last one counts.

    Attributes:
        pair: a need, and the expert, platform or achievement.
        stance: ``None`` where nothing is said, or what was said was taken back.
        version: 0 where nothing was ever said, then one more with every change.
        reason: of ``无意``, and only of that.
        actor, at: who said it when.
        undoes: version of the line that this one takes back, ``None`` for none.
        shown: what the enterprise was shown, ``None`` for somebody it thought of itself.
    """

    pair: Pair
    stance: Stance | None = None
    version: int = 0
    reason: ReasonCode | None = None
    note: str = ""
    actor: str = ""
    at: datetime | None = None
    undoes: int | None = None
    shown: Shown | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether the enterprise wants it."""
        return self.stance is Stance.WANTED

    @property
    def is_unwanted(self) -> bool:
        """Whether the enterprise does not want it."""
        return self.stance is Stance.UNWANTED


class WishProgress(StrEnum):
    """What has become of a wish, as it is told to the enterprise."""

    UNPUBLISHED = "待需求发布"
    WAITING = "待审核员处理"
    CONFIRMED = "待推送"
    PUSHED = "已推送"
    REFUSED = "未推送"
    DECLINED = "不再推荐"
    UNAVAILABLE = "暂不能推荐"


@dataclass(frozen=True, slots=True, kw_only=True)
class WishLine:
    """A wish with what became of it.

    Attributes:
        name, organisation: of whom it is about, as the reader may see them.
        reason: why it was not pushed, ``None`` where there is nothing of the kind.
        case: the match, where it is the reader's to see.
    """

    wish: Wish
    name: str
    organisation: str
    progress: WishProgress
    reason: ReasonCode | None = None
    case: Case | None = None
