"""Weight matrices to int8: symmetric, one scale per row, and small enough not to saturate."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from embeddings.types import FloatMatrix, FloatVector

FULL_RANGE: Final = 127
"""Largest magnitude of an int8 value, for tables that are only looked up."""

PRODUCT_RANGE: Final = 64
"""Largest magnitude of an int8 value that is multiplied with uint8 activations.

Processors with AVX2 but without VNNI add two such products in 16 bits, saturating:
2 x 255 x 64 = 32,640 still fits in 32,767, 2 x 255 x 65 does not. With this range the result is exact
and hence the same with and without VNNI.
"""

OUTLIER_RATIO: Final = 4.0
"""Peak of an input channel over the median channel's peak from which on it is balanced."""


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


def outlier_factors(input_peaks: FloatVector) -> FloatVector:
    """Divisors that bring the few outlying input channels of a product down to the others' range.

    ``(x / factors) @ (matrix * factors).T`` equals ``x @ matrix.T``, but one 8-bit range then serves all
    channels of ``x`` well. Channels within :data:`OUTLIER_RATIO` times the median keep a factor of 1, for
    the weights pay with precision for what the activations gain. Powers of two: balancing itself rounds
    nothing, and the last bits of the measured peaks change no byte.

    Args:
        input_peaks: (n_in,) largest magnitude seen in each input channel.

    Returns:
        (n_in,) float32, each at least 1.
    """
    usual = OUTLIER_RATIO * max(float(np.median(input_peaks)), float(np.finfo(np.float32).tiny))
    exponents = np.rint(np.log2(np.maximum(1.0, input_peaks / usual)))
    return np.asarray(np.exp2(exponents), dtype=np.float32)
