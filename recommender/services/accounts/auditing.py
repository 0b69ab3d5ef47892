"""How use-cases of accounts are written down: who, when, what; never a secret."""

from collections.abc import Callable
from datetime import datetime

from recommender.domain.match import AuditEntry
from recommender.store.unit_of_work import UnitOfWork


class AccountAudit:
    """Adds lines to the audit trail.

    Args:
        now: the clock.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def record(self, unit: UnitOfWork, actor_id: str, action: str, target: str, **detail: object) -> None:
        """Add ``account:<action>`` of an account, session or token."""
        entry = AuditEntry(
            at=self._now(), actor=actor_id, action=f"account:{action}", target=target, detail=detail
        )
        unit.audit.append(entry)
