"""Use-cases of seeing more: a person in full for a purpose, and contacts after both sides agreed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.entities import Entity, Expert
from recommender.domain.errors import Conflict, InvalidInput, NotFound, Unavailable
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.personal import Activity, LegalBasis, Reveal
from recommender.domain.sealed import is_sealed
from recommender.domain.visibility import PERSONAL_FIELDS
from recommender.domain.workflow import AGREED_CASE_STATES
from recommender.services.access import sees
from recommender.services.personal.consents import expert_or_not_found, may_release_contact
from recommender.services.personal.messages import FIELD_LABELS
from recommender.services.personal.trail import PersonalTrail
from recommender.services.review.finding import case_for
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

MIN_PURPOSE_CHARS: Final = 8
MAX_PURPOSE_CHARS: Final = 500
REVEALABLE: Final = (EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.NEED)


@dataclass(frozen=True, slots=True)
class Revealed:
    """What was shown.

    Attributes:
        values: by field; lists of texts are joined with ``；``.
        valid_until: until when the same actor sees this record unmasked in every answer.
    """

    kind: EntityKind
    id: str
    values: dict[str, str]
    valid_until: datetime


class RevealService:
    """Shows what is masked otherwise, and writes down each time who saw it and what for.

    Args:
        minutes: for which a reveal lasts.
    """

    def __init__(self, database: Database, now: Callable[[], datetime], *, minutes: int) -> None:
        self._database = database
        self._now = now
        self._lasts = timedelta(minutes=minutes)
        self._trail = PersonalTrail(now)

    def reveal(self, actor: Actor, kind: EntityKind, id: str, purpose: str) -> Revealed:
        """Show the personal data of an expert, of a platform's director or inside a need.

        Raises:
            Forbidden: the actor may not.
            InvalidInput: the kind has no personal data, or the purpose says too little.
            NotFound: no such record, none within the actor's reach, or a person who withdrew consent.
            Unavailable: the keys of contacts are missing.
        """
        actor.require(Permission.REVEAL)
        if kind not in REVEALABLE:
            allowed = "、".join(f"{each.value}（{KIND_LABELS[each]}）" for each in REVEALABLE)
            raise InvalidInput("personal.reveal_kind", kind=kind.value, allowed=allowed)
        purpose = _checked(purpose)
        with self._database.write() as unit:
            record = unit.of(kind).get(id)
            withdrawn = isinstance(record, Expert) and record.consent_withdrawn_on is not None
            if record is None or withdrawn or not sees(actor, unit, record):
                raise NotFound("entity.not_found", kind=KIND_LABELS[kind], id=id)
            return self._shown(unit, actor, record, purpose, PERSONAL_FIELDS[type(record)])

    def contacts_of(self, actor: Actor, case_id: str) -> Revealed:
        """Give a match's contacts to either side of it, after both said yes.

        Raises:
            Forbidden: the actor reads no matches.
            NotFound: there is no such match, or not for this actor.
            Conflict: not both sides have agreed, the match is not with an expert, or the expert did not agree
                that contacts are given out.
            Unavailable: the keys of contacts are missing.
        """
        actor.require(Permission.CASES_READ)
        with self._database.write() as unit:
            case = case_for(actor, unit, case_id)
            if case.pair.target_kind is not EntityKind.EXPERT:
                raise Conflict("personal.no_contact")
            if case.state not in AGREED_CASE_STATES:
                raise Conflict("personal.not_agreed")
            expert = expert_or_not_found(unit, case.pair.target_id)
            if not may_release_contact(unit, expert):
                raise Conflict("personal.no_contact_consent")
            return self._shown(unit, actor, expert, case.id, ("name", "phone", "email"), case_id=case.id)

    def _shown(
        self,
        unit: UnitOfWork,
        actor: Actor,
        record: Entity,
        purpose: str,
        fields: tuple[str, ...],
        *,
        case_id: str = "",
    ) -> Revealed:
        values = {field: _text(getattr(record, field)) for field in fields}
        if any(map(is_sealed, values.values())):
            raise Unavailable("personal.contact_sealed")
        at = self._now()
        reveal = Reveal(
            person_kind=record.kind,
            person_id=record.id,
            actor=actor.id,
            purpose=purpose,
            fields=tuple(field for field, value in values.items() if value),
            at=at,
            valid_until=at + self._lasts,
            case_id=case_id,
        )
        unit.reveals.add(reveal)
        self._trail.note(
            unit,
            actor=actor.id,
            action=f"personal:{record.kind.value}:{'release' if case_id else 'reveal'}",
            target=record.id,
            activity=Activity.CONTACT_RELEASE if case_id else Activity.REVEAL,
            purpose=purpose,
            basis=LegalBasis.CONSENT if case_id else LegalBasis.STATUTORY,
            categories=tuple(FIELD_LABELS.get(field, field) for field in reveal.fields),
            detail={"fields": list(reveal.fields), "case": case_id},
        )
        return Revealed(record.kind, record.id, values, reveal.valid_until)


def _checked(purpose: str) -> str:
    stripped = " ".join(purpose.split())
    if not MIN_PURPOSE_CHARS <= len(stripped) <= MAX_PURPOSE_CHARS:
        raise InvalidInput("personal.purpose", minimum=MIN_PURPOSE_CHARS, maximum=MAX_PURPOSE_CHARS)
    return stripped


def _text(value: object) -> str:
    return "；".join(map(str, value)) if isinstance(value, tuple) else str(value)
