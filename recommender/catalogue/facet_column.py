"""One facet of many records: who has which value, and how often each occurs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class FacetColumn:
    """Values of ``n`` records as a compressed sparse table.

    Attributes:
        values: distinct texts; their positions are the codes.
        starts: ``(n + 1,)``; record ``r`` has ``codes[starts[r]:starts[r + 1]]``, at least one.
        codes: int32.
    """

    values: tuple[str, ...]
    starts: Rows
    codes: npt.NDArray[np.int32]

    @classmethod
    def empty(cls) -> "FacetColumn":
        """The column of no record."""
        return cls((), np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32))

    def extended(self, texts: Sequence[tuple[str, ...]]) -> "FacetColumn":
        """With further records at the end.

        Args:
            texts: values of each, at least one, without repetition.
        """
        codes = {value: code for code, value in enumerate(self.values)}
        added = [codes.setdefault(text, len(codes)) for text in chain.from_iterable(texts)]
        ends = self.starts[-1] + np.cumsum([len(each) for each in texts], dtype=np.int64)
        return FacetColumn(
            tuple(codes),
            np.concatenate((self.starts, ends)).astype(np.int64),
            np.concatenate((self.codes, np.array(added, dtype=np.int32))),
        )

    def taken(self, rows: Rows) -> "FacetColumn":
        """These records, in this order."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        # Place k of a record in the new column is place k of the same record in the old one.
        places = np.arange(starts[-1]) + np.repeat(self.starts[rows] - starts[:-1], lengths)
        return FacetColumn(self.values, starts, self.codes[places])

    def having(self, wanted: Collection[str]) -> Mask:
        """``(n,)`` whether a record has one of the values."""
        codes = [code for code, value in enumerate(self.values) if value in wanted]
        if not codes:
            return np.zeros(len(self.starts) - 1, dtype=np.bool_)
        is_wanted = np.zeros(len(self.values), dtype=np.bool_)
        is_wanted[codes] = True
        hits = is_wanted[self.codes]
        return hits if self._is_single else np.logical_or.reduceat(hits, self.starts[:-1])

    def counts(self, among: Mask) -> dict[str, int]:
        """How many of the records in ``(n,)`` ``among`` have each value; values that none has are left out."""
        of_these = among if self._is_single else np.repeat(among, np.diff(self.starts))
        counted = np.bincount(self.codes[of_these], minlength=len(self.values))
        return {self.values[code]: int(counted[code]) for code in np.flatnonzero(counted)}

    @property
    def _is_single(self) -> bool:
        return len(self.codes) == len(self.starts) - 1
