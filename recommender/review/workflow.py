"""A workflow as a table: which step may follow which, who may take it, and what each state waits for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Generic, TypeVar

from recommender.domain.accounts import Actor, Permission
from recommender.domain.errors import Conflict, InvalidInput
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.review import messages as zh

S = TypeVar("S", NeedState, CaseState)


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """One step that may be taken.

    Attributes:
        permission: what a person needs for it; ``None`` where only the system takes it.
        by_system: whether the system takes it too, by the clock or because something else happened.
        negative: whether a reason code is obligatory; other steps have none.
        note: whether it must be said in words what was changed.
    """

    source: S
    target: S
    permission: Permission | None
    by_system: bool = False
    negative: bool = False
    note: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """What a state waits for (zh-CN), and for how many days at most."""

    days: int
    what: str


@dataclass(frozen=True)
class Workflow(Generic[S]):
    """The steps between the states of one kind of subject.

    Attributes:
        label: what sentences call the subject.
        steps: in the order in which they are offered; at most one leads from a state to another.
        waits: by state; states without one wait for nobody.
    """

    label: str
    steps: tuple[Step[S], ...]
    waits: Mapping[S, Wait]

    @cached_property
    def _by_ends(self) -> Mapping[tuple[S, S], Step[S]]:
        return {(step.source, step.target): step for step in self.steps}

    def from_state(self, state: S) -> tuple[Step[S], ...]:
        """The steps that lead on from a state, whoever takes them."""
        return tuple(step for step in self.steps if step.source == state)

    def possible(self, state: S, actor: Actor) -> tuple[Step[S], ...]:
        """The steps that the actor may take from a state."""
        return tuple(
            step for step in self.from_state(state) if step.permission is not None and actor.may(step.permission)
        )

    def decide(
        self, state: S, to: S, actor: Actor, *, reason: ReasonCode | None = None, note: str = ""
    ) -> Step[S]:
        """The step that a person takes.

        Raises:
            Conflict: no person can go from one to the other; names where the actor may go.
            Forbidden: somebody else may.
            InvalidInput: a reason or a note is missing, or a reason is given that the step has no place for.
        """
        step = self._by_ends.get((state, to))
        if step is None or step.permission is None:
            raise self.illegal(state, to, actor)
        actor.require(step.permission)
        if step.negative and reason is None:
            raise InvalidInput("review.reason_missing", to=to.value, known="、".join(ReasonCode))
        if not step.negative and reason is not None:
            raise InvalidInput("review.reason_unfitting", to=to.value, reason=reason.value)
        if step.note and not note.strip():
            raise InvalidInput("review.note_missing", to=to.value)
        return step

    def follow(self, state: S, to: S) -> Step[S] | None:
        """The step that the system takes, ``None`` where it may not: then everything stays as it is."""
        step = self._by_ends.get((state, to))
        return step if step is not None and step.by_system else None

    def illegal(self, state: S, to: S, actor: Actor) -> Conflict:
        """The refusal of a step that does not exist."""
        offered = [step.target.value for step in self.possible(state, actor)]
        possible = zh.POSSIBLE.format(states="、".join(offered)) if offered else zh.NOTHING_POSSIBLE
        return Conflict(
            "review.illegal_step", label=self.label, state=state.value, to=to.value, possible=possible
        )

    def due(self, state: S, now: datetime) -> tuple[datetime | None, str]:
        """Until when something is expected from now on, and what."""
        wait = self.waits.get(state)
        return (None, "") if wait is None else (now + timedelta(days=wait.days), wait.what)

    def entered(self, state: S, due_at: datetime | None) -> datetime | None:
        """Since when a subject stands in a state, from when it is due; ``None`` where it waits for nobody."""
        wait = self.waits.get(state)
        return None if wait is None or due_at is None else due_at - timedelta(days=wait.days)


def steps(
    sources: Iterable[S],
    targets: Iterable[S],
    permission: Permission | None,
    *,
    by_system: bool = False,
    negative: bool = False,
    note: bool = False,
) -> tuple[Step[S], ...]:
    """The same kind of step from each source to each target."""
    wanted = tuple(targets)
    return tuple(
        Step(source, target, permission, by_system=by_system, negative=negative, note=note)
        for source in sources
        for target in wanted
    )
