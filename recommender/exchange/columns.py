"""What a column and a table of columns are; the tables themselves stand in ``tables``."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from dataclasses import field as record_field
from enum import StrEnum
from functools import cached_property
from typing import Final

from recommender.domain.entities import Record
from recommender.exchange.cells import half_width
from recommender.exchange.forms import Form
from recommender.exchange.issues import BadValue
from recommender.exchange.parsers import Parser
from recommender.exchange.renderers import Rendered

BASICS: Final = "基本信息"
CONTENT: Final = "内容"
COOPERATION: Final = "合作"
CONTACT: Final = "联系方式"
ADMINISTRATION: Final = "管理"


class TableKind(StrEnum):
    """The kinds of file, by the name the command line uses."""

    ENTERPRISES = "enterprises"
    ENTERPRISE_FACTS = "enterprise-facts"
    EXPERTS = "experts"
    PLATFORMS = "platforms"
    ACHIEVEMENTS = "achievements"
    ACHIEVEMENT_PLATFORMS = "achievement-platforms"
    NEEDS = "needs"


class PersonalData(StrEnum):
    """What kind of personal data a column holds; exports mask each in its own way."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    NOTE = "note"


class BadRow(BadValue):
    """Columns of a row that do not go together; ``field`` is the one to look at."""

    def __init__(self, field: str, code: str, **context: object) -> None:
        self.field = field
        super().__init__(code, **context)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """One field of a record as a column of a file: template, validation, documentation, import and export.

    Attributes:
        field: attribute of the record.
        header: zh-CN header, as written and shown.
        form: how its values are read, written and shown.
        example: a value as a user would write it.
        note: zh-CN sentence on what belongs there.
        group: heading under which notes and documentation list it.
        aliases: other headers that mean the same.
        required: the column must be there and each row must fill it.
        must_exist: the column must be there, though its cells may be empty.
        references: the kind of file that defines the ids this column names.
        personal: what kind of personal data it holds, if any.
        parse: the form's, at hand where every cell of a file goes through.
    """

    field: str
    header: str
    form: Form
    example: str
    note: str
    group: str = BASICS
    aliases: tuple[str, ...] = ()
    required: bool = False
    must_exist: bool = False
    references: TableKind | None = None
    personal: PersonalData | None = None
    parse: Parser = record_field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parse", self.form.parse)

    @property
    def choices(self) -> tuple[str, ...]:
        """Words to choose from, if there is a list."""
        return self.form.choices or self.form.listed()

    @property
    def unit(self) -> str:
        """Unit of the numbers, ``""`` where there is none."""
        return self.form.unit

    def render(self, value: object) -> Rendered:
        """The cell for a value, which :attr:`parse` reads as the same value; ``None`` for an empty one."""
        return None if value is None or value in ("", ()) else self.form.render(value)


Settle = Callable[[dict[str, object], Callable[..., None]], dict[str, object]]
"""From the values of a row, by field, and ``warn(field, code, **context)`` to the values of the record."""


def _as_read(values: dict[str, object], warn: Callable[..., None]) -> dict[str, object]:  # noqa: ARG001
    return values


@dataclass(frozen=True, kw_only=True)
class TableSpec:
    """One kind of file.

    Attributes:
        kind, label: what it is called on the command line and in sentences.
        subject: singular English name, for the audit trail.
        record: the dataclass that a row becomes.
        key: fields that make the id, in order.
        columns: in the order a template shows them.
        derived: headers that are known but not imported: the system counts them itself.
        settle: what has to be decided from several columns at once; raises :class:`BadRow`.
        settled: fields that ``settle`` decides in every row, whether the file has their column or not.
    """

    kind: TableKind
    label: str
    subject: str
    record: type[Record]
    key: tuple[str, ...]
    columns: tuple[ColumnSpec, ...]
    derived: tuple[str, ...] = ()
    settle: Settle = _as_read
    settled: frozenset[str] = frozenset()

    @cached_property
    def by_header(self) -> Mapping[str, ColumnSpec]:
        """Column by normal form of its header and aliases."""
        return {
            normal_header(name): column for column in self.columns for name in (column.header, *column.aliases)
        }

    @cached_property
    def derived_headers(self) -> frozenset[str]:
        """Normal forms of :attr:`derived`."""
        return frozenset(map(normal_header, self.derived))

    @cached_property
    def by_field(self) -> Mapping[str, ColumnSpec]:
        """Column by field."""
        return {column.field: column for column in self.columns}

    @cached_property
    def defaults(self) -> Mapping[str, object]:
        """What a field holds where nothing is said about it."""
        return {item.name: item.default for item in fields(self.record) if item.default is not MISSING}

    @cached_property
    def required(self) -> tuple[ColumnSpec, ...]:
        """Columns that must be there."""
        return tuple(column for column in self.columns if column.required or column.must_exist)

    def knows(self, header: str) -> bool:
        """Whether a header belongs to this kind of file."""
        normal = normal_header(header)
        return normal in self.by_header or normal in self.derived_headers

    def build(self, values: dict[str, object], warn: Callable[..., None]) -> Record:
        """The record of a row.

        Args:
            values: by field, of the columns that the file has.
            warn: told ``field, code, **context`` of what is taken but should be looked at.

        Raises:
            BadRow: the values do not go together.
        """
        return self.record(**self.settle(values, warn))  # type: ignore[arg-type]

    def render_row(self, record: Record, columns: Sequence[ColumnSpec] | None = None) -> tuple[Rendered, ...]:
        """A record as cells, of all columns or of some: importing them gives the same record again.

        Text is handed on as it is: who writes a file sees to it that none becomes a formula.
        """
        return tuple(column.render(getattr(record, column.field)) for column in columns or self.columns)


_DECORATION: Final = re.compile(r"[\s*\u200b\ufeff]+")


def normal_header(header: str) -> str:
    """A header without blanks, asterisks, width and case: ``预期投入（万元）*`` is ``预期投入(万元)``."""
    return _DECORATION.sub("", half_width(header)).casefold()
