"""Vectors without a direction never pass."""

import numpy as np
import pytest

from embeddings.encoders.checks import require_directions, rows_named_as, unit_rows
from embeddings.errors import EmbeddingsError


def test_rows_are_scaled_to_unit_length() -> None:
    rows = np.array([[3, 4], [0, -2]], dtype=np.float32)
    np.testing.assert_allclose(unit_rows(rows), [[3 / 5, 4 / 5], [0, -1]], atol=1e-7)


def test_huge_values_do_not_overflow() -> None:
    rows = np.array([[3e30, 4e30]], dtype=np.float32)
    np.testing.assert_allclose(unit_rows(rows), [[3 / 5, 4 / 5]], atol=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 0.0])
def test_rows_without_direction_are_named_from_one(bad: float) -> None:
    rows = np.array([[1, 0], [bad, 0], [0, 1], [0, bad]], dtype=np.float32)
    with pytest.raises(EmbeddingsError) as caught:
        unit_rows(rows)
    assert caught.value.code == "encoder.not_finite"
    assert caught.value.context["rows"] == [2, 4]


def test_rows_of_a_partial_call_get_the_callers_numbers() -> None:
    with pytest.raises(EmbeddingsError) as caught, rows_named_as([7, 9]):
        require_directions(np.array([[1, 1], [0, 0]], dtype=np.float32))
    assert caught.value.context["rows"] == [9 + 1]
