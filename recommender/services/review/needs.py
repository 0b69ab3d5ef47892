"""Needs: drafted, edited, submitted, reviewed, closed and opened again."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from recommender.domain.accounts import Actor, Permission, Role
from recommender.domain.cases import Subject, Transition
from recommender.domain.entities import Need
from recommender.domain.errors import BatchConflict, Conflict, InvalidInput, NotFound
from recommender.domain.match import AuditEntry
from recommender.domain.need_lists import NeedFilter, NeedLine
from recommender.domain.needs import NeedProgress
from recommender.domain.paging import Page, PageRequest
from recommender.domain.versions import require_version as require_record_version
from recommender.domain.workflow import (
    EDITABLE_NEED_STATES,
    OPEN_NEED_STATES,
    REVIEWER_EDITABLE_NEED_STATES,
    NeedState,
    ReasonCode,
)
from recommender.review.needs import NEEDS
from recommender.review.workflow import Step
from recommender.services.access import enterprise_for, need_for
from recommender.services.personal.sight import Sight
from recommender.services.review.moves import Act, move_need, require_version
from recommender.services.review.showing import seen_timeline
from recommender.services.transactions import Transactions
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_FIXED: Final = frozenset({"id", "diagnosis"})
"""Fields that editing leaves alone; a diagnosis is written by who reviews."""
_MASK: Final = "**"
MAX_TOGETHER: Final = 100
"""Needs that are put away together."""


@dataclass(frozen=True, slots=True)
class NeedDetail:
    """A need as the actor sees it, and where it stands.

    Attributes:
        record_version: of what it says; that of where it stands is in ``progress``.
        steps: what the actor may do next.
    """

    need: Need
    record_version: int
    progress: NeedProgress
    steps: tuple[Step[NeedState], ...]


class NeedService:
    """Use-cases around needs. What is not for the actor is not there (404)."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._transactions = Transactions(database)
        self._now = now

    def page(self, actor: Actor, conditions: NeedFilter, request: PageRequest) -> Page[NeedLine]:
        """The needs that the actor sees and that fit.

        Raises:
            Forbidden: the actor may not read needs.
            InvalidInput: a cursor of another list, or an order that needs do not have.
        """
        actor.require(Permission.NEEDS_READ)
        with self._database.read() as unit:
            page = unit.need_list.page(actor, conditions, request)
            shown = Sight(actor, unit, self._now()).many([line.need for line in page.items])
        return Page(
            tuple(replace(line, need=need) for line, need in zip(page.items, shown, strict=True)),
            page.next_cursor,
        )

    def get(self, actor: Actor, need_id: str) -> NeedDetail:
        """One need.

        Raises:
            Forbidden: the actor may not read needs.
            NotFound: there is none, or it is not for this actor.
        """
        actor.require(Permission.NEEDS_READ)
        with self._database.read() as unit:
            need = need_for(actor, unit, need_id)
            return self._detail(unit, actor, need)

    def timeline(self, actor: Actor, need_id: str) -> list[Transition]:
        """Every step of a need, first to last.

        Raises:
            Forbidden, NotFound: see :meth:`get`.
        """
        actor.require(Permission.NEEDS_READ)
        with self._database.read() as unit:
            need_for(actor, unit, need_id)
            return seen_timeline(Sight(actor, unit, self._now()), unit.timeline.of(Subject.NEED, need_id))

    def create(self, actor: Actor, content: Mapping[str, Any]) -> NeedDetail:
        """Write a draft.

        Args:
            content: fields of :class:`Need` by name; its id is given here. An enterprise's account writes for
                its own enterprise, whatever is said.

        Raises:
            Forbidden: the actor may not write needs.
            NotFound: the enterprise is not there, or not for this actor.
            InvalidInput: there is no title.
            InvalidData: a value cannot be stored.
        """
        actor.require(Permission.NEEDS_WRITE)

        def work(unit: UnitOfWork) -> NeedDetail:
            at = self._now()
            values = _changes(content)
            if actor.role is Role.ENTERPRISE:
                values["enterprise_code"] = actor.enterprise_code
            if values.get("enterprise_code") or actor.role is Role.ENTERPRISE or not actor.reach.whole_city:
                # Without an enterprise, only who sees the whole city would see the need again.
                enterprise_for(actor, unit, values.get("enterprise_code", ""))
            need = Need(id=f"XQ-{at:%Y%m%d}-{secrets.token_hex(4)}", **values)
            _require_title(need)
            unit.needs.upsert([need])
            progress = NeedProgress(
                need_id=need.id, state=NeedState.DRAFT, version=1, filed_by=actor.id, updated_at=at
            )
            unit.needs_progress.start(progress)
            _audit(unit, Act(actor=actor, at=at), "create", need.id, {"version": 1})
            return self._detail(unit, actor, need)

        return self._transactions.run(work)

    def edit(self, actor: Actor, need_id: str, changes: Mapping[str, Any], *, record_version: int) -> NeedDetail:
        """Change what a need says.

        Args:
            changes: fields of :class:`Need` by name; others stay.
            record_version: which the actor looked at.

        Raises:
            Forbidden: the actor may not write needs.
            NotFound: there is none, or it is not for this actor.
            Outdated: it was changed meanwhile.
            Conflict: needs that stand where it stands are not changed by this actor.
            InvalidInput: no title is left, or a text holds the mask of what the actor does not see.
            InvalidData: a value cannot be stored.
        """
        actor.require(Permission.NEEDS_WRITE)

        def work(unit: UnitOfWork) -> NeedDetail:
            need = need_for(actor, unit, need_id)
            require_record_version(record_version, unit.needs.versions([need_id])[need_id])
            state = unit.needs_progress.states([need_id])[need_id]
            reviews = actor.may(Permission.NEEDS_REVIEW)
            if state not in (REVIEWER_EDITABLE_NEED_STATES if reviews else EDITABLE_NEED_STATES):
                raise Conflict("review.need_not_editable", id=need_id, state=state.value)
            seen = Sight(actor, unit, self._now()).one(need)
            values = _changes(changes)
            if "diagnosis" in changes and reviews:
                values["diagnosis"] = changes["diagnosis"]
            # Who sends back what they were shown, masks included, means to change nothing of it.
            values = {name: value for name, value in values.items() if value != getattr(seen, name)}
            _require_unmasked(need, seen, values)
            if values.get("enterprise_code", need.enterprise_code) != need.enterprise_code:
                enterprise_for(actor, unit, values["enterprise_code"])
            edited = replace(need, **values)
            _require_title(edited)
            unit.needs.upsert([edited])
            changed = sorted(name for name in values if getattr(need, name) != getattr(edited, name))
            if changed:
                _audit(unit, Act(actor=actor, at=self._now()), "edit", need_id, {"fields": changed})
            return self._detail(unit, actor, edited)

        return self._transactions.run(work)

    def move(
        self,
        actor: Actor,
        need_id: str,
        to: NeedState,
        *,
        version: int,
        reason: ReasonCode | None = None,
        note: str = "",
    ) -> NeedDetail:
        """Take a need one step further: submit, publish, send back, close, open again.

        Args:
            version: of where it stands, which the actor looked at.

        Raises:
            NotFound: there is none, or it is not for this actor.
            Forbidden: the step is for others.
            InvalidInput: a reason is missing or has no place; or there is too little to submit.
            Conflict: another version, the step does not exist (the sentence names what does), or its deadline is
                over.
        """

        def work(unit: UnitOfWork) -> NeedDetail:
            act = Act(actor=actor, at=self._now(), reason=reason, note=note)
            need, _ = _moved(unit, need_id, to, version=version, act=act)
            return self._detail(unit, actor, need)

        return self._transactions.run(work)

    def archive(self, actor: Actor, items: Sequence[tuple[str, int]]) -> list[NeedProgress]:
        """Put several needs away together, all of them or none.

        Args:
            items: id and version of each, at most :data:`MAX_TOGETHER`.

        Raises:
            Forbidden: the actor does not review needs.
            InvalidInput: too many, none, or one of them twice.
            BatchConflict: names every need that stands in the way, and why.
        """
        actor.require(Permission.NEEDS_REVIEW)
        require_few(items)

        def work(unit: UnitOfWork) -> list[NeedProgress]:
            act = Act(actor=actor, at=self._now())
            moved, faults = [], []
            # In one order everywhere, so that two of these never wait for each other in a ring.
            for need_id, version in sorted(items):
                try:
                    moved.append(_moved(unit, need_id, NeedState.CLOSED, version=version, act=act)[1])
                except (Conflict, NotFound) as error:
                    faults.append((need_id, error.code, str(error)))
            if faults:
                raise BatchConflict("review.needs_conflicts", faults=faults)
            return moved

        return self._transactions.run(work)

    def _detail(self, unit: UnitOfWork, actor: Actor, need: Need) -> NeedDetail:
        return detail_of(unit, actor, need, self._now())


