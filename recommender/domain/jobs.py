"""What every job in the background tells: how far it is, and why it came to nothing."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class JobFault:
    """Why a job came to nothing: the code of an error and the facts that its sentence names."""

    code: str
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a job is; ``total`` is ``None`` where it is not known yet."""

    stage: str = ""
    done: int = 0
    total: int | None = None

    @property
    def ratio(self) -> float | None:
        """From 0 to 1, ``None`` where it is not known."""
        return min(1.0, self.done / self.total) if self.total else None
