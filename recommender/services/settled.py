"""Whom sources are not suggested anew, read for nights and for single answers, and who may know of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from recommender.domain.accounts import Actor, Permission
from recommender.domain.kinds import EntityKind
from recommender.domain.match import ExclusionCode
from recommender.domain.settled import PairRecord, Settled, Source, settled_by_source
from recommender.store.unit_of_work import UnitOfWork


def settled_pairs(unit: UnitOfWork) -> dict[Source, tuple[Settled, ...]]:
    """Whom each source is not suggested anew: all of it read at once, whatever the number of sources."""
    return _settled(unit, unit.settled.all())


def settled_with(unit: UnitOfWork, kind: EntityKind, source_id: str) -> tuple[Settled, ...]:
    """Whom one source is not suggested anew."""
    return _settled(unit, unit.settled.of(kind, source_id)).get((kind, source_id), ())


def told_settled(actor: Actor, settled: Sequence[Settled]) -> tuple[Settled, ...]:
    """Those of whom the actor may know why: reviewers of all, others of what the enterprise did not want."""
    if actor.may(Permission.CASES_REVIEW):
        return tuple(settled)
    if not actor.may(Permission.CASES_READ):
        return ()
    return tuple(item for item in settled if item.why is ExclusionCode.UNWANTED)


def _settled(unit: UnitOfWork, records: Iterable[PairRecord]) -> dict[Source, tuple[Settled, ...]]:
    found = list(records)
    ids: defaultdict[EntityKind, set[str]] = defaultdict(set)
    for record in found:
        ids[record.pair.source_kind].add(record.pair.source_id)
        ids[record.pair.target_kind].add(record.pair.target_id)
    successors = {
        (kind, id): present
        for kind in sorted(ids)
        for id, present in unit.identity.resolve(kind, sorted(ids[kind])).items()
    }
    return settled_by_source(found, successors)
