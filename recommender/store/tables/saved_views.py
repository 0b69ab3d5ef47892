"""What accounts keep for their own use of the pages."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from recommender.store.columns import CODE_TYPE, Code
from recommender.store.tables.base import Base, Number, code_length


class SavedViewRow(Base):
    """A named set of filters; it goes with its account."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("account_id", "page", "name"),
        code_length("page"),
        code_length("name"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[Number] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(CODE_TYPE, ForeignKey("account.id", ondelete="CASCADE"))
    page: Mapped[Code]
    name: Mapped[Code]
    query: Mapped[str]
