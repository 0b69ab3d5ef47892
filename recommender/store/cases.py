"""Matches under way, by id."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, and_, exists, func, literal, not_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain.accounts import Actor
from recommender.domain.cases import Case, Decision, Pair, Shown, Subject
from recommender.domain.kinds import EntityKind
from recommender.domain.workflow import AGREED_CASE_STATES, ASKED_CASE_STATES, RUNNING_CASE_STATES, CaseState
from recommender.store import case_visibility, tables, timeline
from recommender.store.conditions import among
from recommender.store.mapping import MAPPINGS
from recommender.store.part import UnitPart
from recommender.store.standing import STEPS, joined_undoing
from recommender.store.values import check_row, chunks, is_storable

CASES: Final[Table] = tables.Base.metadata.tables["match_case"]
_CHUNK: Final = 2000
_DECISIONS_AT_ONCE: Final = 2000
_NAMES: Final = tuple(column.name for column in CASES.c)
_PAIR: Final = tuple(field.name for field in fields(Pair))
_PLAIN: Final = (
    "id",
    "need_id",
    "enterprise_code",
    "state",
    "version",
    "officer",
    "claimed_by",
    "claimed_until",
    "due_at",
    "due",
    "opened_at",
    "updated_at",
    "pushed_at",
)
_MAPPINGS: Final = {mapping.kind: mapping for mapping in MAPPINGS.values() if mapping.kind is not None}


class CaseRepository(UnitPart):
    """Matches on which somebody has acted. In a unit that writes, what is returned by id stays locked."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def get(self, id: str) -> Case | None:
        """The match with that id; where there is none, the one of the pair that the id names, or ``None``."""
        return self.get_many([id]).get(id)

    def get_many(self, ids: Sequence[str]) -> dict[str, Case]:
        """The matches by the ids asked for, ascending; absent ones are left out."""
        found: dict[str, Case] = {}
        wanted = sorted({id for id in ids if is_storable(id)})
        for chunk in chunks(wanted, _CHUNK):
            statement = select(CASES).where(among(CASES.c.id, chunk, self._connection.dialect))
            rows = self._connection.execute(self._locked(statement.order_by(CASES.c.id)))
            found.update((row.id, case_of(row)) for row in rows)
        for id in wanted:
            pair = None if id in found else Pair.parse(id)
            case = None if pair is None else self.of_pair(pair)
            if case is not None:
                found[id] = case
        return found

    def of_pair(self, pair: Pair) -> Case | None:
        """The match of a source with a target, or ``None``."""
        own = and_(*(CASES.c[name] == getattr(pair, name) for name in _PAIR))
        row = self._connection.execute(self._locked(select(CASES).where(own))).one_or_none()
        return None if row is None else case_of(row)

    def is_for(self, actor: Actor, case: Case) -> bool:
        """Whether a match, stored or not, is for the actor; see :func:`case_visibility.case_visible`."""
        return case_visibility.sees_case(self._connection, actor, case)

    def of_need(self, need_id: str, states: Sequence[CaseState]) -> list[Case]:
        """The matches of a need in these states, by id."""
        statement = select(CASES).where(CASES.c.need_id == need_id, CASES.c.state.in_(states))
        return [case_of(row) for row in self._connection.execute(self._locked(statement.order_by(CASES.c.id)))]

    def open(self, case: Case) -> bool:
        """Record a match at version 1; whether it is new: another may have been first.

        Raises:
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        row = _row(case)
        check_row(row, kind="对接", id=case.id)
        dialect: Any = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(CASES).on_conflict_do_nothing().returning(CASES.c.number)
        return self._connection.execute(statement, row).first() is not None

    def put(self, case: Case, *, before: int) -> bool:
        """Record how a match stands now, if it is still at version ``before``; whether it was."""
        self._require_write()
        row = _row(case)
        check_row(row, kind="对接", id=case.id)
        own = and_(CASES.c.id == case.id, CASES.c.version == before)
        return self._connection.execute(update(CASES).where(own).values(row)).rowcount == 1

    def number(self, id: str) -> int:
        """What rows elsewhere call the match; it must be there."""
        return int(self._connection.execute(select(CASES.c.number).where(CASES.c.id == id)).scalar_one())

    def n_running_by_expert(self, ids: Sequence[str] | None = None) -> dict[str, int]:
        """How many running matches take a place of each expert, of those named; who has none is left out."""
        running = and_(CASES.c.target_kind == EntityKind.EXPERT, CASES.c.state.in_(RUNNING_CASE_STATES))
        if ids is not None:
            running = and_(running, among(CASES.c.target_id, ids, self._connection.dialect))
        statement = select(CASES.c.target_id, func.count().label("n")).where(running).group_by(CASES.c.target_id)
        return {row.target_id: row.n for row in self._connection.execute(statement)}

    def n_running(self, expert_id: str, *, but: str = "") -> int:
        """How many running matches take a place of an expert, that with the id ``but`` apart."""
        own = (CASES.c.target_kind == EntityKind.EXPERT, CASES.c.target_id == expert_id, CASES.c.id != but)
        statement = select(func.count()).where(*own, CASES.c.state.in_(RUNNING_CASE_STATES))
        return self._connection.execute(statement).scalar_one()

    def n_asked(self, kind: EntityKind, id: str, *, but: str = "") -> int:
        """How many matches wait for an answer about a target, that with the id ``but`` apart."""
        own = (CASES.c.target_kind == kind, CASES.c.target_id == id, CASES.c.id != but)
        statement = select(func.count()).where(*own, CASES.c.state.in_(sorted(ASKED_CASE_STATES)))
        return self._connection.execute(statement).scalar_one()

    def n_by_state(self, need_id: str, *, but: str = "") -> dict[CaseState, int]:
        """How many matches of a need stand in each state, in their order, that with the id ``but`` apart."""
        statement = select(CASES.c.state, func.count().label("n")).where(CASES.c.need_id == need_id)
        rows = self._connection.execute(statement.where(CASES.c.id != but).group_by(CASES.c.state))
        found = {row.state: int(row.n) for row in rows}
        return {state: found[state] for state in CaseState if state in found}

    def agreed(self, enterprise_code: str, expert_id: str) -> Case | None:
        """A match of the two to which both sides have said yes, the latest; ``None`` where there is none."""
        own = (
            CASES.c.enterprise_code == enterprise_code,
            CASES.c.target_kind == EntityKind.EXPERT,
            CASES.c.target_id == expert_id,
            CASES.c.state.in_(AGREED_CASE_STATES),
        )
        row = self._connection.execute(
            select(CASES).where(*own).order_by(CASES.c.updated_at.desc(), CASES.c.number.desc()).limit(1)
        ).one_or_none()
        return None if row is None or not enterprise_code else case_of(row)

    def naming(self, kind: EntityKind, id: str) -> list[Case]:
        """Every match whose source or target is this record, by id."""
        source = and_(CASES.c.source_kind == kind, CASES.c.source_id == id)
        target = and_(CASES.c.target_kind == kind, CASES.c.target_id == id)
        statement = select(CASES).where(source | target).order_by(CASES.c.id)
        return [case_of(row) for row in self._connection.execute(statement)]

    def overdue(self, state: CaseState, now: datetime, limit: int) -> list[str]:
        """Ids of matches in a state whose time is over, longest first."""
        statement = select(CASES.c.id).where(CASES.c.state == state, CASES.c.due_at <= now)
        return list(
            self._connection.execute(statement.order_by(CASES.c.due_at, CASES.c.id).limit(limit)).scalars()
        )

    def claims_over(self, now: datetime, limit: int) -> list[str]:
        """Ids of matches whose claim has run out."""
        statement = select(CASES.c.id).where(CASES.c.claimed_until <= now).order_by(CASES.c.id).limit(limit)
        return list(self._connection.execute(statement).scalars())

    def gone(self, states: Sequence[CaseState], limit: int) -> list[str]:
        """Ids of matches in these states whose source or target is no longer in the library."""
        found: list[str] = []
        for kind, mapping in sorted(_MAPPINGS.items()):
            for side in ("source", "target"):
                there = exists(select(literal(1)).where(mapping.key == CASES.c[f"{side}_id"]))
                of_kind = and_(CASES.c[f"{side}_kind"] == kind, CASES.c.state.in_(states), not_(there))
                found += self._connection.execute(select(CASES.c.id).where(of_kind).limit(limit)).scalars()
        return sorted(set(found))[:limit]

    def decisions(self, after: int = 0) -> Iterator[Decision]:
        """Every step of a match that a person took and nobody took back, with what was shown, first to last.

        Args:
            after: number of the step to go on after.
        """
        case_columns = [column.label(f"case_{column.name}") for column in CASES.c]
        joined = joined_undoing().join(CASES, CASES.c.id == STEPS.c.subject_id)
        statement = (
            select(*case_columns, *timeline.step_columns("step_"))
            .select_from(joined)
            .where(
                STEPS.c.subject == Subject.CASE,
                STEPS.c.by_system.is_(False),
                STEPS.c.undoes.is_(None),
            )
            .order_by(STEPS.c.number)
            .limit(_DECISIONS_AT_ONCE)
        )
        rows = self._connection.execute(statement.where(STEPS.c.number > after)).all()
        while rows:
            for row in rows:
                decision = _decision(row)
                if decision.step.undone_by is None:
                    yield decision
            last = rows[-1].step_number
            rows = self._connection.execute(statement.where(STEPS.c.number > last)).all()

    def _locked(self, statement: Select[Any]) -> Select[Any]:
        return statement.with_for_update() if self._writable else statement


def case_of(row: Row[Any], prefix: str = "") -> Case:
    """The match of a row with all columns of the table."""
    values = {name: row._mapping[f"{prefix}{name}"] for name in _NAMES}
    shown = None
    if values["run_id"]:
        shown = Shown(
            run_id=values["run_id"],
            snapshot_id=values["snapshot"] or "",
            encoder_id=values["encoder"] or "",
            configuration_hash=values["configuration_hash"] or "",
            position=values["position"],
            score=values["score"],
            parts=values["parts"] or {},
            reason=values["reason"] or "",
            evidence_ids=tuple(values["evidence_ids"] or ()),
            propensity=values["propensity"],
        )
    pair = Pair(*(values[name] for name in _PAIR))
    return Case(pair=pair, shown=shown, **{name: values[name] for name in _PLAIN})


def _row(case: Case) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(case, name) for name in _PLAIN} | asdict(case.pair)
    if case.shown is None:
        return row
    shown = asdict(case.shown)
    shown |= {"snapshot": shown.pop("snapshot_id"), "encoder": shown.pop("encoder_id")}
    return row | shown | {"evidence_ids": list(case.shown.evidence_ids)}


def _decision(row: Row[Any]) -> Decision:
    case = case_of(row, "case_")
    return Decision(
        case_id=case.id,
        pair=case.pair,
        enterprise_code=case.enterprise_code,
        officer=case.officer,
        step=timeline.steps_of(row, "step_"),
        shown=case.shown,
    )
