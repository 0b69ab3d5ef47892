"""Writes down what is done with personal data: one line of the audit trail and one of the processing log."""

from collections.abc import Callable
from datetime import datetime

from recommender.domain.match import AuditEntry
from recommender.domain.personal import Activity, LegalBasis, Processing
from recommender.store.unit_of_work import UnitOfWork


class PersonalTrail:
    """Both lines say when, who and what for; neither holds what is personal."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def note(
        self,
        unit: UnitOfWork,
        *,
        actor: str,
        action: str,
        target: str,
        activity: Activity,
        purpose: str,
        basis: LegalBasis,
        categories: tuple[str, ...],
        n_persons: int = 1,
        detail: dict[str, object] | None = None,
    ) -> None:
        """Add both lines.

        Args:
            action: of the audit trail, such as ``personal:consent:record``.
            target: id of whom or what it is about.
        """
        at = self._now()
        unit.audit.append(AuditEntry(at=at, actor=actor, action=action, target=target, detail=detail or {}))
        line = Processing(
            at=at,
            actor=actor,
            activity=activity,
            purpose=purpose,
            basis=basis,
            categories=categories,
            n_persons=n_persons,
        )
        unit.processing.add(line)
