"""What figures are summed from, kept so that nobody has to read every step and every suggestion for them.

Both tables follow from others and are written in the transaction that changes those; tests compare them with what
they follow from.
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from recommender.domain.kinds import EntityKind
from recommender.store.columns import Code
from recommender.store.tables.base import NUMBER_TYPE, Base, Number

_SECONDS = NUMBER_TYPE


class CaseReachRow(Base):
    """When a match first reached each stage by a step that nobody took back, in seconds since 1970 (UTC).

    ``latest`` is the time of the last such step. A match that nobody has decided on, or of which all
    was taken back, has no row.
    """

    __tablename__ = "case_reach"

    case_number: Mapped[Number] = mapped_column(
        ForeignKey("match_case.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    opened: Mapped[int] = mapped_column(_SECONDS)
    confirmed: Mapped[int | None] = mapped_column(_SECONDS)
    recommended: Mapped[int | None] = mapped_column(_SECONDS)
    interested: Mapped[int | None] = mapped_column(_SECONDS)
    accepted: Mapped[int | None] = mapped_column(_SECONDS)
    contacted: Mapped[int | None] = mapped_column(_SECONDS)
    signed: Mapped[int | None] = mapped_column(_SECONDS)
    completed: Mapped[int | None] = mapped_column(_SECONDS)
    latest: Mapped[int] = mapped_column(_SECONDS)


class BestScoreRow(Base):
    """The best score that a run has for a need or an enterprise, by kind of target; NULL where it has none."""

    __tablename__ = "best_score"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    run_number: Mapped[Number] = mapped_column(
        ForeignKey("match_run.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    source_kind: Mapped[EntityKind] = mapped_column(primary_key=True)
    source_id: Mapped[Code] = mapped_column(primary_key=True)
    expert: Mapped[float | None]
    platform: Mapped[float | None]
    achievement: Mapped[float | None]
