"""Reading the audit trail: which lines are wanted."""

from dataclasses import dataclass
from datetime import datetime

from recommender.domain.match import AuditEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """What lines must fit; empty means all.

    Attributes:
        actor, target: exactly.
        action: how it begins, such as ``personal:``.
        since, until: from then on, and before then.
    """

    actor: str = ""
    action: str = ""
    target: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line with its number, which counts up."""

    number: int
    entry: AuditEntry
