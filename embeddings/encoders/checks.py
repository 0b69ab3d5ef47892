"""The last gate before a vector leaves an encoder: finite, and of unit length."""

from typing import Final

import numpy as np

from embeddings.errors import EmbeddingsError
from embeddings.types import FloatMatrix

UNIT_NORM_TOLERANCE: Final = 1e-3
"""Largest distance of a stored row's length from 1 that float32 arithmetic explains."""

_SMALLEST_NORM: Final = 1e-12


def unit_rows(rows: FloatMatrix, *, first_row: int = 0) -> FloatMatrix:
    """Scale every row to unit length.

    Args:
        rows: ``(n, dimension)`` float32 as the model gave them.
        first_row: position of ``rows[0]`` in the caller's texts, for the error's row numbers.

    Raises:
        EmbeddingsError: ``encoder.not_finite`` with ``rows``, the 1-based positions of the texts whose
            vector has NaN, infinity or no direction.
    """
    # Squares of large float32 values overflow; the length is taken in float64.
    norms = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
    bad = np.flatnonzero(~(np.isfinite(norms) & (norms > _SMALLEST_NORM)))
    if bad.size > 0:
        raise EmbeddingsError("encoder.not_finite", rows=[int(row) + first_row + 1 for row in bad])
    return (rows / norms[:, np.newaxis]).astype(np.float32)


def is_unit_row(row: FloatMatrix) -> bool:
    """Whether one stored vector is finite and of unit length (a NaN fails the comparison)."""
    norm = float(np.sqrt(np.dot(row.astype(np.float64), row.astype(np.float64))))
    return abs(norm - 1.0) <= UNIT_NORM_TOLERANCE
