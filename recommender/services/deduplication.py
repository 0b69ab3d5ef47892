"""Deciding on records that are probably one, by people who are signed in: each sees what is for them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from recommender.domain.accounts import Actor, Permission
from recommender.domain.entities import Entity
from recommender.domain.errors import NotFound
from recommender.domain.identity import MERGEABLE_KINDS, Decision, Merge, ProposalState
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.paging import PageRequest, cursor_of
from recommender.exchange.columns import ColumnSpec
from recommender.identity.merging import PROTECTED, Mergeable, better_survivor, differing_fields, merged
from recommender.services.access import sees
from recommender.services.duplicate_search import is_valid_code
from recommender.services.identity import DuplicateService, check_kind
from recommender.services.library import found
from recommender.services.merges import MergeReport, MergeService
from recommender.services.personal.sight import Sight
from recommender.services.record_pairs import columns_of, pair_of
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_HISTORY: Final = 200


@dataclass(frozen=True, slots=True)
class PairField:
    """A field of two records side by side.

    Attributes:
        first, second: as the actor sees them, ``""`` where empty.
        differs: whether the records do, be it in what is masked.
        stays: ids of the records whose value a merge keeps as the rules decide; none where it is made of both.
        may_choose: whether a person may decide instead.
    """

    field: str
    header: str
    first: str
    second: str
    differs: bool
    stays: tuple[str, ...]
    may_choose: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that are probably one.

    Attributes:
        first, second: as the actor sees them.
        fields: those that either record fills, those that differ first.
        suggested: id of the record that says more, which a merge keeps unless told otherwise.
        n_works: achievements behind each, by id; empty for kinds that have none.
    """

    decision: Decision
    first: Entity
    second: Entity
    fields: tuple[PairField, ...]
    suggested: str
    n_works: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PairPage:
    """A page of pairs, the most likely ones first; ``counts`` are of the whole list, by kind."""

    items: tuple[Pair, ...]
    counts: Mapping[EntityKind, int]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class MergeLine:
    """A merge in a list: with the name of the record that stayed, ``""`` where it is gone, and of who merged."""

    merge: Merge
    name: str
    who: str


