"""Pairs that are settled: somebody has decided about them, so that they are not suggested anew.

One definition for nights, for what live matching leaves out, and for the queues of officers, whose SQL has a twin
of it in ``recommender/store/settled.py``. What officers do by hand is not asked of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from recommender.domain.cases import Pair
from recommender.domain.kinds import EntityKind
from recommender.domain.match import ExclusionCode
from recommender.domain.wishes import Stance
from recommender.domain.workflow import OPEN_CASE_STATES, UNREVIEWED_CASE_STATES, CaseState

Source = tuple[EntityKind, str]
"""Kind and id of who asks."""


@dataclass(frozen=True, slots=True, order=True)
class Settled:
    """Whom a source is not suggested anew.

    Attributes:
        kind, id: of the target.
        why: ``企业无意``, ``审核员已驳回``, ``已在对接`` or ``对接已结束``.
    """

    kind: EntityKind
    id: str
    why: ExclusionCode


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRecord:
    """What is decided and said of one pair.

    Attributes:
        state, decided_at: of its match and since when it is so; ``None`` where there is no match.
        stance, said_at: what its enterprise said last and when; ``None`` where it said nothing.
    """

    pair: Pair
    state: CaseState | None = None
    decided_at: datetime | None = None
    stance: Stance | None = None
    said_at: datetime | None = None

    @property
    def is_asked_again(self) -> bool:
        """Whether the enterprise asked for somebody after an officer had rejected it."""
        if self.state is not CaseState.REJECTED or self.stance is not Stance.WANTED:
            return False
        assert self.decided_at is not None
        assert self.said_at is not None
        return self.decided_at < self.said_at

    @property
    def settled_because(self) -> ExclusionCode | None:
        """Why it is not suggested anew, ``None`` where it may be."""
        if self.stance is Stance.UNWANTED:
            return ExclusionCode.UNWANTED
        if self.state is None or self.state in UNREVIEWED_CASE_STATES or self.is_asked_again:
            return None
        otherwise = ExclusionCode.UNDER_WAY if self.state in OPEN_CASE_STATES else ExclusionCode.ENDED
        return _BECAUSE.get(self.state, otherwise)


_BECAUSE: Final = {
    CaseState.ENTERPRISE_DECLINED: ExclusionCode.UNWANTED,
    CaseState.REJECTED: ExclusionCode.REJECTED,
}


def settled_by_source(
    records: Iterable[PairRecord], successors: Mapping[Source, str]
) -> dict[Source, tuple[Settled, ...]]:
    """Whom each source is not suggested anew, by kind and id; sources without anybody are left out.

    What was decided about a record that was merged into another holds for that one, unless something is decided
    or said of it under its own id.

    Args:
        records: of pairs.
        successors: kind and id of records that were merged away, with the id that answers for each now.
    """
    reasons: dict[Pair, ExclusionCode | None] = {}
    merged: list[tuple[Pair, PairRecord]] = []
    for record in records:
        present = _present(record.pair, successors)
        if present == record.pair:
            reasons[present] = record.settled_because
        else:
            merged.append((present, record))
    for present, record in sorted(merged, key=lambda item: item[1].pair.id):
        reasons.setdefault(present, record.settled_because)
    found: dict[Source, list[Settled]] = {}
    for pair, why in reasons.items():
        if why is not None:
            found.setdefault((pair.source_kind, pair.source_id), []).append(
                Settled(pair.target_kind, pair.target_id, why)
            )
    return {source: tuple(sorted(settled)) for source, settled in found.items()}


def _present(pair: Pair, successors: Mapping[Source, str]) -> Pair:
    source_id = successors.get((pair.source_kind, pair.source_id), pair.source_id)
    target_id = successors.get((pair.target_kind, pair.target_id), pair.target_id)
    return Pair(pair.source_kind, source_id, pair.target_kind, target_id)
