"""Files from elsewhere, whose headers are not ours: which of their columns is which field.

Somebody says it once (``文件表头=字段表头``); afterwards every file with the same headers is known by them.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from recommender.domain.errors import InvalidInput
from recommender.exchange.cells import excerpt
from recommender.exchange.columns import ColumnSpec, TableSpec, normal_header
from recommender.exchange.messages import ANNOTATION_HEADER

Choices = Mapping[str, str]
"""From the normal form of a header to the field it stands for, ``""`` where the column is not to be read."""

NO_CHOICES: Final[Choices] = {}


class ColumnOrigin(StrEnum):
    """Why a column of a file was taken for a field."""

    OWN = "表头一致"
    ALIAS = "同义的表头"
    REMEMBERED = "上次的对应"
    GIVEN = "这次指定"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMatch:
    """A column of a file and what it is read as; ``position`` counts from 1."""

    position: int
    written: str
    header: str
    origin: ColumnOrigin


@dataclass(frozen=True, kw_only=True)
class ChosenTable(TableSpec):
    """A kind of file in which some headers mean what somebody chose, whatever they mean otherwise."""

    choices: Choices = field(default_factory=dict)

    @cached_property
    def by_header(self) -> Mapping[str, ColumnSpec]:
        """Column by normal form of its header and aliases, and by the chosen headers."""
        chosen = {header: self.by_field[name] for header, name in self.choices.items() if name}
        own = {header: spec for header, spec in super().by_header.items() if header not in self.choices}
        return own | chosen

    @cached_property
    def derived_headers(self) -> frozenset[str]:
        """What is not imported: derived columns, those that are not to be read, and our own remarks."""
        not_read = {header for header, name in self.choices.items() if not name}
        return super().derived_headers - self.choices.keys() | not_read | {normal_header(ANNOTATION_HEADER)}


@dataclass(frozen=True, kw_only=True)
class SourceTable(ChosenTable):
    """A kind of file as the readers look for it in a source that they do not know yet.

    Until the headers are found, every header that somebody chose is a known one; then
    :meth:`for_headers` tells which choices hold.

    Attributes:
        given: what the user said about this file.
        remembered: choices of earlier files by :func:`source_of` their headers.
    """

    given: Choices = field(default_factory=dict)
    remembered: Mapping[str, Choices] = field(default_factory=dict)

    @classmethod
    def of(
        cls, table: TableSpec, *, given: Choices = NO_CHOICES, remembered: Mapping[str, Choices] | None = None
    ) -> "SourceTable":
        """The table with choices."""
        found = remembered or {}
        union: dict[str, str] = {}
        for choices in (*found.values(), given):
            union.update({header: name for header, name in choices.items() if name in table.by_field})
        own: dict[str, Any] = {item.name: getattr(table, item.name) for item in fields(TableSpec)}
        return cls(**own, choices=union, given=given, remembered=found)

    def for_headers(self, texts: Iterable[str]) -> ChosenTable:
        """The table for a file with these headers.

        Raises:
            InvalidInput: a header that the user named is not there.
        """
        headers = [text for text in texts if text]
        own: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(TableSpec)}
        normal = {normal_header(text) for text in headers}
        absent = next((header for header in self.given if header not in normal), None)
        if absent is not None:
            found = "、".join(excerpt(text, 20) for text in headers[:40])
            raise InvalidInput("import.map_header_absent", header=absent, found=found)
        return ChosenTable(**own, choices={**self.recalled(headers), **self.given})

    def recalled(self, headers: Iterable[str]) -> Choices:
        """What is remembered about a source with these headers."""
        choices = self.remembered.get(source_of(headers), NO_CHOICES)
        # A field that a later version dropped means nothing any more.
        return {header: name for header, name in choices.items() if not name or name in self.by_field}

    def origin(self, written: str, spec: ColumnSpec, headers: Iterable[str]) -> ColumnOrigin:
        """Why a header of a file with these headers was taken for a column."""
        normal = normal_header(written)
        if normal in self.given:
            return ColumnOrigin.GIVEN
        if normal in self.recalled(headers):
            return ColumnOrigin.REMEMBERED
        return ColumnOrigin.OWN if normal == normal_header(spec.header) else ColumnOrigin.ALIAS


def source_of(headers: Iterable[str]) -> str:
    """What a source is known by: a hash of its headers, in whatever order they stand, our remarks aside."""
    normal = {normal_header(text) for text in headers if text} - {normal_header(ANNOTATION_HEADER)}
    return hashlib.sha256("\n".join(sorted(normal)).encode()).hexdigest()


def resolved(table: TableSpec, texts: Iterable[str]) -> TableSpec:
    """The table with the choices that hold for a file with these headers.

    Raises:
        InvalidInput: a header that the user named is not there.
    """
    return table.for_headers(texts) if isinstance(table, SourceTable) else table


def parse_choices(written: Sequence[str], table: TableSpec) -> dict[str, str]:
    """What the user said, each as ``文件表头=字段表头``.

    Raises:
        InvalidInput: one has no ``=``, names no column of this kind, or repeats a header.
    """
    choices: dict[str, str] = {}
    for item in written:
        header, sign, target = (part.strip() for part in item.rpartition("="))
        if not sign or not header:
            raise InvalidInput("import.map_malformed", written=item)
        normal = normal_header(header)
        if normal in choices:
            raise InvalidInput("import.map_header_twice", header=header)
        spec = table.by_header.get(normal_header(target))
        if target and spec is None:
            known = "、".join(column.header for column in table.columns)
            raise InvalidInput(
                "import.map_field_unknown", field=target, header=header, label=table.label, known=known
            )
        choices[normal] = spec.field if spec is not None else ""
    return choices
