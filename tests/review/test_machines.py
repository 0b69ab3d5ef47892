"""Both workflows against their tables, by whatever sequence of actions Hypothesis thinks of.

A plain model says after every action what must be stored, and of every action whether it may succeed. The tables
themselves are tried in ``tests/unit/review``.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from recommender.domain.accounts import Actor, Role
from recommender.domain.cases import Evaluation, Side, Subject
from recommender.domain.errors import Conflict, Forbidden, InvalidInput, MatchmakerError, NotFound
from recommender.domain.workflow import (
    OPEN_NEED_STATES,
    RUNNING_CASE_STATES,
    CaseState,
    NeedState,
    ReasonCode,
)
from recommender.review.cases import CASES
from recommender.review.needs import ENDS_CASES, NEEDS
from recommender.services.review.cases import Choice
from recommender.services.review.moves import CANCELLABLE
from recommender.store import Database
from recommender.store.engine import reading
from tests.review import city
from tests.review.city import FIRM, OFFICER, OTHER, Desk, contract, pair
from tests.store import kept

EXAMPLES = int(os.environ.get("REVIEW_EXAMPLES", "1"))
"""How many times the usual number of stories is told; ``make reliability`` takes 5."""

UNDO = timedelta(minutes=30)
CLAIM = timedelta(minutes=30)
PLACES = 2
PAIRS = [pair("XQ-1", "ZJ-1"), pair("XQ-2", "ZJ-1"), pair("XQ-3", "ZJ-1"), pair("XQ-1", "ZJ-2")]
PROPOSING = {CaseState.CONFIRMED, CaseState.ADJUSTED, CaseState.PUSHED}

actors = st.sampled_from([OFFICER, OFFICER, OFFICER, OTHER, FIRM])
reasons = st.none() | st.sampled_from(ReasonCode)
notes = st.sampled_from(["", "写明原委"])
places = st.integers(0, len(PAIRS) - 1)
staleness = st.sampled_from([0, 0, 0, 0, 1, -1])
Refusal = type[MatchmakerError] | None


@dataclass
class Taken:
    """A step as the model remembers it."""

    source: Any
    target: Any
    actor: str
    at: datetime
    by_system: bool = False
    is_undo: bool = False
    undone: bool = False
    group: int = 0


@dataclass
class Model:
    """A match as it should be."""

    need: str
    enterprise: str
    expert: str
    state: CaseState = CaseState.SUGGESTED
    version: int = 0
    holder: str = ""
    until: datetime | None = None
    due_at: datetime | None = None
    pushed: bool = False
    evaluated: bool = False
    steps: list[Taken] = field(default_factory=list)

    def held_by_other(self, actor: Actor, now: datetime) -> bool:
        return self.until is not None and self.until > now and self.holder != actor.id

    def sees(self, actor: Actor) -> bool:
        return actor.role is not Role.ENTERPRISE or (self.pushed and self.enterprise == actor.enterprise_code)

    def in_force(self) -> Taken | None:
        standing = [step for step in self.steps if not step.is_undo and not step.undone]
        return standing[-1] if standing else None

    def go(self, to: CaseState, step: Taken) -> None:
        self.version = max(self.version, 1) + 1
        self.state, self.holder, self.until = to, "", None
        wait = CASES.waits.get(to)
        self.due_at = None if wait is None else step.at + timedelta(days=wait.days)
        self.pushed = self.pushed or to is CaseState.PUSHED
        self.steps.append(step)


class Machine(RuleBasedStateMachine):
    """What both machines share: a desk over a fresh database."""

    open_database: ClassVar[Callable[[], Iterator[Database]]]

    def __init__(self) -> None:
        super().__init__()
        self._opened = type(self).open_database()
        self.desk = Desk(next(self._opened))
        city.fill(self.desk.database)

    def teardown(self) -> None:
        next(self._opened, None)

    @property
    def now(self) -> datetime:
        return self.desk.clock()

    def attempt(self, refusal: Refusal, action: Callable[[], Any]) -> bool:
        """Do it, and see that it is refused exactly where it should be; whether it was done."""
        try:
            action()
        except MatchmakerError as error:
            assert refusal is not None, f"refused: {error}"
            assert isinstance(error, refusal), f"{type(error).__name__} in place of {refusal.__name__}: {error}"
            return False
        assert refusal is None, f"not refused as {refusal.__name__}" if refusal else ""
        return True

    @rule(minutes=st.sampled_from([1, 29, 31, 60 * 24, 60 * 24 * 11]))
    def time_goes_by(self, minutes: int) -> None:
        self.desk.clock.forward(minutes=minutes)


class CaseMachine(Machine):
    """Matches: four of them, three for one expert who has two places."""

    @initialize()
    def begin(self) -> None:
        owners = {need.id: need.enterprise_code for need in city.NEEDS}
        with self.desk.database.write() as unit:
            # No need ends by the clock here; the other machine is about that.
            unit.needs.upsert([replace(need, deadline=None) for need in city.NEEDS])
        self.models = [Model(each.source_id, owners[each.source_id], each.target_id) for each in PAIRS]

    @rule(n=places, to=st.sampled_from(CaseState), actor=actors, reason=reasons, note=notes, off=staleness)
    def decide(self, n: int, to: CaseState, actor: Actor, reason: ReasonCode | None, note: str, off: int) -> None:
        self._decide(n, Choice(to=to, reason=reason, note=note), actor, off)

    @rule(n=places, choose=st.integers(0, 9), actor=actors, note=notes)
    def decide_well(self, n: int, choose: int, actor: Actor, note: str) -> None:
        """A step that exists, with what belongs to it, so that matches get far."""
        known = CASES.from_state(self.models[n].state)
        if not known:
            return
        step = known[choose % len(known)]
        agreed = contract() if step.target is CaseState.SIGNED else None
        reason = ReasonCode.FIELD if step.negative else None
        self._decide(n, Choice(to=step.target, reason=reason, note=note, contract=agreed), actor, 0)

    def _decide(self, n: int, choice: Choice, actor: Actor, off: int) -> None:
        model = self.models[n]
        version = max(0, model.version + off)
        refusal = self._refusal(model, choice, actor, version)
        done = self.attempt(refusal, lambda: self.desk.cases.decide(actor, PAIRS[n].id, choice, version=version))
        if done:
            model.go(choice.to, Taken(model.state, choice.to, actor.id, self.now))

    def _refusal(self, model: Model, choice: Choice, actor: Actor, version: int) -> Refusal:
        step = {(each.source, each.target): each for each in CASES.steps}.get((model.state, choice.to))
        if not model.sees(actor):
            return NotFound
        if model.held_by_other(actor, self.now) or version != model.version:
            return Conflict
        if step is None or step.permission is None:
            return Conflict
        if not actor.may(step.permission):
            return Forbidden
        if step.negative != (choice.reason is not None) or (step.note and not choice.note):
            return InvalidInput
        if (choice.to is CaseState.SIGNED) != (choice.contract is not None):
            return InvalidInput
        if choice.to is CaseState.EVALUATED and not model.evaluated:
            return Conflict
        begins = choice.to in RUNNING_CASE_STATES and model.state not in RUNNING_CASE_STATES
        if (choice.to in PROPOSING or begins) and self._is_full(model):
            return Conflict
        return None

    def _is_full(self, model: Model) -> bool:
        others = [
            each
            for each in self.models
            if each is not model and each.expert == model.expert and each.state in RUNNING_CASE_STATES
        ]
        return model.expert == "ZJ-1" and len(others) >= PLACES

    @rule(n=places, actor=actors, off=staleness)
    def claim(self, n: int, actor: Actor, off: int) -> None:
        model = self.models[n]
        version = max(0, model.version + off)
        blocked = model.held_by_other(actor, self.now) or version != model.version
        refusal: Refusal = Forbidden if actor is FIRM else Conflict if blocked else None
        if self.attempt(refusal, lambda: self.desk.cases.claim(actor, PAIRS[n].id, version=version)):
            if model.state is CaseState.SUGGESTED:
                model.go(CaseState.IN_REVIEW, Taken(model.state, CaseState.IN_REVIEW, actor.id, self.now))
            model.version += 1
            model.holder, model.until = actor.id, self.now + CLAIM

    @rule(n=places, actor=actors, off=staleness)
    def release(self, n: int, actor: Actor, off: int) -> None:
        model = self.models[n]
        version = max(0, model.version + off)
        blocked = model.held_by_other(actor, self.now) or version != model.version or model.holder != actor.id
        refusal: Refusal = Forbidden if actor is FIRM else Conflict if blocked else None
        if self.attempt(refusal, lambda: self.desk.cases.release(actor, PAIRS[n].id, version=version)):
            self._free(model, actor.id, by_system=False)

    def _free(self, model: Model, actor: str, *, by_system: bool) -> None:
        if model.state is CaseState.IN_REVIEW:
            back = Taken(model.state, CaseState.SUGGESTED, actor, self.now, by_system=by_system)
            model.go(CaseState.SUGGESTED, back)
        else:
            model.version += 1
            model.holder, model.until = "", None

    @rule(n=places, actor=actors, off=staleness)
    def undo(self, n: int, actor: Actor, off: int) -> None:
        model = self.models[n]
        version = max(0, model.version + off)
        step = model.in_force()
        own = step is not None and step.actor == actor.id and not step.by_system
        fresh = step is not None and self.now <= step.at + UNDO
        blocked = model.held_by_other(actor, self.now) or version != model.version or not own or not fresh
        refusal: Refusal = NotFound if not model.sees(actor) else Conflict if blocked else None
        if self.attempt(refusal, lambda: self.desk.undo.undo_case(actor, PAIRS[n].id, version=version)):
            assert step is not None
            step.undone = True
            first_push = step.target is CaseState.PUSHED and step.source is not CaseState.ENTERPRISE_DECLINED
            model.pushed = model.pushed and not first_push
            pushed = model.pushed
            model.go(step.source, Taken(step.target, step.source, actor.id, self.now, is_undo=True))
            # To come back to 推送 is no new push, but it is one.
            model.pushed = pushed or step.source is CaseState.PUSHED

    @precondition(lambda self: any(model.state is CaseState.COMPLETED for model in self.models))
    @rule()
    def evaluate(self) -> None:
        for each, model in zip(PAIRS, self.models, strict=True):
            if model.state is CaseState.COMPLETED:
                self.desk.outcomes.evaluate(OFFICER, each.id, Evaluation(side=Side.EXPERT, grade=4))
                model.evaluated = True

    @rule()
    def clock_strikes(self) -> None:
        report = self.desk.timers.run(actor="job:remind")
        freed = silent = 0
        for model in self.models:
            if model.until is not None and model.until <= self.now:
                self._free(model, "job:remind", by_system=True)
                freed += 1
        for model in self.models:
            over = model.due_at is not None and model.due_at <= self.now
            if model.state is CaseState.ENTERPRISE_INTERESTED and over:
                step = Taken(model.state, CaseState.EXPERT_SILENT, "job:remind", self.now, by_system=True)
                model.go(CaseState.EXPERT_SILENT, step)
                silent += 1
        assert (report.n_claims_freed, report.n_silent) == (freed, silent)

    @invariant()
    def every_match_stands_where_it_should(self) -> None:
        with self.desk.database.read() as unit:
            found = unit.cases.get_many([each.id for each in PAIRS])
            for each, model in zip(PAIRS, self.models, strict=True):
                case = found.get(each.id)
                if model.version == 0:
                    assert case is None
                    continue
                assert case is not None
                stored = (case.state, case.version, case.claimed_by, case.claimed_until, case.due_at)
                assert stored == (model.state, model.version, model.holder, model.until, model.due_at)
                assert (case.pushed_at is not None) == model.pushed
            running = sum(m.expert == "ZJ-1" and m.state in RUNNING_CASE_STATES for m in self.models)
            assert unit.cases.n_running_by_expert().get("ZJ-1", 0) == running <= PLACES

    def teardown(self) -> None:
        with reading(self.desk.database._engine).begin() as connection:
            kept.compare(connection)
        with self.desk.database.read() as unit:
            trail = unit.audit.tail(10_000)
            for each, model in zip(PAIRS, self.models, strict=True):
                lines = unit.timeline.of(Subject.CASE, each.id)
                told = [(line.from_state, line.to_state, line.actor, line.by_system) for line in lines]
                assert told == [(s.source, s.target, s.actor, s.by_system) for s in model.steps]
                assert [line.undoes is not None for line in lines] == [s.is_undo for s in model.steps]
                assert [line.undone_by is not None for line in lines] == [s.undone for s in model.steps]
                versions = [line.version for line in lines]
                assert versions == sorted(set(versions))
                own = [entry.detail for entry in trail if entry.target == each.id]
                assert [d["step"] for d in own if "step" in d] == [line.number for line in lines]
                in_force = [s for s in model.steps if not s.undone and not s.is_undo]
                signed = [s for s in in_force if s.target is CaseState.SIGNED]
                if model.version:
                    outcome = unit.outcomes.get(unit.cases.number(each.id))
                    assert (outcome.contract is not None) == bool(signed)
        super().teardown()


class NeedMachine(Machine):
    """A need with a deadline and an open match."""

    @initialize()
    def begin(self) -> None:
        with self.desk.database.write() as unit:
            need = unit.needs.get("XQ-1")
            assert need is not None
            unit.needs.upsert([replace(need, deadline=date(2026, 12, 20))])
        self.deadline = date(2026, 12, 20)
        self.state, self.version = NeedState.PUBLISHED, 0
        self.steps: list[Taken] = []
        self.case: CaseState | None = None
        self.case_before: CaseState | None = None
        self.records = 2

    @rule(to=st.sampled_from(NeedState), actor=actors, reason=reasons, off=staleness)
    def move(self, to: NeedState, actor: Actor, reason: ReasonCode | None, off: int) -> None:
        self._move(to, actor, reason, off)

    @rule(choose=st.integers(0, 9), actor=actors)
    def move_well(self, choose: int, actor: Actor) -> None:
        known = NEEDS.from_state(self.state)
        step = known[choose % len(known)]
        self._move(step.target, actor, ReasonCode.UNCLEAR if step.negative else None, 0)

    def _move(self, to: NeedState, actor: Actor, reason: ReasonCode | None, off: int) -> None:
        version = max(0, self.version + off)
        done = self.attempt(
            self._refusal(to, actor, reason, version),
            lambda: self.desk.needs.move(actor, "XQ-1", to, version=version, reason=reason),
        )
        if done:
            self._went(to, Taken(self.state, to, actor.id, self.now))

    def _refusal(self, to: NeedState, actor: Actor, reason: ReasonCode | None, version: int) -> Refusal:
        step = {(each.source, each.target): each for each in NEEDS.steps}.get((self.state, to))
        if version != self.version or step is None or step.permission is None:
            return Conflict
        if not actor.may(step.permission):
            return Forbidden
        if step.negative != (reason is not None):
            return InvalidInput
        return Conflict if to in OPEN_NEED_STATES and self._is_over else None

    @property
    def _is_over(self) -> bool:
        return self.deadline < self.now.astimezone().date()

    def _went(self, to: NeedState, step: Taken) -> None:
        self.state, self.version = to, self.version + 1
        self.steps.append(step)
        if to in ENDS_CASES and not step.is_undo and self.case in CANCELLABLE:
            self.case_before, self.case = self.case, CaseState.CANCELLED
            step.group = len(self.steps)

    @rule(actor=actors, off=staleness)
    def undo(self, actor: Actor, off: int) -> None:
        version = max(0, self.version + off)
        standing = [step for step in self.steps if not step.is_undo and not step.undone]
        step = standing[-1] if standing else None
        own = step is not None and step.actor == actor.id and not step.by_system
        late = step is not None and self.now > step.at + UNDO
        refusal: Refusal = Conflict if version != self.version or not own or late else None
        if self.attempt(refusal, lambda: self.desk.undo.undo_need(actor, "XQ-1", version=version)):
            assert step is not None
            step.undone = True
            if step.group:
                self.case = self.case_before
            self._went(step.source, Taken(step.target, step.source, actor.id, self.now, is_undo=True))

    @precondition(lambda self: self.case is None and self.state in OPEN_NEED_STATES)
    @rule()
    def a_match_is_confirmed(self) -> None:
        self.desk.step(pair("XQ-1", "ZJ-3").id, Choice(to=CaseState.CONFIRMED), OTHER)
        self.case = CaseState.CONFIRMED
        if NEEDS.follow(self.state, NeedState.MATCHING) is not None:
            self._went(
                NeedState.MATCHING, Taken(self.state, NeedState.MATCHING, OTHER.id, self.now, by_system=True)
            )

    @rule(days=st.sampled_from([0, 400]))
    def the_deadline_is_moved(self, days: int) -> None:
        version = self.desk.needs.get(OFFICER, "XQ-1").record_version
        moved = date(2026, 12, 20) + timedelta(days=days)
        try:
            self.desk.needs.edit(OFFICER, "XQ-1", {"deadline": moved}, record_version=version)
        except Conflict:
            assert self.state in {
                NeedState.SOLVED,
                NeedState.PARTLY_SOLVED,
                NeedState.WITHDRAWN,
            }
        else:
            self.deadline = moved

    @rule()
    def clock_strikes(self) -> None:
        report = self.desk.timers.run(actor="job:remind")
        expires = self._is_over and NEEDS.follow(self.state, NeedState.EXPIRED) is not None
        others = report.n_expired - expires
        assert others in (0, 1)  # XQ-2 has a deadline of its own
        if expires:
            step = Taken(self.state, NeedState.EXPIRED, "job:remind", self.now, by_system=True)
            self._went(NeedState.EXPIRED, step)

    @invariant()
    def everything_is_stored_as_it_should_be(self) -> None:
        with self.desk.database.read() as unit:
            progress = unit.needs_progress.get("XQ-1")
            assert (progress.state, progress.version) == (self.state, self.version)
            lines = unit.timeline.of(Subject.NEED, "XQ-1")
            told = [(line.from_state, line.to_state, line.actor, line.by_system) for line in lines]
            assert told == [(s.source, s.target, s.actor, s.by_system) for s in self.steps]
            assert [line.undone_by is not None for line in lines] == [s.undone for s in self.steps]
            assert [line.version for line in lines] == list(range(1, self.version + 1))
            case = unit.cases.get(pair("XQ-1", "ZJ-3").id)
            assert (None if case is None else case.state) is self.case
            assert ("XQ-1" in unit.needs_progress.not_open()) == (self.state not in OPEN_NEED_STATES)


def run(machine: type[Machine], opener: Callable[[], Iterator[Database]], *, n: int, n_steps: int) -> None:
    machine.open_database = staticmethod(opener)  # type: ignore[assignment]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=n * EXAMPLES,
            stateful_step_count=n_steps,
            deadline=None,
            derandomize=EXAMPLES == 1,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize(("machine", "n"), [(CaseMachine, 25), (NeedMachine, 20)])
def test_on_sqlite(template_file: Path, machine: type[Machine], n: int) -> None:
    def opened() -> Iterator[Database]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "machine.db"
            shutil.copy(template_file, path)
            database = Database.open(f"sqlite:///{path}")
            yield database
            database.close()

    run(machine, opened, n=n, n_steps=40)


@pytest.mark.parametrize("machine", [CaseMachine, NeedMachine])
def test_on_postgresql(cluster: Any, template: str, machine: type[Machine]) -> None:
    def opened() -> Iterator[Database]:
        name = cluster.create_database(template=template)
        database = Database.open(cluster.url(name))
        yield database
        database.close()
        cluster.drop_database(name)

    run(machine, opened, n=5, n_steps=30)
