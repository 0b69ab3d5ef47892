"""The ranked answer to a need, as a page shows it: short first, with what is said of each and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.cases import Case, Pair
from recommender.domain.entities import Need
from recommender.domain.errors import InvalidInput
from recommender.domain.filters import Filter
from recommender.domain.indicators import Indicator
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.domain.match import ExclusionCode, Match, MatchList
from recommender.domain.wishes import WISHING_NEED_STATES, WishLine
from recommender.domain.workflow import OPEN_NEED_STATES, CaseState, NeedState
from recommender.services.access import need_for
from recommender.services.matching import MatchRequest, MatchService
from recommender.services.personal.sight import Sight
from recommender.services.results.cards import (
    DEPTHS,
    N_LOOKED_AT,
    RankedList,
    ResultCard,
    cards_of,
    is_close,
)
from recommender.services.results.coverage import Coverage, Words, coverage, wanted_indicators
from recommender.services.review.wishes import wish_lines
from recommender.services.settled import settled_with, told_settled
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

MAX_COMPARED: Final = 4
"""How many stand side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedInView:
    """What a page of results says of the need itself.

    Attributes:
        is_open: whether officers see what is wished for it; otherwise it waits.
        takes_wishes: whether something may be said of whom it lists.
        indicators: what it measures success by.
        wishes: everything that is said for it, latest first.
    """

    need: Need
    state: NeedState
    is_open: bool
    takes_wishes: bool
    indicators: tuple[Indicator, ...]
    wishes: tuple[WishLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedResults:
    """The answer for one kind.

    Attributes:
        close: by kind, how many of the first :data:`N_LOOKED_AT` are close.
        problems: zh-CN sentences about the state of the index.
    """

    view: NeedInView
    ranked: RankedList
    close: Mapping[EntityKind, int]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One column of a comparison."""

    card: ResultCard
    coverage: Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Up to :data:`MAX_COMPARED` entities of one kind side by side, in the order of their rank."""

    view: NeedInView
    kind: EntityKind
    columns: tuple[Compared, ...]


class NeedResultService:
    """Use-cases of looking at who could help with a need. What is not for the actor is not there (404).

    Args:
        words: cuts a text into words.
    """

    def __init__(
        self,
        database: Database,
        matching: Callable[[], MatchService],
        words: Callable[[], Words],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._matching = matching
        self._words = words
        self._now = now

    def ranked(
        self, actor: Actor, need_id: str, kind: EntityKind, *, depth: int, filters: Sequence[Filter] = ()
    ) -> NeedResults:
        """The first ``depth`` entities of a kind, and how many of every kind are close.

        Args:
            depth: one of :data:`DEPTHS`; another counts as the next larger one.

        Raises:
            Forbidden: the actor may not match.
            NotFound: there is no such need, or it is not for this actor.
            InvalidInput: a filter or a kind that does not fit.
            SearchUnavailable: no usable index.
        """
        depth = next((known for known in DEPTHS if known >= depth), DEPTHS[-1])
        actor.require(Permission.MATCH)
        # One more tells whether there is more.
        request = MatchRequest(SUPPLY_KINDS, k=max(depth, N_LOOKED_AT) + 1, filters=tuple(filters))
        answer = self._matching().match_need(actor, need_id, request)
        lists = {part.kind: part for part in answer.lists}
        if kind not in lists:
            raise InvalidInput("wish.pair_unfitting")
        with self._database.read() as unit:
            view = self._view(actor, unit, need_id)
            return NeedResults(
                view=view,
                ranked=self._list(actor, unit, view, lists[kind], depth=depth),
                close={each: _n_close(lists[each]) for each in SUPPLY_KINDS},
                problems=answer.problems,
            )

    def compare(self, actor: Actor, need_id: str, kind: EntityKind, ids: Sequence[str]) -> Comparison:
        """Some entities of a kind side by side; who cannot be recommended now is left out.

        Args:
            ids: at most :data:`MAX_COMPARED` count, the first ones.

        Raises:
            Forbidden, NotFound, InvalidInput, SearchUnavailable: see :meth:`ranked`.
        """
        wanted = tuple(dict.fromkeys(ids))[:MAX_COMPARED]
        matches = self._matching().match_some(actor, need_id, kind, wanted)
        with self._database.read() as unit:
            view = self._view(actor, unit, need_id)
            cards = self._cards(actor, unit, view, matches)
        words, whole = self._words(), {match.id: match for match in matches}
        columns = tuple(
            Compared(card, coverage(view.indicators, whole[card.record.id], card.record, words)) for card in cards
        )
        return Comparison(view=view, kind=kind, columns=columns)

    def _view(self, actor: Actor, unit: UnitOfWork, need_id: str) -> NeedInView:
        need = need_for(actor, unit, need_id)
        now = self._now()
        shown = Sight(actor, unit, now).one(need)
        assert shown is not None, "a need that is within reach is there"
        state = unit.needs_progress.states([need_id])[need_id]
        wishes = []
        if actor.may(Permission.CASES_READ):
            wishes = wish_lines(actor, unit, unit.wishes.of_needs([need_id]), now)
        return NeedInView(
            need=shown,
            state=state,
            is_open=state in OPEN_NEED_STATES,
            takes_wishes=state in WISHING_NEED_STATES and actor.may(Permission.CASES_ANSWER),
            indicators=wanted_indicators(shown),
            wishes=tuple(wishes),
        )

    def _list(
        self,
        actor: Actor,
        unit: UnitOfWork,
        view: NeedInView,
        found: MatchList,
        *,
        depth: int,
    ) -> RankedList:
        cards = self._cards(actor, unit, view, found.matches[:depth])
        return RankedList(
            kind=found.kind,
            cards=tuple(cards),
            has_more=len(found.matches) > depth and depth < DEPTHS[-1],
            n_unwanted=self._n_unwanted(actor, unit, view.need.id, found.kind),
            exclusions=found.exclusions if actor.may(Permission.CASES_REVIEW) else (),
            advice=found.advice,
        )

    def _n_unwanted(self, actor: Actor, unit: UnitOfWork, need_id: str, kind: EntityKind) -> int:
        """How many are not wanted, of those of whom the actor may know that they are in the library."""
        settled = told_settled(actor, settled_with(unit, EntityKind.NEED, need_id))
        ids = [item.id for item in settled if item.kind is kind and item.why is ExclusionCode.UNWANTED]
        records = list(unit.of(kind).get_many(ids).values()) if ids else []
        return len(Sight(actor, unit, self._now()).many(records))

    def _cards(
        self, actor: Actor, unit: UnitOfWork, view: NeedInView, matches: Sequence[Match]
    ) -> list[ResultCard]:
        need_id = view.need.id
        pairs = [(match, _pair(need_id, match)) for match in matches]
        wishes = {line.wish.pair.id: line for line in view.wishes}
        sight = Sight(actor, unit, self._now())
        return cards_of(unit, sight, pairs, wishes=wishes, cases=_cases(actor, unit, need_id))


def _pair(need_id: str, match: Match) -> Pair:
    return Pair(EntityKind.NEED, need_id, match.kind, match.id)


def _n_close(found: MatchList) -> int:
    return sum(map(is_close, found.matches[:N_LOOKED_AT]))


def _cases(actor: Actor, unit: UnitOfWork, need_id: str) -> dict[Pair, Case]:
    """The matches of a need that the actor may see, by pair."""
    if not actor.may(Permission.CASES_READ):
        return {}
    found = unit.cases.of_need(need_id, tuple(CaseState))
    return {case.pair: case for case in found if unit.cases.is_for(actor, case)}
