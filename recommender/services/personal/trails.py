"""Use-cases of looking back: the audit trail and the processing log."""

from recommender.domain.accounts import Actor, Permission
from recommender.domain.auditing import AuditFilter, AuditLine
from recommender.domain.paging import Page, PageRequest
from recommender.domain.personal import Activity, Processing
from recommender.store.database import Database


class TrailService:
    """Reads what was written down."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def audit(self, actor: Actor, request: PageRequest, chosen: AuditFilter) -> Page[AuditLine]:
        """Lines of the audit trail.

        Raises:
            Forbidden: the actor does not read it.
            InvalidInput: the cursor is not of this list.
        """
        actor.require(Permission.AUDIT_READ)
        with self._database.read() as unit:
            return unit.audit.page(request, chosen)

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
