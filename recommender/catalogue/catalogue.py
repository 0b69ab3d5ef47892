"""All records of one kind as columns: what lists are made of without reading a record."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from recommender.catalogue.facet_column import FacetColumn, Mask, Rows
from recommender.catalogue.text_column import TextColumn
from recommender.domain.facets import FACETS
from recommender.domain.kinds import EntityKind

Integers = npt.NDArray[np.int64]

UNKNOWN: Final = np.iinfo(np.int64).min
"""A number that is not stated."""

_SEPARATOR: Final = ";"
"""Between several organisations, as folding leaves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRow:
    """What the catalogue keeps of one record.

    Attributes:
        version: how often it was written.
        updated_us: when last, in microseconds since 1970 (UTC).
        names: by which it is called, the present one first, all folded.
        organisation: folded, ``""`` where there is none.
        codes: numbers by which it is known beside its id, such as that of a patent.
        year: by which it may be ordered, ``None`` where unknown.
        is_withdrawn: whether it is about somebody who withdrew consent.
        chain: the 产业链 as it is written, by which reach is judged.
        facets: values by facet, in the order of :data:`recommender.domain.facets.FACETS`.
    """

    id: str
    version: int
    updated_us: int
    names: tuple[str, ...]
    organisation: str
    codes: tuple[str, ...]
    year: int | None
    is_withdrawn: bool
    chain: str
    facets: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """By which it is seen whether anything changed.

    Every change of a record raises its version; taking one back lowers it. What comes and goes changes the number
    of records. So with the latest change beside them, these three are equal only where nothing has changed.
    """

    n: int
    sum_versions: int
    updated_us: int


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The ``n`` records of a kind, ascending by id; a record's place is its row. It never changes.

    Attributes:
        ids: ascending by code point.
        names, organisations, codes, chains: see :class:`CatalogueRow`.
        versions, updated_us, years: ``(n,)``; :data:`UNKNOWN` for a year that is not known.
        withdrawn: ``(n,)``.
        facets: columns by facet.
    """

    kind: EntityKind
    ids: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    organisations: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    chains: tuple[str, ...]
    versions: Integers
    updated_us: Integers
    years: Integers
    withdrawn: Mask
    facets: Mapping[str, FacetColumn]

    @classmethod
    def empty(cls, kind: EntityKind) -> "Catalogue":
        """No record."""
        none = np.zeros(0, dtype=np.int64)
        columns = {facet.field: FacetColumn.empty() for facet in FACETS[kind]}
        return cls(kind, (), (), (), (), (), none, none, none, np.zeros(0, dtype=np.bool_), columns)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def stamp(self) -> Stamp:
        """Of what it holds."""
        newest = int(self.updated_us.max()) if len(self) else 0
        return Stamp(len(self), int(self.versions.sum()), newest)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {id: row for row, id in enumerate(self.ids)}

    @cached_property
    def name_texts(self) -> TextColumn:
        """The names, to be looked through."""
        return TextColumn.of(self.names)

    @cached_property
    def organisation_texts(self) -> TextColumn:
        """The organisations, to be looked through, each of several by itself."""
        return TextColumn.of([text.split(_SEPARATOR) for text in self.organisations])

    @cached_property
    def code_texts(self) -> TextColumn:
        """The codes, to be looked through."""
        return TextColumn.of(self.codes)

    def row_of(self, id: str) -> int | None:
        """The row of an id."""
        row = bisect_left(self.ids, id)
        return row if row < len(self.ids) and self.ids[row] == id else None

    def rows_beginning(self, prefix: str) -> range:
        """Rows of the ids that begin with a text."""
        first = bisect_left(self.ids, prefix)
        return range(first, bisect_right(self.ids, prefix, lo=first, key=lambda id: id[: len(prefix)]))

    def rows_of(self, ids: Sequence[str]) -> Rows:
        """``(len(ids),)`` rows, -1 for an id that is not here."""
        return np.array([self._places.get(id, -1) for id in ids], dtype=np.int64)

    def changes(self, marks: Mapping[str, tuple[int, int]]) -> tuple[list[str], list[str]]:
        """Ids whose record is new or another than here, and ids that are gone.

        Args:
            marks: version and time of the last change, by id, of everything there is.
        """
        held = dict(
            zip(self.ids, zip(self.versions.tolist(), self.updated_us.tolist(), strict=True), strict=True)
        )
        changed = [id for id, mark in marks.items() if held.get(id) != mark]
        return changed, [id for id in self.ids if id not in marks]

    def patched(self, rows: Sequence[CatalogueRow], removed: Collection[str] = ()) -> "Catalogue":
        """The catalogue with these rows in place of those with the same ids, and without those that are gone."""
        latest = list({row.id: row for row in rows}.values())
        leaving = {row.id for row in latest}.union(removed)
        kept = [row for row, id in enumerate(self.ids) if id not in leaving] if leaving else range(len(self))
        places = [*kept, *range(len(self), len(self) + len(latest))]
        ids = (*self.ids, *(row.id for row in latest))
        order = sorted(places, key=ids.__getitem__)
        rows_in_order = np.array(order, dtype=np.int64)

        def numbers(present: Integers, added: list[int]) -> Integers:
            return np.concatenate((present, np.array(added, dtype=np.int64)))[rows_in_order]

        names = (*self.names, *(row.names for row in latest))
        organisations = (*self.organisations, *(row.organisation for row in latest))
        codes = (*self.codes, *(row.codes for row in latest))
        chains = (*self.chains, *(row.chain for row in latest))
        withdrawn = np.array([row.is_withdrawn for row in latest], dtype=np.bool_)
        return Catalogue(
            self.kind,
            tuple(ids[place] for place in order),
            tuple(names[place] for place in order),
            tuple(organisations[place] for place in order),
            tuple(codes[place] for place in order),
            tuple(chains[place] for place in order),
            numbers(self.versions, [row.version for row in latest]),
            numbers(self.updated_us, [row.updated_us for row in latest]),
            numbers(self.years, [UNKNOWN if row.year is None else row.year for row in latest]),
            np.concatenate((self.withdrawn, withdrawn))[rows_in_order],
            {
                facet.field: self.facets[facet.field]
                .extended([row.facets[number] for row in latest])
                .taken(rows_in_order)
                for number, facet in enumerate(FACETS[self.kind])
            },
        )
