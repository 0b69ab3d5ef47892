"""Correcting records of the library, one at a time, by people who look at what they change."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.entities import Achievement, Enterprise, Entity, Expert, Platform
from recommender.domain.errors import InvalidInput
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.versions import Versioned, require_version
from recommender.exchange import contacts
from recommender.services.library import found, shown
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_PROTECTED: Final[Mapping[type[Any], frozenset[str]]] = {
    Enterprise: frozenset({"code"}),
    Expert: frozenset(
        {
            "id",
            "consent_withdrawn_on",
            "consent_record",
            "n_active_engagements",
            "response_ratio",
            "acceptance_ratio",
        }
    ),
    Platform: frozenset({"id"}),
    Achievement: frozenset({"id"}),
}
"""Ids, which others point to; consent, which has a ledger; and what is counted."""

EDITABLE: Final[Mapping[EntityKind, frozenset[str]]] = {
    record.kind: frozenset(field.name for field in fields(record)) - protected
    for record, protected in _PROTECTED.items()
}
"""Fields that may be corrected, by kind."""

_MASK: Final = "**"
_SHAPES: Final[Mapping[str, tuple[Callable[[str], str | None], str]]] = {
    "phone": (contacts.phone, "library.phone"),
    "email": (contacts.email, "library.email"),
    "source_url": (contacts.url, "library.url"),
}


class LibraryEdits:
    """Changes fields of records; the audit trail names the fields of each change, not their content."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def edit(
        self, actor: Actor, kind: EntityKind, entity_id: str, changes: Mapping[str, Any], *, version: int
    ) -> Versioned[Entity]:
        """Change fields of one record.

        A value that is what the actor sees of the present one changes nothing: who sends back a masked name does
        not replace the name by its mask.

        Args:
            changes: values by field, of the types that the record has.
            version: that the actor looked at.

        Returns:
            The record as it is now, as the actor sees it.

        Raises:
            Forbidden: the actor does not edit the library.
            NotFound: no entity of that kind has the id, or it is not for this actor.
            Outdated: it was changed since.
            InvalidInput: no field is named, or a value is no telephone number, address or full text.
            InvalidData: a value cannot be stored, or names somebody who is not there.
        """
        actor.require(Permission.LIBRARY_WRITE)
        if not changes:
            raise InvalidInput("library.nothing_to_change")
        assert changes.keys() <= EDITABLE[kind], "what may be changed is decided before"
        with self._database.write() as unit:
            entity = found(actor, unit, kind, entity_id)
            before = shown(actor, unit, entity, self._now())
            require_version(version, before.version)
            wanted = _wanted(entity, before.record, changes)
            edited: Entity = replace(entity, **wanted)
            if edited == entity:
                return before
            unit.of(kind).upsert([edited])
            after = shown(actor, unit, edited, self._now())
            self._record(unit, actor, edited, sorted(wanted), after.version)
            return after

    def _record(self, unit: UnitOfWork, actor: Actor, entity: Entity, fields: list[str], version: int) -> None:
        detail: dict[str, object] = {"fields": fields, "version": version}
        action = f"library:{entity.kind.value}:edit"
        unit.audit.append(
            AuditEntry(at=self._now(), actor=actor.id, action=action, target=entity.id, detail=detail)
        )


def _wanted(entity: Entity, seen: Entity, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes that are some, in their usual form.

    Raises:
        InvalidInput: a value has not the shape it must have, or holds the mask of what the actor does not see.
    """
    wanted = {}
    for field, value in changes.items():
        present, visible = getattr(entity, field), getattr(seen, field)
        if value in (present, visible):
            continue
        if visible != present and _MASK in str(value):
            raise InvalidInput("library.masked", field=field)
        wanted[field] = _shaped(field, value)
    return wanted


def _shaped(field: str, value: Any) -> Any:
    if field not in _SHAPES or not value:
        return value
    read, code = _SHAPES[field]
    usual = read(value)
    if usual is None:
        raise InvalidInput(code, value=value)
    return usual
