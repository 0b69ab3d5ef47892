"""Short texts of many records as one, so that looking through all of them is one search in one text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.catalogue.facet_column import Rows

_BETWEEN = "\n"
"""Stands before and after every text; no folded text holds it."""


@dataclass(frozen=True, slots=True, eq=False)
class TextColumn:
    """Texts of ``n`` records, each of which may have several.

    Attributes:
        whole: all texts.
        starts: ``(n,)`` where the texts of each record begin in it.
    """

    whole: str
    starts: Rows

    @classmethod
    def of(cls, texts: Sequence[Iterable[str]]) -> "TextColumn":
        """From the folded texts of each record."""
        joined = [_BETWEEN.join(each) for each in texts]
        lengths = np.fromiter(map(len, joined), np.int64, len(joined))
        starts = 1 + np.concatenate(([0], np.cumsum(lengths + 1)[:-1])) if joined else lengths
        return cls(f"{_BETWEEN}{_BETWEEN.join(joined)}{_BETWEEN}", starts.astype(np.int64))

    def holding(self, parts: Sequence[str]) -> Rows:
        """Rows of the records whose texts hold all of these parts, at least one of them; ascending."""
        found = self._rows(parts[0])
        for part in parts[1:]:
            found = np.intersect1d(found, self._rows(part), assume_unique=True)
        return found

    def equal(self, text: str) -> Rows:
        """Rows of the records of which a text is this one; ascending."""
        return self._rows(f"{_BETWEEN}{text}{_BETWEEN}", shift=1)

    def _rows(self, part: str, *, shift: int = 0) -> Rows:
        places = []
        step = len(part) - shift
        place = self.whole.find(part)
        while place >= 0:
            places.append(place + shift)
            place = self.whole.find(part, place + step)
        return np.unique(np.searchsorted(self.starts, places, side="right") - 1).astype(np.int64)
