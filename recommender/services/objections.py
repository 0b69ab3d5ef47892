"""Use-cases of objections: raise one, take it back, look again, answer."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.errors import Conflict, InvalidInput, NotFound
from recommender.domain.match import AuditEntry
from recommender.domain.objections import (
    MAX_ABOUT_CHARS,
    MAX_ANSWER_CHARS,
    MAX_OBJECTION_CHARS,
    MIN_OBJECTION_CHARS,
    Objection,
    ObjectionDraft,
    ObjectionFilter,
    ObjectionOutcome,
    ObjectionState,
    working_days_after,
)
from recommender.domain.paging import Page, PageRequest
from recommender.domain.versions import require_version
from recommender.services.access import need_for
from recommender.services.review.finding import case_for
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

MAX_OPEN: Final = 20
"""Objections of one account that wait for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionPage:
    """A part of the list of objections.

    Attributes:
        people: names of the accounts that objected or dealt with it, by id.
        today: the day on which it is said what is late.
        n_open, n_overdue: of all objections, whatever was chosen.
    """

    page: Page[Objection]
    people: dict[str, str]
    today: date
    n_open: int
    n_overdue: int


class ObjectionService:
    """Objections of people with an account; administrators look again and answer.

    Args:
        days: working days within which the operator means to answer.
        today: the day where the server stands.
    """

    def __init__(
        self, database: Database, now: Callable[[], datetime], today: Callable[[], date], *, days: int
    ) -> None:
        self._database = database
        self._now = now
        self.today = today
        self.days = days

    def raise_objection(self, actor: Actor, draft: ObjectionDraft) -> Objection:
        """Object to a suggestion, a decision or what is kept about people.

        Raises:
            Forbidden: the actor has no account of their own.
            InvalidInput: the text says too little or too much, or what it is about is not there for this actor.
            Conflict: too many objections of the account wait for an answer.
        """
        actor.require(Permission.ACCOUNT_OWN)
        text, about = draft.text.strip(), draft.about.strip()
        if not MIN_OBJECTION_CHARS <= len(text) <= MAX_OBJECTION_CHARS:
            raise InvalidInput("objection.text", minimum=MIN_OBJECTION_CHARS, maximum=MAX_OBJECTION_CHARS)
        with self._database.write() as unit:
            waiting = ObjectionFilter(account_id=actor.id, open_only=True)
            if unit.objections.n(waiting) >= MAX_OPEN:
                raise Conflict("objection.too_many", maximum=MAX_OPEN)
            if about:
                _require_about(actor, unit, about)
            at = self._now()
            objection = Objection(
                id=f"YY-{at:%Y%m%d}-{secrets.token_hex(4)}",
                account_id=actor.id,
                subject=draft.subject,
                about=about,
                text=text,
                state=ObjectionState.OPEN,
                at=at,
                due_on=working_days_after(self.today(), self.days),
            )
            unit.objections.add(objection)
            self._record(unit, actor, "raise", objection)
        return objection

    def own(self, actor: Actor, request: PageRequest) -> Page[Objection]:
        """A part of what the actor objected to.

        Raises:
            Forbidden: the actor has no account of their own.
            InvalidInput: the cursor is not of this list.
        """
        actor.require(Permission.ACCOUNT_OWN)
        with self._database.read() as unit:
            return unit.objections.page(request, ObjectionFilter(account_id=actor.id))

    def withdraw(self, actor: Actor, id: str) -> Objection:
        """Take one's own objection back.

        Raises:
            NotFound: the actor has no such objection.
            Conflict: it was answered, or withdrawn before.
        """
        actor.require(Permission.ACCOUNT_OWN)
        with self._database.write() as unit:
            objection = unit.objections.get(id)
            if objection is None or objection.account_id != actor.id:
                raise NotFound("objection.not_found", id=id)
            changed = self._closed(objection, state=ObjectionState.WITHDRAWN)
            unit.objections.put(changed)
            self._record(unit, actor, "withdraw", changed)
        return changed

    def page(self, actor: Actor, request: PageRequest, chosen: ObjectionFilter) -> ObjectionPage:
        """A part of everybody's objections.

        Raises:
            Forbidden: the actor manages no persons.
            InvalidInput: the cursor is not of this list.
        """
        actor.require(Permission.PERSONS_MANAGE)
        today = self.today()
        with self._database.read() as unit:
            found = unit.objections.page(request, chosen)
            n_open = unit.objections.n(ObjectionFilter(open_only=True))
            n_overdue = unit.objections.n(ObjectionFilter(overdue_on=today))
            people = _people(unit, found.items)
        return ObjectionPage(page=found, people=people, today=today, n_open=n_open, n_overdue=n_overdue)

    def n_waiting(self, actor: Actor) -> tuple[int, int]:
        """How many objections wait for an answer, and how many of them are late.

        Raises:
            Forbidden: the actor manages no persons.
        """
        actor.require(Permission.PERSONS_MANAGE)
        with self._database.read() as unit:
            n_open = unit.objections.n(ObjectionFilter(open_only=True))
            return n_open, unit.objections.n(ObjectionFilter(overdue_on=self.today()))

    def get(self, actor: Actor, id: str) -> tuple[Objection, dict[str, str]]:
        """One objection, and the names of the accounts that it tells of.

        Raises:
            Forbidden: the actor manages no persons.
            NotFound: there is none.
        """
        actor.require(Permission.PERSONS_MANAGE)
        with self._database.read() as unit:
            objection = _existing(unit, id)
            return objection, _people(unit, [objection])

    def take_on(self, actor: Actor, id: str, *, version: int) -> Objection:
        """Say that one looks into it; whoever objected sees that.

        Raises:
            Forbidden: the actor manages no persons.
            NotFound: there is none.
            Conflict: it is closed.
            Outdated: it has changed since it was looked at.
        """
        actor.require(Permission.PERSONS_MANAGE)
        with self._database.write() as unit:
            objection = _existing(unit, id)
            require_version(version, objection.version)
            self._require_open(objection)
            changed = replace(
                objection, state=ObjectionState.IN_REVIEW, handled_by=actor.id, version=objection.version + 1
            )
            unit.objections.put(changed)
            self._record(unit, actor, "take_on", changed)
        return changed

    def answer(self, actor: Actor, id: str, outcome: ObjectionOutcome, text: str, *, version: int) -> Objection:
        """Answer an objection.

        Raises:
            Forbidden: the actor manages no persons.
            InvalidInput: the answer says too little or too much.
            NotFound: there is none.
            Conflict: it is closed.
            Outdated: it has changed since it was looked at.
        """
        actor.require(Permission.PERSONS_MANAGE)
        answer = text.strip()
        if not MIN_OBJECTION_CHARS <= len(answer) <= MAX_ANSWER_CHARS:
            raise InvalidInput("objection.answer", minimum=MIN_OBJECTION_CHARS, maximum=MAX_ANSWER_CHARS)
        with self._database.write() as unit:
            objection = _existing(unit, id)
            require_version(version, objection.version)
            changed = replace(
                self._closed(objection, state=ObjectionState.ANSWERED),
                outcome=outcome,
                answer=answer,
                handled_by=actor.id,
            )
            unit.objections.put(changed)
            self._record(unit, actor, "answer", changed)
        return changed

    def _closed(self, objection: Objection, *, state: ObjectionState) -> Objection:
        self._require_open(objection)
        return replace(objection, state=state, closed_at=self._now(), version=objection.version + 1)

    @staticmethod
    def _require_open(objection: Objection) -> None:
        if not objection.is_open:
            raise Conflict("objection.closed", state=objection.state.value)

    def _record(self, unit: UnitOfWork, actor: Actor, action: str, objection: Objection) -> None:
        """What was said stands in the objection alone; the trail says that it was."""
        detail: dict[str, object] = {"subject": objection.subject.value, "version": objection.version}
        if objection.outcome is not None:
            detail["outcome"] = objection.outcome.value
        unit.audit.append(
            AuditEntry(
                at=self._now(),
                actor=actor.id,
                action=f"account:objection:{action}",
                target=objection.id,
                detail=detail,
            )
        )


def _existing(unit: UnitOfWork, id: str) -> Objection:
    objection = unit.objections.get(id)
    if objection is None:
        raise NotFound("objection.not_found", id=id)
    return objection


def _people(unit: UnitOfWork, objections: Iterable[Objection]) -> dict[str, str]:
    ids = {id for each in objections for id in (each.account_id, each.handled_by) if id}
    return {id: account.display_name for id, account in unit.accounts.of_ids(sorted(ids)).items()}


def _require_about(actor: Actor, unit: UnitOfWork, about: str) -> None:
    """What somebody objects to must be there for them: a need, or a match."""
    try:
        if len(about) > MAX_ABOUT_CHARS:
            raise NotFound("objection.about", id=about[:MAX_ABOUT_CHARS])
        if "!" in about:
            actor.require(Permission.CASES_READ)
            case_for(actor, unit, about)
        else:
            actor.require(Permission.NEEDS_READ)
            need_for(actor, unit, about)
    except (InvalidInput, NotFound):
        raise InvalidInput("objection.about", id=about[:MAX_ABOUT_CHARS]) from None
