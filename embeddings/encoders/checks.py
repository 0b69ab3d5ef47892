"""The last gate before a vector leaves an encoder: finite, with a direction, of unit length."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import numpy as np
import numpy.typing as npt

from embeddings.errors import EmbeddingsError
from embeddings.types import FloatMatrix

_NOT_FINITE: Final = "encoder.not_finite"
_SMALLEST_NORM: Final = 1e-12


def unit_rows(rows: FloatMatrix) -> FloatMatrix:
    """Scale every row of ``(n, dimension)`` to unit length.

    Raises:
        EmbeddingsError: ``encoder.not_finite``, see :func:`require_directions`.
    """
    norms = require_directions(rows)
    return np.asarray(rows / norms[:, np.newaxis], dtype=np.float32)


def require_directions(rows: FloatMatrix) -> npt.NDArray[np.float64]:
    """Refuse vectors that point nowhere.

    Args:
        rows: ``(n, dimension)`` float32 as the model gave them.

    Returns:
        ``(n,)`` float64, the rows' lengths, all finite and positive.

    Raises:
        EmbeddingsError: ``encoder.not_finite`` with ``rows``, the 1-based positions of the vectors that
            have NaN or infinity or are zero.
    """
    # Squares of large float32 values overflow; lengths are taken in float64.
    norms = np.linalg.norm(rows.astype(np.float64), axis=1)
    bad = np.flatnonzero(~(np.isfinite(norms) & (norms > _SMALLEST_NORM)))
    if bad.size > 0:
        raise EmbeddingsError(_NOT_FINITE, rows=[int(row) + 1 for row in bad])
    return np.asarray(norms, dtype=np.float64)


@contextmanager
def rows_named_as(positions: Sequence[int]) -> Iterator[None]:
    """Name the rows of a partial call as its caller knows them.

    Args:
        positions: for each row of the partial call its 0-based position in the caller's texts.
    """
    try:
        yield
    except EmbeddingsError as error:
        rows = error.context.get("rows")
        if error.code != _NOT_FINITE or not isinstance(rows, list):
            raise
        raise EmbeddingsError(_NOT_FINITE, rows=[positions[row - 1] + 1 for row in rows]) from error
