"""Rounding of weights: error bounds, saturation, balancing."""

import numpy as np
import pytest

from embeddings.training.quantise import (
    FULL_RANGE,
    OUTLIER_RATIO,
    PRODUCT_RANGE,
    outlier_factors,
    quantise_rows,
)


@pytest.mark.parametrize("largest", [FULL_RANGE, PRODUCT_RANGE])
def test_error_is_at_most_half_a_step(largest: int) -> None:
    matrix = np.random.default_rng(0).normal(size=(7, 50)).astype(np.float32)
    matrix[3] = 0
    rows = quantise_rows(matrix, largest=largest)
    steps = np.abs(matrix).max(axis=1, keepdims=True) / largest
    assert np.all(np.abs(rows.restored() - matrix) <= steps / 2 + 1e-6)
    assert np.abs(rows.values).max() == largest
    np.testing.assert_array_equal(rows.restored()[3], 0)


def test_two_products_fit_in_sixteen_bits() -> None:
    assert 2 * 255 * PRODUCT_RANGE <= 2**15 - 1 < 2 * 255 * (PRODUCT_RANGE + 1)


def test_only_outlying_channels_are_divided() -> None:
    usual = OUTLIER_RATIO * 1.0
    peaks = np.array([1, 1, 1, 0.5, 0, usual, 8 * usual], dtype=np.float32)
    np.testing.assert_array_equal(outlier_factors(peaks), [1, 1, 1, 1, 1, 1, 8])


def test_silent_channels_need_no_balance() -> None:
    np.testing.assert_array_equal(outlier_factors(np.zeros(3, dtype=np.float32)), [1, 1, 1])
