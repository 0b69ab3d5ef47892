"""Use-cases of looking back: the audit trail, the processing log, and who saw whom in full."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Generic, TypeVar

from recommender.domain.accounts import Actor, Permission
from recommender.domain.auditing import AuditFilter, AuditLine
from recommender.domain.errors import NotFound
from recommender.domain.match import AuditEntry
from recommender.domain.paging import MAX_PAGE_SIZE, Page, PageRequest
from recommender.domain.personal import Activity, Processing, Reveal
from recommender.services.personal.clock import utc_now
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

MAX_EXPORTED: Final = 20_000
"""Lines of one export; more are asked for by period."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TrailPage(Generic[T]):
    """A part of a trail, with the names of the accounts that acted in it, by id."""

    page: Page[T]
    people: dict[str, str]


@dataclass(frozen=True, slots=True)
class AuditExport:
    """Lines to be written to a file, newest first; ``is_cut`` where there are more than one file takes."""

    lines: tuple[AuditLine, ...]
    people: dict[str, str]
    is_cut: bool


class TrailService:
    """Reads what was written down."""

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    def audit(self, actor: Actor, request: PageRequest, chosen: AuditFilter) -> Page[AuditLine]:
        """Lines of the audit trail.

        Raises:
            Forbidden: the actor does not read it.
            InvalidInput: the cursor is not of this list.
        """
        actor.require(Permission.AUDIT_READ)
        with self._database.read() as unit:
            return unit.audit.page(request, chosen)

    def audit_page(self, actor: Actor, request: PageRequest, chosen: AuditFilter) -> TrailPage[AuditLine]:
        """The same for people to read: with names, and the actor of the filter given by login name or id.

        Raises:
            Forbidden, InvalidInput: see :meth:`audit`.
        """
        actor.require(Permission.AUDIT_READ)
        with self._database.read() as unit:
            found = unit.audit.page(request, _by_id(unit, chosen))
            return TrailPage(found, _people(unit, found.items))

    def audit_line(self, actor: Actor, number: int) -> tuple[AuditLine, dict[str, str]]:
        """One line of the audit trail, and the names of the accounts in it.

        Raises:
            Forbidden: the actor does not read it.
            NotFound: there is none.
        """
        actor.require(Permission.AUDIT_READ)
        with self._database.read() as unit:
            line = unit.audit.get(number)
            if line is None:
                raise NotFound("audit.not_found", number=number)
            return line, _people(unit, [line])

    def export(self, actor: Actor, chosen: AuditFilter) -> AuditExport:
        """Lines of the audit trail for a file, newest first; that they were taken is written down as well.

        Raises:
            Forbidden: the actor does not read it.
        """
        actor.require(Permission.AUDIT_READ)
        with self._database.write() as unit:
            lines, is_cut = _newest(unit, _by_id(unit, chosen))
            unit.audit.append(
                AuditEntry(
                    at=self._now(),
                    actor=actor.id,
                    action="audit:trail:export",
                    target="",
                    detail={"n_lines": len(lines), **_described(chosen)},
                )
            )
            return AuditExport(lines, _people(unit, lines), is_cut)

    def processing(
        self, actor: Actor, request: PageRequest, activity: Activity | None = None
    ) -> Page[Processing]:
        """Lines of the processing log.

        Raises:
            Forbidden: the actor does not read it.
            InvalidInput: the cursor is not of this list.
        """
        actor.require(Permission.AUDIT_READ)
        with self._database.read() as unit:
            return unit.processing.page(request, activity)

    def processing_page(
        self, actor: Actor, request: PageRequest, activity: Activity | None = None
    ) -> TrailPage[Processing]:
        """The same with names.

        Raises:
            Forbidden, InvalidInput: see :meth:`processing`.
        """
        actor.require(Permission.AUDIT_READ)
        with self._database.read() as unit:
            found = unit.processing.page(request, activity)
            return TrailPage(found, _names(unit, (line.actor for line in found.items)))

    def reveals(
        self, actor: Actor, request: PageRequest, *, by: str = "", person_id: str = ""
    ) -> TrailPage[Reveal]:
        """Who was shown whose data in full.

        Args:
            by: login name or id of an account, ``""`` for everybody.
            person_id: of the record that was shown, ``""`` for all.

        Raises:
            Forbidden: the actor does not read the audit trail.
            InvalidInput: the cursor is not of this list.
        """
        actor.require(Permission.AUDIT_READ)
        with self._database.read() as unit:
            found = unit.reveals.page(request, actor=_account_id(unit, by), person_id=person_id)
            return TrailPage(found, _names(unit, (line.actor for line in found.items)))


def _account_id(unit: UnitOfWork, who: str) -> str:
    """Id of the account with that login name; what is none is taken for an id."""
    account = unit.accounts.by_login_name(who.strip().casefold()) if who else None
    return who.strip() if account is None else account.id


def _by_id(unit: UnitOfWork, chosen: AuditFilter) -> AuditFilter:
    return replace(chosen, actor=_account_id(unit, chosen.actor), target=_account_id(unit, chosen.target.strip()))


def _people(unit: UnitOfWork, lines: Iterable[AuditLine]) -> dict[str, str]:
    return _names(unit, (id for line in lines for id in (line.entry.actor, line.entry.target)))


def _names(unit: UnitOfWork, ids: Iterable[str]) -> dict[str, str]:
    return {id: account.display_name for id, account in unit.accounts.of_ids(sorted(set(ids))).items()}


def _newest(unit: UnitOfWork, chosen: AuditFilter) -> tuple[tuple[AuditLine, ...], bool]:
    lines: list[AuditLine] = []
    cursor = ""
    while len(lines) < MAX_EXPORTED:
        page = unit.audit.page(PageRequest(limit=MAX_PAGE_SIZE, cursor=cursor, sort="-number"), chosen)
        lines += page.items
        cursor = page.next_cursor
        if not cursor:
            break
    return tuple(lines), bool(cursor)


def _described(chosen: AuditFilter) -> dict[str, object]:
    """The filter as it was given, without what was left open."""
    values: dict[str, object] = {"actor": chosen.actor, "action": chosen.action, "target": chosen.target}
    times = {"since": chosen.since, "until": chosen.until}
    values |= {name: value.isoformat() for name, value in times.items() if value is not None}
    return {name: value for name, value in values.items() if value}
