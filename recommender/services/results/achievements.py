"""The other side of the cloth: who could use an achievement, as officers look at it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from recommender.domain.accounts import Actor, Permission
from recommender.domain.cases import Case, Pair
from recommender.domain.entities import Achievement
from recommender.domain.errors import InvalidInput, NotFound
from recommender.domain.filters import Filter
from recommender.domain.kinds import DEMAND_KINDS, KIND_LABELS, EntityKind
from recommender.services.matching import MatchRequest, MatchService
from recommender.services.personal.sight import Sight
from recommender.services.results.cards import DEPTHS, N_LOOKED_AT, RankedList, cards_of, is_close
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class AchievementResults:
    """Who could use an achievement.

    Attributes:
        close: by kind, how many of the first :data:`N_LOOKED_AT` are close.
        problems: zh-CN sentences about the state of the index.
    """

    achievement: Achievement
    ranked: RankedList
    close: Mapping[EntityKind, int]
    problems: tuple[str, ...]


class AchievementResultService:
    """Use-cases of looking for who could use an achievement."""

    def __init__(
        self, database: Database, matching: Callable[[], MatchService], now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._matching = matching
        self._now = now

    def ranked(
        self, actor: Actor, achievement_id: str, kind: EntityKind, *, depth: int, filters: Sequence[Filter] = ()
    ) -> AchievementResults:
        """The first ``depth`` enterprises or needs within the actor's reach.

        Raises:
            Forbidden: the actor does not review.
            NotFound: there is no such achievement.
            InvalidInput: a filter or a kind that does not fit.
            SearchUnavailable: no usable index.
        """
        actor.require(Permission.CASES_REVIEW)
        depth = next((known for known in DEPTHS if known >= depth), DEPTHS[-1])
        request = MatchRequest(DEMAND_KINDS, k=max(depth, N_LOOKED_AT) + 1, filters=tuple(filters))
        answer = self._matching().match_achievement(actor, achievement_id, request)
        lists = {part.kind: part for part in answer.lists}
        if kind not in lists:
            source = KIND_LABELS[EntityKind.ACHIEVEMENT]
            raise InvalidInput("review.pair_unfitting", source=source, target=KIND_LABELS[kind])
        found = lists[kind]
        with self._database.read() as unit:
            sight = Sight(actor, unit, self._now())
            stored = unit.achievements.get(achievement_id)
            achievement = None if stored is None else sight.one(stored)
            if achievement is None:
                raise NotFound("entity.not_found", kind=KIND_LABELS[EntityKind.ACHIEVEMENT], id=achievement_id)
            pairs = [(match, pair_with(achievement_id, match.kind, match.id)) for match in found.matches[:depth]]
            cases = _cases(actor, unit, [pair for _, pair in pairs])
            cards = cards_of(unit, sight, pairs, wishes={}, cases=cases)
        return AchievementResults(
            achievement=achievement,
            ranked=RankedList(
                kind=kind,
                cards=tuple(cards),
                has_more=len(found.matches) > depth and depth < DEPTHS[-1],
                exclusions=found.exclusions,
                advice=found.advice,
            ),
            close={part.kind: sum(map(is_close, part.matches[:N_LOOKED_AT])) for part in answer.lists},
            problems=answer.problems,
        )


def pair_with(achievement_id: str, kind: EntityKind, id: str) -> Pair:
    """What a match would be about: a need asks for the achievement, to an enterprise it is offered."""
    if kind is EntityKind.NEED:
        return Pair(EntityKind.NEED, id, EntityKind.ACHIEVEMENT, achievement_id)
    return Pair(EntityKind.ACHIEVEMENT, achievement_id, kind, id)


def _cases(actor: Actor, unit: UnitOfWork, pairs: Sequence[Pair]) -> dict[Pair, Case]:
    found = unit.cases.get_many([pair.id for pair in pairs])
    return {case.pair: case for case in found.values() if unit.cases.is_for(actor, case)}
