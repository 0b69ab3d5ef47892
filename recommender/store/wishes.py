"""What enterprises say of whom they were shown: lines are added, the last one of a pair counts."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    delete,
    exists,
    literal,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain.cases import Decision, Pair, Shown, Subject, Transition
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.domain.wishes import Stance, Wish
from recommender.domain.workflow import CaseState
from recommender.store import tables
from recommender.store.conditions import among
from recommender.store.mapping import MAPPINGS, NEEDS
from recommender.store.part import UnitPart
from recommender.store.values import check_row, chunks, is_storable

WISHES: Final[Table] = tables.Base.metadata.tables["wish"]
_C: Final = WISHES.c
_CHUNK: Final = 1000
_PAIR: Final = tuple(field.name for field in fields(Pair))
_PLAIN: Final = ("stance", "version", "reason", "note", "actor", "at", "undoes")
_SHOWN: Final = {field.name: field.name for field in fields(Shown)} | {
    "snapshot_id": "snapshot",
    "encoder_id": "encoder",
    "reason": "shown_reason",
}
"""Column of each part of what was shown."""
_STATES: Final = {Stance.WANTED: CaseState.ENTERPRISE_INTERESTED, Stance.UNWANTED: CaseState.ENTERPRISE_DECLINED}
_TARGETS: Final = {mapping.kind: mapping for mapping in MAPPINGS.values() if mapping.kind in SUPPLY_KINDS}


def said_of(columns: Any, *stances: Stance) -> ColumnElement[bool]:
    """Whether one of these was said last of the pair in a row of suggestions."""
    own = (_C.source_id == columns.source_id, _C.source_kind == columns.source_kind)
    other = (_C.target_kind == columns.target_kind, _C.target_id == columns.target_id)
    return exists(select(literal(1)).where(*own, *other, _C.is_current, _C.stance.in_(sorted(stances))))


class WishRepository(UnitPart):
    """Wishes by pair. In a unit that writes, what is returned of one pair stays locked."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def get(self, pair: Pair) -> Wish:
        """What was said last of a pair; at version 0 where nothing ever was."""
        if not is_storable(pair.id):
            return Wish(pair=pair)
        statement = select(WISHES).where(_C.pair_id == pair.id, _C.is_current)
        row = self._connection.execute(statement.with_for_update() if self._writable else statement).one_or_none()
        return Wish(pair=pair) if row is None else wish_of(row)

    def of_pairs(self, pairs: Sequence[Pair]) -> dict[str, Wish]:
        """What was said last, by id of the pair; those of whom nothing is said are left out."""
        found: dict[str, Wish] = {}
        for chunk in chunks(sorted({pair.id for pair in pairs if is_storable(pair.id)}), _CHUNK):
            own = among(_C.pair_id, chunk, self._connection.dialect)
            statement = select(WISHES).where(own, _C.is_current, _C.stance.is_not(None))
            found.update((row.pair_id, wish_of(row)) for row in self._connection.execute(statement))
        return found

    def of_needs(self, need_ids: Sequence[str]) -> list[Wish]:
        """What was said last of everybody for these needs, latest first; what was taken back is left out."""
        found: list[Wish] = []
        for chunk in chunks(sorted(set(filter(is_storable, need_ids))), _CHUNK):
            own = (among(_C.source_id, chunk, self._connection.dialect), _C.source_kind == EntityKind.NEED)
            statement = select(WISHES).where(*own, _C.is_current, _C.stance.is_not(None))
            found += self._load(statement.order_by(_C.at.desc(), _C.number.desc()))
        return found

    def of_enterprise(self, code: str) -> list[Wish]:
        """The same for all needs of an enterprise."""
        if not code or not is_storable(code):
            return []
        owned = WISHES.join(NEEDS.table, and_(NEEDS.key == _C.source_id, NEEDS.table.c.enterprise_code == code))
        says = (_C.is_current, _C.stance.is_not(None), _C.source_kind == EntityKind.NEED)
        statement = select(*WISHES.c).select_from(owned).where(*says)
        return self._load(statement.order_by(_C.at.desc(), _C.number.desc()))

    def history(self, pair: Pair) -> list[Wish]:
        """Everything that was said of a pair, first to last."""
        return self._load(select(WISHES).where(_C.pair_id == pair.id).order_by(_C.version))

    def naming(self, kind: EntityKind, id: str) -> list[Wish]:
        """Everything that was said of a record, first to last."""
        own = (_C.target_kind == kind, _C.target_id == id)
        return self._load(select(WISHES).where(*own).order_by(_C.number))

    def put(self, wish: Wish) -> bool:
        """Add a line after the one before it; whether it still was the last: somebody may have been faster.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        row = _row(wish)
        check_row(row, kind="意向", id=wish.pair.id)
        if wish.version > 1:
            last = and_(_C.pair_id == wish.pair.id, _C.is_current, _C.version == wish.version - 1)
            if self._connection.execute(update(WISHES).where(last).values(is_current=False)).rowcount != 1:
                return False
        dialect: Any = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(WISHES).on_conflict_do_nothing().returning(_C.number)
        return self._connection.execute(statement, row).first() is not None

    def repoint(self, wish: Wish, pair: Pair) -> bool:
        """Let what was said of one pair count for another; whether nothing was said of that before."""
        self._require_write()
        if self._connection.execute(select(_C.number).where(_C.pair_id == pair.id).limit(1)).first() is not None:
            return False
        values = asdict(pair) | {"pair_id": pair.id}
        self._connection.execute(update(WISHES).where(_C.pair_id == wish.pair.id).values(values))
        return True

    def gone(self, limit: int) -> list[Wish]:
        """Wishes that still say something, one side of which is no longer in the library."""
        says = (_C.is_current, _C.stance.is_not(None))
        there = exists(select(literal(1)).where(NEEDS.key == _C.source_id))
        lost: list[ColumnElement[bool]] = [not_(there)]
        for kind, mapping in sorted(_TARGETS.items()):
            target = exists(select(literal(1)).where(mapping.key == _C.target_id))
            lost.append(and_(_C.target_kind == kind, not_(target)))
        return self._load(select(WISHES).where(*says, or_(*lost)).order_by(_C.number).limit(limit))

    def decisions(self) -> Iterator[Decision]:
        """What was said last of every pair, as a step of its match, with what was shown, first to last."""
        owned = WISHES.outerjoin(NEEDS.table, NEEDS.key == _C.source_id)
        statement = select(WISHES, NEEDS.table.c.enterprise_code).select_from(owned)
        for row in self._connection.execute(
            statement.where(_C.is_current, _C.stance.is_not(None)).order_by(_C.number)
        ):
            wish = wish_of(row)
            assert wish.stance is not None
            assert wish.at is not None
            step = Transition(
                subject=Subject.CASE,
                subject_id=wish.pair.id,
                actor=wish.actor,
                at=wish.at,
                from_state=CaseState.SUGGESTED,
                to_state=_STATES[wish.stance],
                version=0,
                reason=wish.reason,
                note=wish.note,
            )
            yield Decision(
                case_id=wish.pair.id,
                pair=wish.pair,
                enterprise_code=row.enterprise_code or "",
                officer="",
                step=step,
                shown=wish.shown,
            )

    def _load(self, statement: Select[Any]) -> list[Wish]:
        return [wish_of(row) for row in self._connection.execute(statement)]


def forget(connection: Connection, kind: EntityKind, ids: Sequence[str]) -> int:
    """Delete everything that was said of these records; how many lines there were."""
    return connection.execute(delete(WISHES).where(_C.target_kind == kind, _C.target_id.in_(ids))).rowcount


def wish_of(row: Row[Any], prefix: str = "") -> Wish:
    """The wish of a row with all columns of the table."""
    values = {column.name: row._mapping[f"{prefix}{column.name}"] for column in _C}
    shown = None
    if values["position"] is not None:
        parts = {name: values[column] for name, column in _SHOWN.items()}
        parts |= {name: parts[name] or "" for name in ("run_id", "snapshot_id", "encoder_id", "reason")}
        parts |= {"parts": parts["parts"] or {}, "evidence_ids": tuple(parts["evidence_ids"] or ())}
        shown = Shown(**parts | {"configuration_hash": parts["configuration_hash"] or ""})
    pair = Pair(*(values[name] for name in _PAIR))
    return Wish(pair=pair, shown=shown, **{name: values[name] for name in _PLAIN})


def _row(wish: Wish) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(wish, name) for name in _PLAIN} | asdict(wish.pair)
    row |= {"pair_id": wish.pair.id, "is_current": True}
    row |= dict.fromkeys(_SHOWN.values())
    if wish.shown is not None:
        row |= {column: getattr(wish.shown, name) for name, column in _SHOWN.items()}
        row["evidence_ids"] = list(wish.shown.evidence_ids)
    return row
