"""The order of a list, and where in it a page goes on."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from recommender.catalogue.catalogue import UNKNOWN, Catalogue
from recommender.catalogue.facet_column import Mask, Rows
from recommender.catalogue.obvious import Tiers
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import PageRequest, cursor_of


class LibrarySort(StrEnum):
    """What a list is ordered by; ties break by id."""

    RELEVANCE = "relevance"
    """What answers the text best first."""
    RECENT = "recent"
    """What was written last first."""
    ID = "id"
    YEAR = "year"
    """The latest first: year of an achievement, of a platform's recognition, of an enterprise's founding."""


SORTS: Final[Mapping[EntityKind, tuple[LibrarySort, ...]]] = {
    EntityKind.ENTERPRISE: (LibrarySort.RECENT, LibrarySort.ID, LibrarySort.YEAR),
    EntityKind.EXPERT: (LibrarySort.RECENT, LibrarySort.ID),
    EntityKind.PLATFORM: (LibrarySort.RECENT, LibrarySort.ID, LibrarySort.YEAR),
    EntityKind.ACHIEVEMENT: (LibrarySort.RECENT, LibrarySort.ID, LibrarySort.YEAR),
}
"""Orders of each kind where nothing is asked for, the usual one first."""

Numbers = npt.NDArray[np.float64]


def sorts(kind: EntityKind, *, has_text: bool) -> tuple[LibrarySort, ...]:
    """The orders of a list, the usual one first; relevance is one where there is a text."""
    return (LibrarySort.RELEVANCE, *SORTS[kind]) if has_text else SORTS[kind]


class Ordering:
    """A list in order.

    Args:
        wanted: ``(n,)`` which records are in it.
        tiers, scores: ``(n,)`` of each record for the text: what is more obvious comes first, then what has the
            higher score. ``None`` where there is no text.
        request: a page of it, in an order of :func:`sorts`; a leading ``-`` turns it round, though not by id.

    Raises:
        InvalidInput: the kind has no such order.
    """

    def __init__(
        self, catalogue: Catalogue, wanted: Mask, request: PageRequest, *, found: "tuple[Tiers, Numbers] | None"
    ) -> None:
        name, turned = request.order(sorts(catalogue.kind, has_text=found is not None))
        self._catalogue = catalogue
        self._request = request
        self._by_id_down = turned and name == LibrarySort.ID
        rows = np.flatnonzero(wanted)
        keys = _keys(LibrarySort(name), catalogue, rows, found, sign=-1.0 if turned else 1.0)
        order = np.lexsort((-rows if self._by_id_down else rows, *reversed(keys)))
        self._rows: Rows = rows[order]
        self._keys = [key[order] for key in keys]

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def ids(self) -> list[str]:
        """All ids in order."""
        return [self._catalogue.ids[row] for row in self._rows.tolist()]

    def page(self) -> tuple[Rows, str]:
        """Rows of the page, and the cursor of the next one, ``""`` where this is the last.

        Raises:
            InvalidInput: the cursor is not of this list.
        """
        start = self._start()
        rows = self._rows[start : start + self._request.limit]
        if start + len(rows) >= len(self._rows):
            return rows, ""
        last = start + len(rows) - 1
        key = (*(key[last].item() for key in self._keys), self._catalogue.ids[int(rows[-1])])
        return rows, cursor_of(self._request, key)

    def _start(self) -> int:
        """Place of the first row behind the cursor, whether the cursor's own row is still there or not."""
        after = self._request.after(*([float] * len(self._keys)), str)
        if after is None:
            return 0
        *values, id = after
        ids = self._catalogue.ids
        if self._by_id_down:
            behind: Mask = self._rows < bisect_left(ids, str(id))
        else:
            behind = self._rows >= bisect_right(ids, str(id))
        for key, value in zip(reversed(self._keys), reversed(values), strict=True):
            number = float(value or 0)
            behind = (key > number) | ((key == number) & behind)
        found = np.flatnonzero(behind)
        return int(found[0]) if len(found) else len(self._rows)


def _keys(
    sort: LibrarySort, catalogue: Catalogue, rows: Rows, found: "tuple[Tiers, Numbers] | None", *, sign: float
) -> Sequence[Numbers]:
    """``(len(rows),)`` numbers to sort by ascending, the most important ones first."""
    match sort:
        case LibrarySort.RELEVANCE:
            assert found is not None, "relevance is an order only where there is a text"
            tiers, scores = found
            return [sign * tiers[rows].astype(np.float64), -sign * scores[rows].astype(np.float64)]
        case LibrarySort.RECENT:
            return [-sign * catalogue.updated_us[rows].astype(np.float64)]
        case LibrarySort.YEAR:
            known = catalogue.years[rows] != UNKNOWN
            years = np.where(known, catalogue.years[rows], 0).astype(np.float64)
            return [(~known).astype(np.float64), -sign * years]
    return []
