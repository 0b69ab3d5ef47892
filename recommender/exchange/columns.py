"""What a column and a table of columns are; the tables themselves stand in ``tables``."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Final

from recommender.domain.entities import Record
from recommender.exchange.cells import half_width
from recommender.exchange.parsers import Parser


class TableKind(StrEnum):
    """The kinds of file, by the name the command line uses."""

    ENTERPRISES = "enterprises"
    EXPERTS = "experts"
    PLATFORMS = "platforms"
    ACHIEVEMENTS = "achievements"
    ACHIEVEMENT_PLATFORMS = "achievement-platforms"
    NEEDS = "needs"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """One field of a record as a column of a file.

    Attributes:
        field: attribute of the record.
        header: zh-CN header, as written and shown.
        aliases: other headers that mean the same.
        required: the column must be there and each row must fill it.
        parse: from a tidy, non-blank cell to the value.
        example: a value as a user would write it.
        note: zh-CN sentence on what belongs there.
        choices: closed vocabulary, if there is one.
        references: the kind of file that defines the ids this column names.
    """

    field: str
    header: str
    parse: Parser
    example: str
    note: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    choices: tuple[str, ...] = ()
    references: TableKind | None = None


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
    """

    kind: TableKind
    label: str
    subject: str
    record: type[Record]
    key: tuple[str, ...]
    columns: tuple[ColumnSpec, ...]
    derived: tuple[str, ...] = ()

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
        return tuple(column for column in self.columns if column.required)

    def knows(self, header: str) -> bool:
        """Whether a header belongs to this kind of file."""
        normal = normal_header(header)
        return normal in self.by_header or normal in self.derived_headers


_DECORATION: Final = re.compile(r"[\s*\u200b\ufeff]+")


def normal_header(header: str) -> str:
    """A header without blanks, asterisks, width and case: ``预期投入（万元）*`` is ``预期投入(万元)``."""
    return _DECORATION.sub("", half_width(header)).casefold()
