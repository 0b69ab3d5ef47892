"""Where needs stand in their workflow; what they say is :class:`recommender.domain.entities.Need`."""

from dataclasses import dataclass
from datetime import datetime

from recommender.domain.workflow import NeedState


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedProgress:
    """Where a need stands.

    Attributes:
        version: 0 where nothing was ever decided, as with imported needs, which count as published; then one
            more with every step.
        filed_by: account that wrote the need, ``""`` where it was imported.
        due_at, due: until when something is expected, and what (zh-CN); ``None`` and ``""`` for nothing.
    """

    need_id: str
    state: NeedState = NeedState.PUBLISHED
    version: int = 0
    filed_by: str = ""
    due_at: datetime | None = None
    due: str = ""
    updated_at: datetime | None = None
