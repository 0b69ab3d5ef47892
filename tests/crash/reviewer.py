"""A reviewer who does at random what reviewers do, and writes down what was acknowledged.

Run as ``python -m tests.crash.reviewer URL NUMBER N_ACTIONS N_ALL FILE``, or on threads by :func:`review`.
"""

import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from recommender.domain.accounts import GRANTS, Actor, Reach, Role
from recommender.domain.cases import Case
from recommender.domain.errors import Conflict, MatchmakerError
from recommender.domain.workflow import CaseState, ReasonCode
from recommender.services.review.cases import CaseDetail, Choice
from recommender.services.review.options import ReviewSettings
from recommender.store import Database
from tests.review.city import Desk, contract, pair

WINDOW = 15
"""Matches that are worked on at a time: few enough for eight reviewers to be in each other's way."""

BATCH = 4
ACTIONS_A_MATCH = 12
"""After so many most matches have come to an end."""


def ids_for(n_actions: int) -> list[str]:
    """The matches that so many actions are about."""
    n = max(WINDOW, n_actions // ACTIONS_A_MATCH)
    return [pair("XQ-1", f"R-{number:04d}").id for number in range(n)]


@dataclass
class Account:
    """What one reviewer was told.

    Attributes:
        decided: id, version after it and new state of every step that was acknowledged.
        refused: how often, by code.
        failed: what a client must never see, as text.
        seconds: of every action that changed something or tried to.
    """

    actor: str
    decided: list[tuple[str, int, str]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def review(database: Database, number: int, n_actions: int, ids: list[str]) -> Account:
    """Do that many actions on these matches, the first ones first."""
    actor = Actor(
        id=f"reviewer-{number}",
        role=Role.OFFICER,
        permissions=GRANTS[Role.OFFICER],
        reach=Reach(whole_city=True),
    )
    # Claims that run out while others wait for them.
    desk = Desk(database, settings=ReviewSettings(claim=timedelta(milliseconds=300)))
    account = Account(actor.id)
    draw = random.Random(number)
    for n in range(n_actions):
        begin = (len(ids) - WINDOW) * n // n_actions
        window = ids[begin : begin + WINDOW]
        desk.clock.at = _now()
        began = time.perf_counter()
        try:
            done = _act(desk, actor, draw, window)
        except Conflict as error:
            account.refused[error.code] += 1
        except MatchmakerError as error:
            account.failed.append(f"{type(error).__name__} {error.code}: {error}")
        except Exception as error:  # whatever it is, no client may see it
            account.failed.append(f"{type(error).__name__}: {error}")
        else:
            account.decided += [(case.id, case.version, case.state.value) for case in done]
        account.seconds.append(time.perf_counter() - began)
    return account


def _act(desk: Desk, actor: Actor, draw: random.Random, ids: list[str]) -> list[Case]:
    """One action on what was just looked at; somebody else may have been faster since."""
    detail = desk.cases.get(actor, draw.choice(ids))
    case = detail.case
    match draw.choices(["decide", "claim", "release", "undo", "batch"], [60, 12, 6, 12, 10])[0]:
        case "claim":
            desk.cases.claim(actor, case.id, version=case.version)
        case "release":
            desk.cases.release(actor, case.id, version=case.version)
        case "undo":
            return [desk.undo.undo_case(actor, case.id, version=case.version)]
        case "batch":
            chosen = [desk.cases.get(actor, id).case for id in draw.sample(ids, BATCH)]
            choice = Choice(to=CaseState.REJECTED, reason=ReasonCode.DUPLICATE)
            batch, cases = desk.cases.decide_many(actor, [(each.id, each.version) for each in chosen], choice)
            return [*cases, *(desk.undo.undo_batch(actor, batch) if draw.random() < 0.8 else [])]
        case _:
            return _decide(desk, actor, draw, detail)
    return []


def _decide(desk: Desk, actor: Actor, draw: random.Random, detail: CaseDetail) -> list[Case]:
    known = [step for step in detail.steps if step.target is not CaseState.EVALUATED]
    if not known:
        # A match at its end, or in somebody's hands: what is tried is refused.
        anything = Choice(to=CaseState.CONFIRMED)
        return [desk.cases.decide(actor, detail.case.id, anything, version=detail.case.version)]
    step = draw.choice(known)
    choice = Choice(
        to=step.target,
        reason=draw.choice(list(ReasonCode)) if step.negative else None,
        note="写明原委",
        contract=contract() if step.target is CaseState.SIGNED else None,
    )
    return [desk.cases.decide(actor, detail.case.id, choice, version=detail.case.version)]


def _now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    """One reviewer in a process of its own."""
    url, number, n_actions, n_all, target = sys.argv[1:]
    database = Database.open(url)
    account = review(database, int(number), int(n_actions), ids_for(int(n_all)))
    database.close()
    Path(target).write_text(json.dumps(vars(account)), encoding="utf-8")


if __name__ == "__main__":
    main()
