"""The ranked candidates of many queries, and how they are made from what was found."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.matching.blocks.found import NOBODY, Found
from recommender.matching.blocks.kernels import Floats, Rows
from recommender.matching.blocks.linear import LinearScore


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates of one kind for ``q`` queries, at most ``k`` each, best first by the linear score.

    Attributes:
        found: who, with text score and votes.
        total: ``(q, k)`` float32 in [0, 1]; 0 where nobody is.
    """

    found: Found
    total: Floats

    @classmethod
    def of(cls, queries: Rows, found: Found, score: LinearScore, years: npt.NDArray[np.int16]) -> "Ranked":
        """Order what was found: by score, then by text, then by row, which is by id."""
        total = score.total(score.parts(queries, found, years), found)
        last = np.where(found.entities == NOBODY, np.iinfo(np.int32).max, found.entities)
        order = np.lexsort((last, -found.text, -total), axis=1)

        def sorted_rows(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
            return np.take_along_axis(values, order, axis=1)

        votes = np.take_along_axis(found.votes, order[:, :, None], axis=1)
        ranked = Found(sorted_rows(found.entities), sorted_rows(found.text), votes)
        return cls(ranked, np.maximum(sorted_rows(total), 0.0).astype(np.float32))