class Deduplication:
    """Use-cases of deciding on pairs."""

    def __init__(
        self, database: Database, duplicates: DuplicateService, merges: MergeService, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._duplicates = duplicates
        self._merges = merges
        self._now = now

    def page(self, actor: Actor, kind: EntityKind | None, state: ProposalState, request: PageRequest) -> PairPage:
        """Pairs in a state, of a kind or of all.

        Pairs of which the actor may not see both records are not there.

        Raises:
            Forbidden: the actor does not edit the library.
            InvalidInput: records of that kind are not merged, or the cursor is not of this list.
        """
        actor.require(Permission.LIBRARY_WRITE)
        if kind is not None:
            check_kind(kind)
        after = request.after(float, str, str, str)
        with self._database.read() as unit:
            decisions = _for(actor, unit, unit.duplicates.decisions(state=state))
            counts = {each: sum(item.kind is each for item in decisions) for each in MERGEABLE_KINDS}
            wanted = [item for item in decisions if kind in (None, item.kind)]
            behind = wanted if after is None else [item for item in wanted if _key(item) > after]
            shown = behind[: request.limit]
            cursor = cursor_of(request, _key(shown[-1])) if len(behind) > len(shown) else ""
            return PairPage(tuple(self._pairs(actor, unit, shown)), counts, cursor)

    def pair(self, actor: Actor, kind: EntityKind, one_id: str, other_id: str) -> Pair:
        """Two records side by side, whether they were proposed or not.

        Raises:
            Forbidden, InvalidInput: see :meth:`page`.
            NotFound: one of the records is not there for this actor.
            Conflict: one of them was merged into another.
        """
        actor.require(Permission.LIBRARY_WRITE)
        check_kind(kind)
        with self._database.read() as unit:
            self._check(actor, unit, kind, one_id, other_id)
            decision = unit.duplicates.decision(kind, one_id, other_id) or _undecided(
                kind, one_id, other_id, self._now()
            )
            shown = list(self._pairs(actor, unit, [decision]))
        if not shown:
            raise NotFound("identity.record_missing", one=one_id, other=other_id)
        return shown[0]

    def merge(
        self,
        actor: Actor,
        kind: EntityKind,
        one_id: str,
        other_id: str,
        *,
        keep: str,
        chosen: Mapping[str, str] | None = None,
    ) -> MergeReport:
        """Make one record of two.

        Args:
            keep: id of the record that stays.
            chosen: by field, the id of the record whose value stays instead of what the rules decide.

        Raises:
            Forbidden, InvalidInput, NotFound, Conflict: see :meth:`pair` and :meth:`MergeService.merge`.
        """
        actor.require(Permission.LIBRARY_WRITE)
        check_kind(kind)
        with self._database.read() as unit:
            self._check(actor, unit, kind, one_id, other_id)
        columns = columns_of(kind).by_field
        expressions = [f"{columns[name].header}={id}" for name, id in (chosen or {}).items() if name in columns]
        return self._merges.merge(one_id, other_id, actor=actor.id, kind=kind, keep=keep, chosen=expressions)

    def reject(self, actor: Actor, kind: EntityKind, one_id: str, other_id: str) -> Decision:
        """Keep that two records are different; the pair is not proposed again.

        Raises:
            Forbidden, InvalidInput, NotFound, Conflict: see :meth:`pair`.
        """
        actor.require(Permission.LIBRARY_WRITE)
        check_kind(kind)
        with self._database.read() as unit:
            self._check(actor, unit, kind, one_id, other_id)
        return self._duplicates.reject(one_id, other_id, actor=actor.id, kind=kind)

    def reopen(self, actor: Actor, kind: EntityKind, one_id: str, other_id: str) -> None:
        """Take back that two records are different.

        Raises:
            Forbidden, InvalidInput, Conflict: see :meth:`pair`.
            NotFound: one of them is not there for this actor, or nobody had said so.
        """
        actor.require(Permission.LIBRARY_WRITE)
        check_kind(kind)
        with self._database.write() as unit:
            self._check(actor, unit, kind, one_id, other_id)
            if not unit.duplicates.reopen(kind, one_id, other_id):
                raise NotFound("identity.not_rejected", one=one_id, other=other_id)
            target = "|".join(sorted((one_id, other_id)))
            action = f"identity:{kind}:reopen"
            unit.audit.append(AuditEntry(at=self._now(), actor=actor.id, action=action, target=target, detail={}))

    def undo(self, actor: Actor, merge_id: str) -> Merge:
        """Make everything what it was before a merge.

        Raises:
            Forbidden: the actor does not edit the library.
            NotFound: no merge has that id, or its record is not for this actor.
            Conflict: see :meth:`MergeService.undo`.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.read() as unit:
            merge = unit.identity.merge(merge_id)
            if merge is None:
                raise NotFound("identity.merge_not_found", id=merge_id)
            if merge.kind is EntityKind.ENTERPRISE:
                found(actor, unit, merge.kind, merge.survivor_id)
        return self._merges.undo(merge_id, actor=actor.id)

    def history(self, actor: Actor) -> tuple[MergeLine, ...]:
        """The last merges whose record the actor may see, newest first, those that were undone among them.

        Raises:
            Forbidden: the actor does not edit the library.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.read() as unit:
            merges = unit.identity.merges(_HISTORY)
            names: dict[tuple[EntityKind, str], str] = {}
            hidden: set[tuple[EntityKind, str]] = set()
            for kind in MERGEABLE_KINDS:
                ids = sorted({merge.survivor_id for merge in merges if merge.kind is kind})
                records = unit.of(kind).get_many(ids)
                hidden |= {(kind, id) for id, record in records.items() if not sees(actor, unit, record)}
                seen = Sight(actor, unit, self._now()).many(list(records.values()))
                names |= {(kind, record.id): record.name for record in seen}
            accounts = {merge.actor: unit.accounts.get(merge.actor) for merge in merges}
        return tuple(
            MergeLine(
                merge,
                names.get((merge.kind, merge.survivor_id), ""),
                merge.actor if (account := accounts[merge.actor]) is None else account.display_name,
            )
            for merge in merges
            if (merge.kind, merge.survivor_id) not in hidden
        )

    def _check(self, actor: Actor, unit: UnitOfWork, kind: EntityKind, one_id: str, other_id: str) -> None:
        pair = pair_of(unit, one_id, other_id, kind)
        if not (sees(actor, unit, pair.one) and sees(actor, unit, pair.other)):
            raise NotFound("identity.record_missing", one=one_id, other=other_id)

    def _pairs(self, actor: Actor, unit: UnitOfWork, decisions: Sequence[Decision]) -> Iterator[Pair]:
        sight = Sight(actor, unit, self._now())
        records: dict[EntityKind, dict[str, Entity]] = {}
        seen: dict[EntityKind, dict[str, Entity]] = {}
        works: dict[EntityKind, dict[str, int]] = {}
        for kind in MERGEABLE_KINDS:
            ids = sorted({id for item in decisions if item.kind is kind for id in item.pair})
            records[kind] = unit.of(kind).get_many(ids)
            seen[kind] = {record.id: record for record in sight.many(list(records[kind].values()))}
            works[kind] = unit.catalogue.n_works(kind, ids)
        for item in decisions:
            if seen[item.kind].keys() >= set(item.pair):
                yield _pair(item, records[item.kind], seen[item.kind], works[item.kind])


def _for(actor: Actor, unit: UnitOfWork, decisions: Sequence[Decision]) -> list[Decision]:
    """The pairs of which the actor may see both records."""
    if actor.reach.whole_city:
        return list(decisions)
    seen = unit.enterprises.ids_matching((), actor)
    return [item for item in decisions if item.kind is not EntityKind.ENTERPRISE or seen.issuperset(item.pair)]


def _key(decision: Decision) -> tuple[float, str, str, str]:
    """Key of the order in which decisions come."""
    return (-(decision.score or 0.0), decision.kind.value, *decision.pair)


def _undecided(kind: EntityKind, one_id: str, other_id: str, now: datetime) -> Decision:
    first, second = sorted((one_id, other_id))
    return Decision(
        kind=kind,
        first_id=first,
        second_id=second,
        score=None,
        signals=(),
        state=ProposalState.OPEN,
        found_at=now,
    )


def _pair(
    decision: Decision, records: Mapping[str, Entity], seen: Mapping[str, Entity], works: Mapping[str, int]
) -> Pair:
    first, second = (cast(Mergeable, records[id]) for id in decision.pair)
    better: Any = better_survivor(
        cast(Any, first), cast(Any, second), is_better=lambda record: is_valid_code(record.id)
    )
    other = second if better is first else first
    result = merged(better, cast(Any, other), {})
    differing = frozenset(differing_fields(first, second))
    fields = [
        _field(column, (first, second), (seen[first.id], seen[second.id]), result, differing)
        for column in columns_of(decision.kind).columns
    ]
    filled = [field for field in fields if field.first or field.second]
    return Pair(
        decision,
        seen[first.id],
        seen[second.id],
        tuple(sorted(filled, key=lambda field: not field.differs)),
        better.id,
        {id: works.get(id, 0) for id in decision.pair} if decision.kind is not EntityKind.ENTERPRISE else {},
    )


def _field(
    column: ColumnSpec,
    records: tuple[Entity, Entity],
    seen: tuple[Entity, Entity],
    result: Entity,
    differing: frozenset[str],
) -> PairField:
    name = column.field
    texts = ["" if (cell := column.render(getattr(record, name))) is None else str(cell) for record in seen]
    stays = tuple(record.id for record in records if getattr(record, name) == getattr(result, name))
    return PairField(
        name,
        column.header,
        texts[0],
        texts[1],
        name in differing,
        stays,
        name in differing and name not in PROTECTED and name not in {"id", "code"},
    )
