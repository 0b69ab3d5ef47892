"""Mean and spread of BM25 over every population in one pass: most scores are 0, and rows count in several."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recommender.domain.kinds import EntityKind
from recommender.matching.blocks import kernels
from recommender.matching.blocks.kernels import Bars, Floats, Rows
from recommender.matching.blocks.population import Population


@dataclass(frozen=True, slots=True)
class WordGroups:
    """The populations of an index, and all of it (``None``), as groups of rows.

    Attributes:
        sizes: number of rows by group, in the order of the groups.
        classes: ``(rows,)`` bit ``g`` set for rows of group ``g``: rows of one class belong to the same groups.
    """

    sizes: Mapping[EntityKind | None, int]
    classes: Bars

    @classmethod
    def of(cls, n_rows: int, populations: Mapping[EntityKind, Population]) -> "WordGroups":
        """The groups of an index of ``n_rows`` passages."""
        classes = np.ones(n_rows, dtype=np.uint8)
        for group, population in enumerate(populations.values(), start=1):
            classes[population.rows] |= np.uint8(1 << group)
        return cls({None: n_rows, **{kind: len(each.rows) for kind, each in populations.items()}}, classes)

    def moments(self, scores: Floats, touched: Rows) -> dict[EntityKind | None, tuple[float, float]]:
        """Mean and standard deviation of ``(rows,)`` scores within each group; 0 and 0 where it is empty.

        ``touched`` are the rows whose score is not 0.
        """
        n_classes = 1 << len(self.sizes)
        sums, squares = kernels.sums_and_squares(scores, touched, self.classes, n_classes)
        found = {}
        for group, (kind, size) in enumerate(self.sizes.items()):
            inside = np.arange(n_classes) >> group & 1 == 1
            mean = sums[inside].sum() / max(size, 1)
            variance = squares[inside].sum() / max(size, 1) - mean * mean
            found[kind] = (float(mean), float(np.sqrt(max(variance, 0.0))))
        return found
