"""Explains one match at a time: fast enough to be looked at on the way from one decision to the next."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Final, Generic, TypeVar

from recommender.domain.accounts import Actor
from recommender.domain.cases import Case
from recommender.domain.entities import Achievement, Enterprise, Entity, Expert, Need
from recommender.domain.errors import SearchUnavailable
from recommender.domain.kinds import EntityKind, Willingness
from recommender.domain.match import Match
from recommender.matching.config import MatchConfig
from recommender.matching.matcher import QueryMatch
from recommender.matching.query import MatchQuery
from recommender.matching.serving import IndexServer, ServedIndex
from recommender.services.access import sees
from recommender.services.messages import EXPLAINED
from recommender.services.personal.sight import Sight
from recommender.store.unit_of_work import UnitOfWork

_SAME_SCORE: Final = 0.005
_N_QUERIES: Final = 4
"""Scored queries that are kept: officers go through the list of one need before they come to the next."""

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class ExplainedMatch:
    """Why a match was suggested.

    Attributes:
        match: with position and score as they were shown; ``None`` where the texts are not there any more.
        notes: zh-CN sentences on what cannot be told exactly.
    """

    match: Match | None
    notes: tuple[str, ...] = ()


class MatchExplainer:
    """Explains matches from the generation they were made from, or where none was shown, from the present one.

    Scored queries are kept in memory, as are old generations: both only repeat what lies in the index, and are
    gone when it is.

    Args:
        index: serves the present generation and opens old ones.
        config: numbers of the matcher.
        max_need_chars: of a need's text that are read.
        today: current date.
    """

    def __init__(
        self, index: IndexServer, config: MatchConfig, *, max_need_chars: int, today: Callable[[], date]
    ) -> None:
        self._index = index
        self._config = config
        self._max_need_chars = max_need_chars
        self._today = today
        self._generations: _Latest[str, ServedIndex] = _Latest(1)
        self._queries: _Latest[tuple[str, str, date], QueryMatch] = _Latest(_N_QUERIES)

    def explain(self, actor: Actor, unit: UnitOfWork, sight: Sight, case: Case) -> ExplainedMatch:
        """Why the target of a match was suggested to its source, as the actor may see it.

        Who may not be proposed any more, for want of places or by their own wish, is explained all the same: the
        decision rests on what is said here. Who withdrew consent is not.

        Args:
            actor: who asks; has been found to see the match.
            unit: of one moment.
            sight: shows what the actor may see.
            case: the match, stored or not.
        """
        source = unit.of(case.pair.source_kind).get(case.pair.source_id)
        target = unit.of(case.pair.target_kind).get(case.pair.target_id)
        if not isinstance(source, Need | Enterprise | Achievement) or target is None:
            return ExplainedMatch(None, (EXPLAINED["removed"],))
        if not (sees(actor, unit, source) and sees(actor, unit, target)):
            return ExplainedMatch(None)
        try:
            opened = self._opened(case, self._query(source, unit))
        except SearchUnavailable as error:
            return ExplainedMatch(None, (str(error),))
        kind = case.pair.target_kind
        ranked = opened.rank(kind, 1, lambda _, ids: _described(unit, kind, ids), allowed=[target.id])
        (shown,) = sight.lists([replace(ranked, exclusions=())])
        return self._as_shown(shown.matches[0] if shown.matches else None, case)

    def _as_shown(self, match: Match | None, case: Case) -> ExplainedMatch:
        """The match with position and score as they were shown, and what differs since."""
        if match is None:
            return ExplainedMatch(None, (EXPLAINED["removed"],))
        shown = case.shown
        if shown is None:
            return ExplainedMatch(match, (EXPLAINED["proposed"],))
        notes = []
        if shown.configuration_hash != self._config.hash:
            notes.append(EXPLAINED["settings"])
        if abs(match.score - shown.score) > _SAME_SCORE:
            notes.append(EXPLAINED["changed"])
        return ExplainedMatch(replace(match, position=shown.position, score=shown.score), tuple(notes))

    def _opened(self, case: Case, query: MatchQuery) -> QueryMatch:
        served = self._served(case.shown.snapshot_id if case.shown else "")
        # By what it says: a query made of a passage holds what cannot be hashed.
        key = (served.manifest.generation, repr(query), self._today())
        return self._queries.get(key, lambda: served.matcher.open(query))

    def _served(self, generation: str) -> ServedIndex:
        current = self._index.current()
        if generation in ("", current.manifest.generation):
            return current
        return self._generations.get(generation, lambda: self._index.open(generation))

    def _query(self, source: Need | Enterprise | Achievement, unit: UnitOfWork) -> MatchQuery:
        match source:
            case Need():
                owner = unit.enterprises.get(source.enterprise_code) if source.enterprise_code else None
                return MatchQuery.of_need(source, owner, max_chars=self._max_need_chars)
            case Enterprise():
                return MatchQuery.of_enterprise(source, max_chars=self._max_need_chars)
            case Achievement():
                return MatchQuery.of_achievement(source)


def _described(unit: UnitOfWork, kind: EntityKind, ids: Sequence[str]) -> Mapping[str, Entity]:
    """What is said of entities, without what only decides whether they may be proposed now."""
    found = unit.of(kind).get_many(ids)
    return {id: _open(entity) for id, entity in found.items()}


def _open(entity: Entity) -> Entity:
    if not isinstance(entity, Expert):
        return entity
    return replace(entity, capacity=None, willingness=Willingness.OPEN, avoided_enterprises=())


class _Latest(Generic[K, V]):
    """The few values that were asked for last; safe for many threads, which may make the same one twice."""

    def __init__(self, size: int) -> None:
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._size = size
        self._lock = Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of a key, made where it is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made
