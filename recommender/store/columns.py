"""How domain values lie in columns; each type restores exactly what was given to it."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Generic, TypeVar

from sqlalchemy import JSON, ColumnElement, DateTime, Dialect, Text, cast, func
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

E = TypeVar("E", bound=StrEnum)

CODE_TYPE: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""External codes sort by code point on both databases, whatever the locale of the PostgreSQL database."""

Code = Annotated[str, mapped_column(CODE_TYPE)]


class OptionalCode(TypeDecorator[str]):
    """A reference that may be absent: ``""`` in the domain, NULL in the table so that a foreign key holds."""

    impl = CODE_TYPE
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return value or None

    def process_result_value(self, value: str | None, dialect: Dialect) -> str:  # noqa: ARG002
        return value or ""


def listed(column: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
    """The values of a group as one JSON list; those of several columns in one statement in the same order."""
    if dialect.name == "sqlite":
        return func.json_group_array(column, type_=Text())
    return cast(func.json_agg(column), Text)


class TextTuple(TypeDecorator[tuple[str, ...]]):
    """A tuple of texts as a JSON list."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> list[str]:  # noqa: ARG002
        return list(value or ())

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002
        # Nothing where the row of a join is missing.
        return tuple(value or ())


class EnumText(TypeDecorator[E], Generic[E]):
    """A member of a closed vocabulary, stored as its zh-CN value so that the table can be read."""

    impl = Text
    cache_ok = True

    def __init__(self, vocabulary: type[E]) -> None:
        super().__init__()
        self.vocabulary = vocabulary

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else self.vocabulary(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:  # noqa: ARG002
        return None if value is None else self.vocabulary(value)


class EnumTuple(TypeDecorator[tuple[E, ...]], Generic[E]):
    """Members of a closed vocabulary as a JSON list of their values."""

    impl = JSON
    cache_ok = True

    def __init__(self, vocabulary: type[E]) -> None:
        super().__init__()
        self.vocabulary = vocabulary

    def process_bind_param(self, value: tuple[E, ...] | None, dialect: Dialect) -> list[str]:  # noqa: ARG002
        return [self.vocabulary(item).value for item in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[E, ...]:  # noqa: ARG002
        return tuple(self.vocabulary(item) for item in value)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. SQLite keeps no zone, so everything is stored as UTC and comes back as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
