"""Use-cases of probable duplicates: look at them side by side, say that two are different."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from recommender.domain.entities import Entity, Record
from recommender.domain.errors import InvalidInput
from recommender.domain.identity import MERGEABLE_KINDS, Decision, ProposalState
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.match import AuditEntry
from recommender.exchange.columns import TableKind
from recommender.exchange.suspects import Suspect
from recommender.services.duplicate_search import search
from recommender.services.record_pairs import FieldPair, compared_fields, pair_of, with_names
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A pair with both records.

    Attributes:
        first, second: with their names, everything else about persons masked.
        fields: those in which they differ, as a person reads them; contact data are masked.
    """

    decision: Decision
    first: Entity
    second: Entity
    fields: tuple[FieldPair, ...]


class DuplicateService:
    """Shows pairs of records that are probably one, and keeps what people say about them."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def proposals(
        self, kind: EntityKind | None = None, *, state: ProposalState | None = ProposalState.OPEN
    ) -> tuple[SideBySide, ...]:
        """Pairs with their records side by side, most likely first.

        Pairs of which a record is gone since they were found are left out.

        Raises:
            InvalidInput: a kind whose records are not merged.
        """
        if kind is not None:
            check_kind(kind)
        with self._database.read() as unit:
            decisions = unit.duplicates.decisions(kind, state=state)
            records = _records(unit, decisions)
        shown = []
        for decision in decisions:
            first, second = (records[decision.kind].get(id) for id in decision.pair)
            if first is not None and second is not None:
                fields = compared_fields(first, second)
                shown.append(SideBySide(decision, with_names(first), with_names(second), fields))
        return tuple(shown)

    def reject(self, one_id: str, other_id: str, *, actor: str, kind: EntityKind | None = None) -> Decision:
        """Keep that two records are different; the pair is not proposed again.

        Raises:
            InvalidInput: both ids are one, or are found in several kinds.
            NotFound: no kind has both.
        """
        now = self._now()
        with self._database.write() as unit:
            pair = pair_of(unit, one_id, other_id, kind)
            decision = unit.duplicates.reject(pair.kind, one_id, other_id, at=now, by=actor)
            action, target = f"identity:{pair.kind}:reject", "|".join(decision.pair)
            unit.audit.append(AuditEntry(at=now, actor=actor, action=action, target=target, detail={}))
        return decision


def check_kind(kind: EntityKind) -> None:
    """Refuse kinds whose records are not merged.

    Raises:
        InvalidInput: names those that are.
    """
    if kind not in MERGEABLE_KINDS:
        allowed = "、".join(f"{item.value}（{KIND_LABELS[item]}）" for item in MERGEABLE_KINDS)
        raise InvalidInput("identity.kind_not_mergeable", kind=KIND_LABELS[kind], allowed=allowed)


def _records(unit: UnitOfWork, decisions: Sequence[Decision]) -> Mapping[EntityKind, Mapping[str, Entity]]:
    found = {}
    for kind in MERGEABLE_KINDS:
        ids = {id for decision in decisions if decision.kind is kind for id in decision.pair}
        found[kind] = unit.of(kind).get_many(sorted(ids))
    return found


_KINDS_OF_FILES: Mapping[TableKind, EntityKind] = {
    TableKind.ENTERPRISES: EntityKind.ENTERPRISE,
    TableKind.EXPERTS: EntityKind.EXPERT,
    TableKind.PLATFORMS: EntityKind.PLATFORM,
}


class LibrarySuspects:
    """Finds stored records that new ones of a file may repeat under another id."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    def find(self, kind: TableKind, records: Sequence[Record]) -> Mapping[str, Sequence[Suspect]]:
        """Suspects of each new record by its id, most likely first; records without any are left out."""
        entity_kind = _KINDS_OF_FILES.get(kind)
        if entity_kind is None or not records:
            return {}
        new = {record.id: record for record in records}
        proposals = search(self._unit, entity_kind, beside=records, among=new.keys())
        decisions = self._unit.duplicates.decisions(entity_kind, state=ProposalState.REJECTED)
        rejected = {decision.pair for decision in decisions}
        pairs = [proposal for proposal in proposals if proposal.pair not in rejected]
        others = sorted({id for pair in pairs for id in pair.pair} - new.keys())
        names = {id: entity.name for id, entity in self._unit.of(entity_kind).get_many(others).items()}
        names |= {id: str(getattr(record, "name", "")) for id, record in new.items()}
        found: dict[str, list[Suspect]] = {}
        for proposal in pairs:
            why = "；".join(item.text for item in proposal.signals if item.weight > 0)
            for own, other in (proposal.pair, proposal.pair[::-1]):
                if own in new:
                    found.setdefault(own, []).append(Suspect(other, names[other], why))
        return found
