"""What changed from one run to another: by kind, by town, by enterprise, and suggestion by suggestion."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, TypeVar

from recommender.domain.accounts import Actor, Permission, Reach, Role
from recommender.domain.kinds import EntityKind
from recommender.domain.run_lists import SourceChange
from recommender.domain.runs import MatchRun, RunState
from recommender.nightly.digest import RISE, ChangedSuggestion
from recommender.services.nightly.runs import RunService, run_or_published
from recommender.services.personal.sight import Sight
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

K = TypeVar("K")

_CHANGES_SHOWN: Final = 500
_KEPT: Final = timedelta(minutes=10)
_MOST_KEPT: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many lists and suggestions changed in a group."""

    n_lists: int = 0
    n_changed: int = 0
    n_gained: int = 0
    n_lost: int = 0
    n_new: int = 0
    n_better: int = 0
    n_gone: int = 0

    def plus(self, change: SourceChange) -> "Tally":
        """With one list more."""
        return Tally(
            n_lists=self.n_lists + 1,
            n_changed=self.n_changed + change.is_changed,
            n_gained=self.n_gained + change.is_gained,
            n_lost=self.n_lost + change.is_lost,
            n_new=self.n_new + change.n_new,
            n_better=self.n_better + change.n_better,
            n_gone=self.n_gone + change.n_gone,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseTally:
    """What changed for one enterprise and its needs."""

    code: str
    name: str
    town: str
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How the lists of one run differ from those of another, for whom the actor sees.

    Attributes:
        total: over all lists; a source has one for each kind of target.
        kinds: by kind of target.
        towns: by town, most changed first; ``""`` for needs without an enterprise.
        enterprises: most changed first, at most as many as were asked for.
        n_enterprises: how many have changes.
    """

    before: MatchRun
    after: MatchRun
    total: Tally
    kinds: Mapping[EntityKind, Tally]
    towns: tuple[tuple[str, Tally], ...]
    enterprises: tuple[EnterpriseTally, ...]
    n_enterprises: int


@dataclass(frozen=True, slots=True)
class NamedChange:
    """One suggestion that is not what it was, with names as the reader sees them."""

    change: ChangedSuggestion
    source_name: str
    target_name: str


@dataclass(frozen=True, slots=True)
class _Differences:
    """What is kept of a comparison for a while: numbers and codes, no names."""

    total: Tally
    kinds: Mapping[EntityKind, Tally]
    towns: tuple[tuple[str, Tally], ...]
    owners: tuple[tuple[str, Tally], ...]
    at: datetime


_Question = tuple[str, str, Role, Reach, str]


class RunComparisonService:
    """Use-cases of comparing runs. What is said of enterprises and needs is for whom the actor sees.

    Runs that have ended change only where somebody leaves the library, and reading two of them whole takes a
    moment: the numbers are kept for :data:`_KEPT` for whoever sees the same.
    """

    def __init__(self, database: Database, runs: RunService, now: Callable[[], datetime]) -> None:
        self._database = database
        self._runs = runs
        self._now = now
        self._kept: OrderedDict[_Question, _Differences] = OrderedDict()
        self._lock = Lock()

    def compare(self, actor: Actor, before_id: str, after_id: str, *, at_most: int) -> Comparison:
        """What readers would see of one run against another.

        Args:
            at_most: enterprises named.

        Raises:
            Forbidden: runs are not for this actor.
            NotFound: there is no such run.
        """
        actor.require(Permission.RUNS_READ)
        with self._database.read() as unit:
            before, after = run_or_published(unit, before_id), run_or_published(unit, after_id)
            found = self._differences(actor, unit, before, after)
            named = unit.enterprises.get_many([code for code, _ in found.owners[:at_most]])
        return Comparison(
            before=before,
            after=after,
            total=found.total,
            kinds=found.kinds,
            towns=found.towns,
            enterprises=tuple(
                EnterpriseTally(code=code, name=named[code].name, town=named[code].town, tally=tally)
                for code, tally in found.owners[:at_most]
                if code in named
            ),
            n_enterprises=len(found.owners),
        )

    def _differences(self, actor: Actor, unit: UnitOfWork, before: MatchRun, after: MatchRun) -> _Differences:
        question = (before.id, after.id, actor.role, actor.reach, actor.enterprise_code)
        is_final = RunState.RUNNING not in (before.state, after.state)
        with self._lock:
            kept = self._kept.get(question)
        if is_final and kept is not None and self._now() < kept.at + _KEPT:
            return kept
        lists = unit.run_changes.lists(actor, before.id, after.id, rise=RISE)
        if after.scope:
            # Whoever was not asked for has lost nothing.
            lists = [change for change in lists if not change.is_lost]
        found = _summed(lists, self._now())
        with self._lock:
            self._kept[question] = found
            self._kept.move_to_end(question)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    def changes_of(
        self, actor: Actor, before_id: str, after_id: str, enterprise_code: str
    ) -> tuple[NamedChange, ...]:
        """What changed for one enterprise and its needs, suggestion by suggestion.

        Raises:
            Forbidden: runs are not for this actor.
            NotFound: there is no such run or enterprise, or it is not for this actor.
        """
        found = self._runs.digest(
            after_id, enterprise=enterprise_code, former_id=before_id, limit=_CHANGES_SHOWN, actor=actor
        )
        with self._database.read() as unit:
            sight = Sight(actor, unit, self._now())
            names = _record_names(unit, sight, found.items)
        return tuple(
            NamedChange(
                item,
                names.get((EntityKind(item.source_kind), item.source_id), ""),
                names.get((EntityKind(item.target_kind), item.target_id), ""),
            )
            for item in found.items
        )


def _summed(lists: Sequence[SourceChange], at: datetime) -> _Differences:
    kinds = _by(lists, lambda change: change.target_kind)
    owners = _most_changed(_by(lists, lambda change: change.enterprise_code))
    return _Differences(
        total=_tally(lists),
        kinds={kind: kinds[kind] for kind in EntityKind if kind in kinds},
        towns=tuple(_most_changed(_by(lists, lambda change: change.town))),
        owners=tuple((code, tally) for code, tally in owners if tally.n_changed and code),
        at=at,
    )


def _tally(lists: Iterable[SourceChange]) -> Tally:
    total = Tally()
    for change in lists:
        total = total.plus(change)
    return total


def _by(lists: Iterable[SourceChange], key: Callable[[SourceChange], K]) -> dict[K, Tally]:
    found: defaultdict[K, Tally] = defaultdict(Tally)
    for change in lists:
        found[key(change)] = found[key(change)].plus(change)
    return dict(found)


def _most_changed(tallies: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    def weight(item: tuple[str, Tally]) -> tuple[int, str]:
        tally = item[1]
        return -(tally.n_new + tally.n_gone + tally.n_better), item[0]

    return sorted(tallies.items(), key=weight)


def _record_names(
    unit: UnitOfWork, sight: Sight, items: Iterable[ChangedSuggestion]
) -> dict[tuple[EntityKind, str], str]:
    wanted: defaultdict[EntityKind, set[str]] = defaultdict(set)
    for item in items:
        wanted[EntityKind(item.source_kind)].add(item.source_id)
        wanted[EntityKind(item.target_kind)].add(item.target_id)
    named: dict[tuple[EntityKind, str], str] = {}
    for kind, ids in wanted.items():
        records = unit.of(kind).get_many(sorted(ids))
        shown = sight.names(kind, {id: record.name for id, record in records.items()})
        named |= {(kind, id): name for id, name in shown.items()}
    return named
