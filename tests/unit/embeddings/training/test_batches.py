"""Batches: functions of seed and step, of distinct works, in groups of neighbours."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from embeddings.training.batches import BatchSampler, mine_neighbours
from embeddings.training.views import Pair
from tests.unit.embeddings.training.works import MARKS, marks_in, work

N_WORKS = 40
TEXTS = tuple(work(number) for number in range(N_WORKS))
GROUP_SIZE = 4


def clusters() -> npt.NDArray[np.int64]:
    """Works 0 to 3 are one another's only neighbours, so are 4 to 7, and so on."""
    rows = np.arange(N_WORKS)
    first = rows - rows % GROUP_SIZE
    return np.stack(
        [[row for row in range(f, f + GROUP_SIZE) if row != own] for own, f in zip(rows, first, strict=True)]
    )


def sampler(*, seed: int = 7, batch_size: int = 16, group_size: int = GROUP_SIZE) -> BatchSampler:
    return BatchSampler(TEXTS, clusters(), batch_size=batch_size, group_size=group_size, seed=seed)


def works_of(pairs: list[Pair]) -> list[int]:
    found = []
    for query, passage in pairs:
        (mark,) = marks_in(query) | marks_in(passage)
        found.append(MARKS.index(mark))
    return found


def test_a_batch_depends_on_seed_and_step_alone() -> None:
    forwards = sampler()
    expected = [forwards.batch(step) for step in range(6)]
    backwards = sampler()
    assert [backwards.batch(step) for step in reversed(range(6))][::-1] == expected
    assert sampler().batch(3) == expected[3]


def test_steps_and_seeds_differ() -> None:
    batches = [sampler(seed=seed).batch(step) for seed in (1, 2, 11) for step in (1, 11, 111)]
    assert all(one != other for position, one in enumerate(batches) for other in batches[:position])


@pytest.mark.parametrize("batch_size", [1, 5, 16, N_WORKS])
def test_a_batch_is_full_and_its_works_are_distinct(batch_size: int) -> None:
    for step in range(10):
        works = works_of(sampler(batch_size=batch_size).batch(step))
        assert len(works) == len(set(works)) == batch_size


def test_groups_are_neighbours() -> None:
    for step in range(20):
        works = works_of(sampler().batch(step))
        groups = {number // GROUP_SIZE for number in works}
        assert len(groups) == len(works) / GROUP_SIZE


def test_a_group_of_one_is_drawn_at_random() -> None:
    works = works_of(sampler(group_size=1).batch(0))
    assert len({number // GROUP_SIZE for number in works}) > 16 / GROUP_SIZE


def test_fewer_neighbours_than_a_group_has_places() -> None:
    works = works_of(sampler(group_size=9).batch(0))
    assert len(set(works)) == 16


def test_every_work_has_its_turn() -> None:
    seen = {number for step in range(60) for number in works_of(sampler().batch(step))}
    assert seen == set(range(N_WORKS))


def test_a_batch_uses_one_view() -> None:
    # A view that shows titles on the passage side does so in every pair.
    titles = {text.title for text in TEXTS} | {
        text.title.replace("基于", "").replace("的", "").replace("与", "") for text in TEXTS
    }
    shares = [sum(passage in titles for _, passage in sampler().batch(step)) for step in range(30)]
    assert set(shares) == {0, 16}


class TestMining:
    ANGLES = (0.0, 0.10, 0.21, 0.33, 0.46, 0.60, 0.75, 0.91)

    def vectors(self, n: int) -> npt.NDArray[np.float32]:
        return np.array([[math.cos(a), math.sin(a)] for a in self.ANGLES[:n]], dtype=np.float32)

    def test_the_nearest_three_are_left_out(self) -> None:
        found = mine_neighbours(self.vectors(8), n_neighbours=3)
        assert found.shape == (8, 3)
        for row, angle in enumerate(self.ANGLES):
            others = sorted((o for o in range(8) if o != row), key=lambda o: abs(self.ANGLES[o] - angle))
            assert found[row].tolist() == others[3:6]

    @pytest.mark.parametrize(("n", "n_kept"), [(8, 4), (5, 1), (4, 0), (2, 0)])
    def test_few_texts_have_few_neighbours(self, n: int, n_kept: int) -> None:
        assert mine_neighbours(self.vectors(n), n_neighbours=40).shape == (n, n_kept)
