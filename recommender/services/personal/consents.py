"""Use-cases of consent: record what a person says, and what holds for them now."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.entities import Expert
from recommender.domain.errors import InvalidInput, NotFound
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.paging import Page, PageRequest
from recommender.domain.personal import (
    Activity,
    ConsentDecision,
    ConsentEntry,
    ConsentScope,
    ConsentState,
    LegalBasis,
    present_consent,
)
from recommender.services.personal.messages import CARRIED_BASIS
from recommender.services.personal.sight import Sight
from recommender.services.personal.trail import PersonalTrail
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

MAX_BASIS_CHARS: Final = 200
MAX_EVIDENCE_CHARS: Final = 500


@dataclass(frozen=True, slots=True)
class PersonConsent:
    """What holds for a person now, by scope, and everything they said, oldest first."""

    person_id: str
    states: tuple[ConsentState, ...]
    entries: tuple[ConsentEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentOverview:
    """A part of the ledger, and what it comes to.

    Attributes:
        names: of experts by id, masked unless revealed; who left the library is not there.
        people: names of the accounts that recorded, by id.
        n_said: how many people's last word on a scope was yes, or no.
    """

    page: Page[ConsentEntry]
    names: dict[str, str]
    people: dict[str, str]
    n_said: dict[tuple[ConsentScope, ConsentDecision], int]


class ConsentService:
    """The ledger of what experts agreed to; a no to being recommended acts at once."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._trail = PersonalTrail(now)

    def record(
        self,
        actor: Actor,
        person_id: str,
        scope: ConsentScope,
        decision: ConsentDecision,
        *,
        basis: str,
        evidence: str = "",
    ) -> PersonConsent:
        """Record what a person said.

        Who does not want to be recommended leaves every stored suggestion in the same transaction, is excluded
        from every match and list from that moment, and leaves the index with its next build.

        Args:
            basis: how they said so, such as ``本人来电``.
            evidence: where the proof is kept.

        Raises:
            Forbidden: the actor records no consent.
            InvalidInput: no basis is given, or a text is too long.
            NotFound: no expert has that id.
        """
        actor.require(Permission.CONSENT_RECORD)
        basis, evidence = basis.strip(), evidence.strip()
        if not basis or len(basis) > MAX_BASIS_CHARS or len(evidence) > MAX_EVIDENCE_CHARS:
            raise InvalidInput("personal.consent_basis", basis=MAX_BASIS_CHARS, evidence=MAX_EVIDENCE_CHARS)
        at = self._now()
        with self._database.write() as unit:
            expert = expert_or_not_found(unit, person_id)
            entry = ConsentEntry(
                person_id=expert.id,
                scope=scope,
                decision=decision,
                basis=basis,
                evidence=evidence,
                at=at,
                actor=actor.id,
            )
            unit.consents.add(entry)
            if scope is ConsentScope.RECOMMENDATION:
                _put_in_step(unit, expert, decision, at)
            self._trail.note(
                unit,
                actor=actor.id,
                action="personal:consent:record",
                target=expert.id,
                activity=Activity.CONSENT,
                purpose=basis,
                basis=LegalBasis.PERSONS_REQUEST,
                categories=(scope.value,),
                detail={"scope": scope.value, "decision": decision.value},
            )
            return _state(unit, expert.id)

    def of(self, actor: Actor, person_id: str) -> PersonConsent:
        """What holds for a person, and what they said.

        Raises:
            Forbidden: the actor records no consent.
            NotFound: no expert has that id.
        """
        actor.require(Permission.CONSENT_RECORD)
        with self._database.read() as unit:
            return _state(unit, expert_or_not_found(unit, person_id).id)

    def page(self, actor: Actor, request: PageRequest) -> Page[ConsentEntry]:
        """A part of the whole ledger.

        Raises:
            Forbidden: the actor records no consent.
        """
        actor.require(Permission.CONSENT_RECORD)
        with self._database.read() as unit:
            return unit.consents.page(request)

    def overview(self, actor: Actor, request: PageRequest) -> ConsentOverview:
        """The same with what holds for how many people, and with names as the actor sees them.

        Raises:
            Forbidden: the actor records no consent.
            InvalidInput: the cursor is not of this list.
        """
        actor.require(Permission.CONSENT_RECORD)
        with self._database.read() as unit:
            found = unit.consents.page(request)
            experts = unit.experts.get_many([entry.person_id for entry in found.items])
            sight = Sight(actor, unit, self._now())
            accounts = unit.accounts.of_ids([entry.actor for entry in found.items])
            return ConsentOverview(
                page=found,
                names=sight.names(EntityKind.EXPERT, {id: expert.name for id, expert in experts.items()}),
                people={id: account.display_name for id, account in accounts.items()},
                n_said=unit.consents.n_said(),
            )


def expert_or_not_found(unit: UnitOfWork, person_id: str) -> Expert:
    """The expert with that id, or the one into whom it was merged, whether they withdrew or not.

    Raises:
        NotFound: there is none.
    """
    expert = unit.experts.get(person_id)
    if expert is None:
        present = unit.identity.resolve(EntityKind.EXPERT, [person_id]).get(person_id)
        expert = None if present is None else unit.experts.get(present)
    if expert is None:
        raise NotFound("entity.not_found", kind=KIND_LABELS[EntityKind.EXPERT], id=person_id)
    return expert


def _put_in_step(unit: UnitOfWork, expert: Expert, decision: ConsentDecision, at: datetime) -> None:
    """The record says the same as the ledger: everything that recommends reads it."""
    withdrawn = at.astimezone().date() if decision is ConsentDecision.WITHDRAWN else None
    if (withdrawn is None) != (expert.consent_withdrawn_on is None):
        unit.experts.upsert([replace(expert, consent_withdrawn_on=withdrawn)])
    if withdrawn is not None:
        unit.runs.forget(EntityKind.EXPERT, [expert.id])


def _state(unit: UnitOfWork, person_id: str) -> PersonConsent:
    expert = unit.experts.get(person_id)
    entries = tuple(unit.consents.of(person_id))
    opted_out = expert is not None and expert.consent_withdrawn_on is not None
    return PersonConsent(person_id, present_consent(entries, opted_out=opted_out), entries)


def carry_refusals(unit: UnitOfWork, absorbed_id: str, survivor_id: str, *, at: datetime, actor: str) -> None:
    """What a person refused under an id that is merged away, they refuse under the one that stays."""
    for scope in ConsentScope:
        if unit.consents.withdrawn(scope, [absorbed_id]) and not unit.consents.withdrawn(scope, [survivor_id]):
            entry = ConsentEntry(
                person_id=survivor_id,
                scope=scope,
                decision=ConsentDecision.WITHDRAWN,
                basis=CARRIED_BASIS,
                evidence=absorbed_id,
                at=at,
                actor=actor,
            )
            unit.consents.add(entry)


def may_release_contact(unit: UnitOfWork, expert: Expert) -> bool:
    """Whether a person agreed that their contact is given out, and withdrew nothing since."""
    states = present_consent(unit.consents.of(expert.id), opted_out=expert.consent_withdrawn_on is not None)
    return next(state.allowed for state in states if state.scope is ConsentScope.CONTACT)
