"""What is decided and said of pairs, and which of them are not suggested anew."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    and_,
    exists,
    literal,
    not_,
    null,
    or_,
    select,
    union_all,
)

from recommender.domain.cases import Pair
from recommender.domain.kinds import EntityKind
from recommender.domain.settled import PairRecord
from recommender.domain.wishes import Stance
from recommender.domain.workflow import UNREVIEWED_CASE_STATES, CaseState
from recommender.store.case_list_parts import same_pair
from recommender.store.cases import CASES
from recommender.store.wishes import WISHES, said_of

_CASE: Final = CASES.c
_WISH: Final = WISHES.c
_PAIR: Final = tuple(field.name for field in fields(Pair))


class SettledReader:
    """Reads pairs on which somebody has decided, or of which an enterprise said that it does not want them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Iterator[PairRecord]:
        """Every pair with a match, and every one that is not wanted, in one statement."""
        return self._load(lambda _: ())

    def of(self, kind: EntityKind, source_id: str) -> Iterator[PairRecord]:
        """Those of one source."""
        return self._load(lambda columns: (columns.source_kind == kind, columns.source_id == source_id))

    def _load(self, conditions: Callable[[Any], tuple[ColumnElement[bool], ...]]) -> Iterator[PairRecord]:
        for row in self._connection.execute(_statement(conditions)):
            yield PairRecord(
                pair=Pair(*row[: len(_PAIR)]),
                state=row.state,
                decided_at=row.decided_at,
                stance=row.stance,
                said_at=row.said_at,
            )


def suggestible(suggestion: Any, source: EntityKind) -> ColumnElement[bool]:
    """Whether a row of suggestions, beside its match, is not settled: twin of :mod:`recommender.domain.settled`.

    Args:
        suggestion: columns of the row.
        source: the kind that the rows are for; wishes are of needs alone.
    """
    if source is not EntityKind.NEED:
        return _undecided()
    said = (*same_pair(_WISH, suggestion), _WISH.is_current, _WISH.stance == Stance.WANTED)
    again = exists(select(literal(1)).where(*said, asked_again()).correlate_except(WISHES))
    return and_(or_(_undecided(), again), not_(said_of(suggestion, Stance.UNWANTED)))


def suggestible_unasked(suggestion: Any) -> ColumnElement[bool]:
    """The same of needs without what was asked for, at the price of one look-up."""
    return and_(_undecided(), not_(said_of(suggestion, *Stance)))


def asked_again() -> ColumnElement[bool]:
    """Whether a wish was said after an officer had rejected its pair."""
    return and_(_CASE.state == CaseState.REJECTED, _CASE.updated_at < _WISH.at)


def _undecided() -> ColumnElement[bool]:
    return or_(_CASE.id.is_(None), _CASE.state.in_(sorted(UNREVIEWED_CASE_STATES)))


def _statement(conditions: Callable[[Any], tuple[ColumnElement[bool], ...]]) -> CompoundSelect[Any]:
    said = and_(*same_pair(_CASE, _WISH), _WISH.is_current)
    decided = select(
        *(_CASE[name] for name in _PAIR),
        _CASE.state,
        _CASE.updated_at.label("decided_at"),
        _WISH.stance,
        _WISH.at.label("said_at"),
    ).select_from(CASES.outerjoin(WISHES, said))
    unopened = not_(exists(select(literal(1)).where(*same_pair(_CASE, _WISH)).correlate_except(CASES)))
    refused = select(
        *(_WISH[name] for name in _PAIR),
        null().label("state"),
        null().label("decided_at"),
        _WISH.stance,
        _WISH.at.label("said_at"),
    ).where(_WISH.is_current, _WISH.stance == Stance.UNWANTED, unopened)
    return union_all(decided.where(*conditions(_CASE)), refused.where(*conditions(_WISH)))
