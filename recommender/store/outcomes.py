"""What came of matches: contract, milestones, evaluations, funding."""

from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain.cases import Contract, Evaluation, Funding, Milestone, Outcome
from recommender.store import tables
from recommender.store.part import UnitPart
from recommender.store.values import check_row

OUTCOMES: Final[Table] = tables.Base.metadata.tables["case_outcome"]
FUNDING: Final[Table] = tables.Base.metadata.tables["case_funding"]
_MILESTONES: Final[Table] = tables.Base.metadata.tables["case_milestone"]
_EVALUATIONS: Final[Table] = tables.Base.metadata.tables["case_evaluation"]


class OutcomeRepository(UnitPart):
    """Outcomes by number of the match (:meth:`recommender.store.cases.CaseRepository.number`)."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def get(self, case: int) -> Outcome:
        """Everything that came of a match; empty where nothing did."""
        row = self._connection.execute(select(OUTCOMES).where(OUTCOMES.c.case_number == case)).one_or_none()
        contract = None
        if row is not None and row.contract_kind is not None:
            contract = Contract(
                kind=row.contract_kind,
                signed_on=row.signed_on,
                registration_number=row.registration_number,
                amount_wan=row.amount_wan,
            )
        return Outcome(
            contract=contract,
            completed_on=None if row is None else row.completed_on,
            milestones=tuple(Milestone(**values) for values in self._rows(_MILESTONES, case, "number")),
            evaluations=tuple(Evaluation(**values) for values in self._rows(_EVALUATIONS, case, "side")),
            funding=tuple(Funding(**values) for values in self._rows(FUNDING, case, "paid_on")),
        )

    def sign(self, case: int, contract: Contract) -> None:
        """Record the contract, or correct it.

        Raises:
            InvalidData: a value cannot be stored.
        """
        values = asdict(contract)
        self._put(OUTCOMES, ["case_number"], {"case_number": case, "contract_kind": values.pop("kind"), **values})

    def complete(self, case: int, on: date | None) -> None:
        """Record when the contract was fulfilled; ``None`` takes that back."""
        self._put(OUTCOMES, ["case_number"], {"case_number": case, "registration_number": "", "completed_on": on})

    def forget_contract(self, case: int) -> None:
        """Take a contract back, with the step that recorded it."""
        self._require_write()
        self._connection.execute(delete(OUTCOMES).where(OUTCOMES.c.case_number == case))

    def add_milestone(self, case: int, milestone: Milestone) -> int:
        """Add a milestone; its number within the match."""
        self._require_write()
        last = select(func.coalesce(func.max(_MILESTONES.c.number), 0)).where(_MILESTONES.c.case_number == case)
        number = int(self._connection.execute(last).scalar_one()) + 1
        row = {**asdict(milestone), "case_number": case, "number": number}
        check_row(row, kind="里程碑", id=str(number))
        self._connection.execute(insert(_MILESTONES), row)
        return number

    def put_milestone(self, case: int, milestone: Milestone) -> bool:
        """Change a milestone; whether it is there."""
        self._require_write()
        row = asdict(milestone)
        check_row(row, kind="里程碑", id=str(milestone.number))
        own = (_MILESTONES.c.case_number == case, _MILESTONES.c.number == milestone.number)
        return self._connection.execute(update(_MILESTONES).where(*own).values(row)).rowcount == 1

    def evaluate(self, case: int, evaluation: Evaluation) -> None:
        """Record one side's judgement, or change it."""
        self._put(_EVALUATIONS, ["case_number", "side"], {"case_number": case, **asdict(evaluation)})

    def pay(self, case: int, funding: Funding) -> None:
        """Record one instalment, or correct it."""
        self._put(FUNDING, ["case_number", "instalment"], {"case_number": case, **asdict(funding)})

    def _put(self, table: Table, key: list[str], row: dict[str, Any]) -> None:
        self._require_write()
        check_row(row, kind="对接结果", id=str(row["case_number"]))
        dialect: Any = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(table)
        kept = {"registration_number"} if "completed_on" in row else set()
        changed = {name: statement.excluded[name] for name in row if name not in {*key, *kept}}
        self._connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), row)

    def _rows(self, table: Table, case: int, order: str) -> list[dict[str, Any]]:
        columns = [column for column in table.c if column.name != "case_number"]
        statement = (
            select(*columns).where(table.c.case_number == case).order_by(table.c[order], *table.primary_key)
        )
        return [dict(row._mapping) for row in self._connection.execute(statement)]
