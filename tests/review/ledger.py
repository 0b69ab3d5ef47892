"""Many matches at once, written as rows: what figures and lists are measured on."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert

from recommender.domain.cases import Instalment, Pair, Subject
from recommender.domain.kinds import ContractType, EntityKind
from recommender.domain.workflow import CaseState, ReasonCode
from recommender.store import reach, tables
from recommender.store.address import Address
from recommender.store.engine import open_engine, writing

ROAD = (
    CaseState.CONFIRMED,
    CaseState.PUSHED,
    CaseState.ENTERPRISE_INTERESTED,
    CaseState.EXPERT_ACCEPTED,
    CaseState.CONTACT,
    CaseState.NEGOTIATION,
    CaseState.SIGNED,
    CaseState.IMPLEMENTATION,
    CaseState.COMPLETED,
)
ENDS = {
    CaseState.PUSHED: CaseState.ENTERPRISE_DECLINED,
    CaseState.ENTERPRISE_INTERESTED: CaseState.EXPERT_DECLINED,
    CaseState.CONTACT: CaseState.TERMINATED,
    CaseState.NEGOTIATION: CaseState.FAILED_BID,
}
"""How some matches end that come no further."""
REASONS = tuple(ReasonCode)
Row = dict[str, Any]


def fill(
    url: str, n_cases: int, needs: Sequence[tuple[str, str]], *, start: datetime, seed: int = 7
) -> list[Row]:
    """Store matches that each went some way, a few of them with a step taken back, some ended for a reason.

    Args:
        needs: ids of needs and codes of their enterprises.

    Returns:
        One row for each match: need, enterprise, officer, first times by state, amount.
    """
    draw = random.Random(seed)
    cases, steps, outcomes, funding, told = [], [], [], [], []
    number = 0
    for n in range(1, n_cases + 1):
        need, enterprise = needs[n % len(needs)]
        pair = Pair(EntityKind.NEED, need, EntityKind.EXPERT, f"ZJ-{n:06d}")
        officer = f"officer-{n % 40:02d}"
        at = start + timedelta(minutes=draw.randrange(500_000))
        state, version = CaseState.SUGGESTED, 1
        first: dict[CaseState, datetime] = {}
        for to in ROAD[: draw.randrange(1, len(ROAD) + 1)]:
            at += timedelta(hours=draw.randrange(1, 400))
            version, number = version + 1, number + 1
            step = _step(pair.id, officer, at, (state, to), version)
            steps.append({**step, "number": number, "undoes": None})
            if draw.random() < 0.02:
                taken_back = number
                version, number = version + 1, number + 1
                steps.append(
                    {**_step(pair.id, officer, at, (to, state), version), "number": number, "undoes": taken_back}
                )
                break
            state = to
            first[to] = at
        end = ENDS.get(state)
        if end is not None and draw.random() < 0.3:
            at += timedelta(hours=draw.randrange(1, 100))
            version, number = version + 1, number + 1
            step = _step(pair.id, officer, at, (state, end), version) | {"reason": draw.choice(REASONS)}
            steps.append({**step, "number": number, "undoes": None})
            state = end
        cases.append(_case(n, pair, (need, enterprise), officer, state=state, version=version, at=at))
        amount = None
        if CaseState.SIGNED in first:
            amount = float(draw.randrange(5, 300))
            outcomes.append(_outcome(n, amount))
            if draw.random() < 0.3:
                funding.append(_funding(n, first[CaseState.SIGNED].date(), amount))
        told.append(
            {
                "id": pair.id,
                "need": need,
                "enterprise": enterprise,
                "officer": officer,
                "first": first,
                "amount": amount,
            }
        )
    _store(url, {"match_case": cases, "workflow_step": steps, "case_outcome": outcomes, "case_funding": funding})
    return told


def _store(url: str, rows: dict[str, list[Row]]) -> None:
    engine = open_engine(Address.parse(url))
    with writing(engine).begin() as connection:
        for name, of_table in rows.items():
            table: Table = tables.Base.metadata.tables[name]
            for begin in range(0, len(of_table), 5000):
                connection.execute(insert(table), of_table[begin : begin + 5000])
        reach.rebuild(connection)
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def _step(id: str, officer: str, at: datetime, ends: tuple[CaseState, CaseState], version: int) -> Row:
    return {
        "subject": Subject.CASE,
        "subject_id": id,
        "actor": officer,
        "at": at,
        "from_state": ends[0].value,
        "to_state": ends[1].value,
        "version": version,
        "reason": None,
        "note": "",
        "by_system": False,
        "batch_id": "",
    }


def _case(
    number: int, pair: Pair, owner: tuple[str, str], officer: str, *, state: CaseState, version: int, at: datetime
) -> Row:
    return {
        "number": number,
        "id": pair.id,
        "source_kind": pair.source_kind,
        "source_id": pair.source_id,
        "target_kind": pair.target_kind,
        "target_id": pair.target_id,
        "need_id": owner[0],
        "enterprise_code": owner[1],
        "state": state,
        "version": version,
        "officer": officer,
        "claimed_by": "",
        "claimed_until": None,
        "due_at": at + timedelta(days=7),
        "due": "企业答复",
        "opened_at": at,
        "updated_at": at,
        "pushed_at": at,
    }


def _outcome(number: int, amount: float) -> Row:
    return {
        "case_number": number,
        "contract_kind": ContractType.SERVICE,
        "registration_number": "",
        "amount_wan": amount,
        "signed_on": date(2026, 1, 1),
        "completed_on": None,
    }


def _funding(number: int, paid_on: date, amount: float) -> Row:
    return {
        "case_number": number,
        "instalment": Instalment.FIRST,
        "paid_on": paid_on,
        "amount_wan": amount / 4,
        "enterprise_spending_wan": amount,
    }
