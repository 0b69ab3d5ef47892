"""Weight matrices to int8: symmetric, one scale per row, and small enough not to saturate."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from embeddings.types import FloatMatrix

FULL_RANGE: Final = 127
"""Largest magnitude of an int8 value, for tables that are only looked up."""

PRODUCT_RANGE: Final = 64
"""Largest magnitude of an int8 value that is multiplied with uint8 activations.

Processors with AVX2 but without VNNI add two such products in 16 bits, saturating:
2 x 255 x 64 = 32,640 still fits in 32,767, 2 x 255 x 65 does not. With this range the result is exact
and hence the same with and without VNNI.
"""


@dataclass(frozen=True, slots=True)
class QuantisedRows:
    """``values[i] * scales[i]`` stands for row i of the original matrix."""

    values: npt.NDArray[np.int8]
    """``(n_rows, n_columns)``."""
    scales: FloatMatrix
    """``(n_rows,)`` float32, positive."""

    def restored(self) -> FloatMatrix:
        """The matrix that the model computes with, ``(n_rows, n_columns)`` float32."""
        return self.values.astype(np.float32) * self.scales[:, np.newaxis]


def quantise_rows(matrix: FloatMatrix, *, largest: int) -> QuantisedRows:
    """Round every row to integers in [-largest, largest]; the worst error is half a row's scale.

    Args:
        matrix: ``(n_rows, n_columns)`` float32.
        largest: :data:`FULL_RANGE` or :data:`PRODUCT_RANGE`.
    """
    peaks = np.abs(matrix).max(axis=1)
    # A row of zeros has no scale of its own; any positive one restores it.
    scales = np.where(peaks > 0, peaks / largest, 1.0).astype(np.float32)
    values = np.clip(np.rint(matrix / scales[:, np.newaxis]), -largest, largest).astype(np.int8)
    return QuantisedRows(values=values, scales=scales)
