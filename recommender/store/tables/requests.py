"""Requests that carry a key."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.requests import RequestState
from recommender.store.columns import Code, EnumText
from recommender.store.tables.base import Base


class KeyedRequestRow(Base):
    """One request with a key; its answer is sealed by that key, which is not here."""

    __tablename__ = "keyed_request"

    id: Mapped[Code] = mapped_column(primary_key=True)
    mark: Mapped[str]
    holder: Mapped[str]
    state: Mapped[RequestState] = mapped_column(EnumText(RequestState))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[bytes]
