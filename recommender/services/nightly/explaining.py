"""Explains suggestions of any run that is kept, from the index generation they were made from."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from recommender.domain.accounts import Actor, Role
from recommender.domain.entities import Achievement, Enterprise, Need
from recommender.domain.errors import NotFound
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.match import ExclusionCode, Match, MatchList
from recommender.domain.runs import MatchRun, Suggestion
from recommender.domain.settled import Settled
from recommender.matching.config import MatchConfig
from recommender.matching.query import MatchQuery
from recommender.matching.serving import IndexServer
from recommender.services.access import sees
from recommender.services.messages import EXPLAINED
from recommender.services.nightly.runs import run_or_published
from recommender.services.personal.clock import utc_now
from recommender.services.personal.sight import Sight
from recommender.services.recommendable import Recommendable
from recommender.services.settled import settled_with, told_settled
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_SOURCE_KINDS: Final = (EntityKind.NEED, EntityKind.ENTERPRISE, EntityKind.ACHIEVEMENT)
_SAME_SCORE: Final = 0.005


@dataclass(frozen=True, slots=True)
class Explanation:
    """The lists of one source in one run, explained.

    Attributes:
        run: whose they are.
        source_kind, source_id, title: for whom.
        lists: by kind of target, with position and score as they were stored.
        notes: zh-CN sentences on what cannot be told exactly any more.
    """

    run: MatchRun
    source_kind: EntityKind
    source_id: str
    title: str
    lists: tuple[MatchList, ...]
    notes: tuple[str, ...]


class ExplanationService:
    """Explains stored suggestions.

    Args:
        database: of runs and library.
        index: opens old generations.
        config: numbers of the matcher.
        max_need_chars: of a need's text that are read.
        today: current date; needs whose deadline is over are not suggested any more.
    """

    def __init__(
        self,
        database: Database,
        index: IndexServer,
        config: MatchConfig,
        *,
        max_need_chars: int,
        today: Callable[[], date],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._now = now
        self._database = database
        self._index = index
        self._config = config
        self._max_need_chars = max_need_chars
        self._today = today

    def explain(
        self, actor: Actor, source_id: str, run_id: str | None = None, *, source_kind: EntityKind | None = None
    ) -> Explanation:
        """What a run suggested to a need, an enterprise or an achievement, and why.

        Position, score and parts are those that were stored; sentences and marks are made anew from the texts of
        the run's index generation and the source as it reads today. Who may not be recommended now is left out,
        and so is what the actor may not see. Who is missing because somebody has decided about the pair is
        counted, and named among the exclusions where the score would have done, to whoever may know.

        Args:
            actor: who asks.
            source_id: of a need, an enterprise or an achievement.
            run_id: the published run by default.
            source_kind: where the id is known to be of one.

        Raises:
            NotFound: no such run or source, none for this actor, or the run suggested nothing to it.
            SearchUnavailable: the generation is not kept, or another encoder is in use.
        """
        with self._database.read() as unit:
            run = run_or_published(unit, run_id)
            source = _source(actor, unit, source_id, _SOURCE_KINDS if source_kind is None else (source_kind,))
            settled = settled_with(unit, source.kind, source.id)
            stored = unit.runs.suggestions(run.id, source_id, source_kind=source.kind)
            if actor.role is Role.ENTERPRISE:
                stored = _without(stored, (item for item in settled if item.why is ExclusionCode.UNWANTED))
            if not stored:
                raise NotFound("nightly.nothing_suggested", run=run.id, id=source_id)
            absent = _absent(stored, told_settled(actor, settled))
            query = replace(self._query(source, unit), settled=absent)
            present = Recommendable(unit, self._today())
            opened = self._index.open(run.snapshot_id).matcher.open(query)

            sight = Sight(actor, unit, self._now())
            notes = [] if run.configuration_hash == self._config.hash else [EXPLAINED["settings"]]
            lists = []
            for kind in EntityKind:
                of_kind = [suggestion for suggestion in stored if suggestion.target_kind is kind]
                left_out = [item for item in absent if item.kind is kind]
                if not of_kind and not left_out:
                    continue
                ids = [suggestion.target_id for suggestion in of_kind]
                found = present.read(kind, [*ids, *(item.id for item in left_out)])
                seen = {id: entity for id, entity in found.items() if sees(actor, unit, entity)}
                now = opened.rank(kind, max(1, len(ids)), present.read, allowed=seen)
                matches, remarks = _as_stored(of_kind, now)
                there = {entity.id for entity in sight.many(list(seen.values()))}
                notes += remarks + _left_out_note(kind, [item for item in left_out if item.id in there])
                lists.append(replace(now, matches=matches))
            title, shown = sight.name(source.kind, source.id, query.title), sight.lists(lists)
        return Explanation(run, source.kind, source_id, title, shown, tuple(dict.fromkeys(notes)))

    def _query(self, source: Need | Enterprise | Achievement, unit: UnitOfWork) -> MatchQuery:
        match source:
            case Need():
                owner = unit.enterprises.get(source.enterprise_code) if source.enterprise_code else None
                return MatchQuery.of_need(source, owner, max_chars=self._max_need_chars)
            case Enterprise():
                return MatchQuery.of_enterprise(source, max_chars=self._max_need_chars)
            case Achievement():
                return MatchQuery.of_achievement(source)


def _without(stored: Sequence[Suggestion], unwanted: Iterable[Settled]) -> list[Suggestion]:
    """What was suggested, to an enterprise without those that it does not want."""
    keys = {(item.kind, item.id) for item in unwanted}
    return [item for item in stored if (item.target_kind, item.target_id) not in keys]


def _absent(stored: Sequence[Suggestion], settled: Sequence[Settled]) -> tuple[Settled, ...]:
    """Those that the run does not suggest; on whom somebody decided only since stays explained."""
    listed = {(item.target_kind, item.target_id) for item in stored}
    return tuple(item for item in settled if (item.kind, item.id) not in listed)


def _left_out_note(kind: EntityKind, left_out: Sequence[Settled]) -> list[str]:
    """How many are not suggested because somebody has decided about the pair, and what was decided."""
    if not left_out:
        return []
    counts = Counter(item.why for item in left_out)
    reasons = "、".join(f"{why.value} {counts[why]} 个" for why in ExclusionCode if why in counts)
    return [EXPLAINED["settled"].format(n=len(left_out), kind=KIND_LABELS[kind], reasons=reasons)]


def _source(
    actor: Actor, unit: UnitOfWork, source_id: str, kinds: Sequence[EntityKind]
) -> Need | Enterprise | Achievement:
    for kind in kinds:
        entity = unit.of(kind).get(source_id)
        if isinstance(entity, Need | Enterprise | Achievement) and sees(actor, unit, entity):
            return entity
    raise NotFound("nightly.source_unknown", id=source_id)


def _as_stored(stored: Sequence[Suggestion], now: MatchList) -> tuple[tuple[Match, ...], list[str]]:
    """The explained matches at their stored positions, and what is to be said of the differences."""
    by_id = {match.id: match for match in now.matches}
    # Who has withdrawn is not named, so that nothing is said of anybody who is left out.
    n_gone = sum(suggestion.target_id not in by_id for suggestion in stored)
    notes = [EXPLAINED["gone"].format(n=n_gone)] if n_gone else []
    matches = []
    for suggestion in stored:
        match = by_id.get(suggestion.target_id)
        if match is None:
            continue
        if abs(match.score - suggestion.score) > _SAME_SCORE:
            notes.append(EXPLAINED["changed"])
        matches.append(replace(match, position=suggestion.position, score=suggestion.score))
    return tuple(matches), notes