def detail_of(unit: UnitOfWork, actor: Actor, need: Need, now: datetime) -> NeedDetail:
    """A need that is within reach, as the actor sees it at a moment."""
    progress = unit.needs_progress.get(need.id)
    version = unit.needs.versions([need.id])[need.id]
    shown = Sight(actor, unit, now).one(need)
    assert shown is not None, "a need that is within reach is there"
    return NeedDetail(shown, version, progress, NEEDS.possible(progress.state, actor))


def require_few(items: Sequence[tuple[str, int]]) -> None:
    """Refuse to act on none, on too many, or on one of them twice.

    Raises:
        InvalidInput: says how many there may be.
    """
    if not 1 <= len(items) <= MAX_TOGETHER or len({id for id, _ in items}) < len(items):
        raise InvalidInput("review.needs_size", n=len(items), maximum=MAX_TOGETHER)


def _moved(unit: UnitOfWork, need_id: str, to: NeedState, *, version: int, act: Act) -> tuple[Need, NeedProgress]:
    """A need and where it stands after a step that the actor may take."""
    need = need_for(act.actor, unit, need_id)
    progress = unit.needs_progress.get(need_id)
    require_version(NEEDS.label, need_id, expected=version, present=progress.version, state=progress.state)
    NEEDS.decide(progress.state, to, act.actor, reason=act.reason, note=act.note)
    _require_fit(need, to, act.at.astimezone().date())
    return need, move_need(unit, progress, to, act)


def _changes(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in _FIXED}


def _require_unmasked(need: Need, seen: Need | None, values: Mapping[str, Any]) -> None:
    """Refuse to write a mask in place of what it stands for."""
    for name, value in values.items():
        if getattr(seen, name) != getattr(need, name) and _MASK in str(value):
            raise InvalidInput("review.need_masked", field=name)


def _require_title(need: Need) -> None:
    if not need.title.strip():
        raise InvalidInput("review.need_untitled")


def _require_fit(need: Need, to: NeedState, today: date) -> None:
    """Refuse to hand in an empty need, and to open one whose time is over."""
    if to is NeedState.SUBMITTED and not need.text.strip():
        raise InvalidInput("review.need_empty", id=need.id)
    if to in OPEN_NEED_STATES and need.deadline is not None and need.deadline < today:
        raise Conflict("review.need_deadline", id=need.id, deadline=f"{need.deadline:%Y-%m-%d}")


def _audit(unit: UnitOfWork, act: Act, verb: str, need_id: str, detail: dict[str, object]) -> None:
    unit.audit.append(
        AuditEntry(at=act.at, actor=act.actor.id, action=f"review:need:{verb}", target=need_id, detail=detail)
    )
