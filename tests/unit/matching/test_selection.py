"""The best of many scores, against a plain sort by score and position."""

from itertools import chain, islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.matching.selection import best, best_first, best_first_blocks

# Few distinct values, so that most lists hold ties; both zeros, which are equal.
SCORES = st.lists(st.sampled_from([-1.5, -0.0, 0.0, 0.25, 3.0]), max_size=40)


def sorted_positions(values: list[float]) -> list[int]:
    return sorted(range(len(values)), key=lambda position: (-values[position], position))


@given(values=SCORES, k=st.integers(1, 45))
def test_the_best_are_the_beginning_of_the_full_order_ties_included(values: list[float], k: int) -> None:
    scores = np.array(values, dtype=np.float32)
    assert best_first(scores).tolist() == sorted_positions(values)
    assert best(scores, k).tolist() == sorted_positions(values)[:k]


@given(values=SCORES, size=st.integers(1, 12))
def test_blocks_put_together_are_the_full_order(values: list[float], size: int) -> None:
    blocks = [block.tolist() for block in best_first_blocks(np.array(values, dtype=np.float32), size)]
    assert list(chain.from_iterable(blocks)) == sorted_positions(values)
    assert all(len(block) == size for block in blocks[:-1])


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_a_tie_at_the_border_goes_to_the_first_position(k: int) -> None:
    scores = np.array([1.0, 2.0, 1.0, 1.0, 2.0], dtype=np.float32)
    assert best(scores, k).tolist() == [1, 4, 0, 2][:k]


def test_a_second_block_continues_where_the_first_ended() -> None:
    scores = np.zeros(7, dtype=np.float32)
    assert [block.tolist() for block in islice(best_first_blocks(scores, 3), 2)] == [[0, 1, 2], [3, 4, 5]]
