"""What is taken over from the night before, against what a new search would find."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.nightly.carrying import Carried, Roll, Why, carry, compare
from recommender.nightly.shard import ShardCandidates
from tests.unit.nightly.candidates import assert_same, shard_of

HASH_BYTES = 16


def roll(contents: dict[str, int], *, catalogue: str = "same") -> Roll:
    """Sources in the order given; what each says is a number."""
    hashes = np.array([[content] * HASH_BYTES for content in contents.values()], dtype=np.uint8)
    return Roll([("need", name) for name in contents], hashes.reshape(len(contents), HASH_BYTES), catalogue)


def everything(n: int) -> Callable[[], npt.NDArray[np.bool_]]:
    return lambda: np.ones(n, dtype=np.bool_)


def never_asked() -> npt.NDArray[np.bool_]:
    raise AssertionError("what is there does not matter here")


@dataclass(frozen=True)
class Nights:
    """Two nights: sources leave, come, change their place and their content; some candidates were lost."""

    before: dict[str, int]
    tonight: dict[str, int]
    shards: list[list[int]]
    """Numbers of the former sources whose candidates are there, by shard."""

    @property
    def available(self) -> npt.NDArray[np.bool_]:
        kept = np.zeros(len(self.before), dtype=np.bool_)
        kept[[number for shard in self.shards for number in shard]] = True
        return kept

    @property
    def former_shards(self) -> list[ShardCandidates]:
        keys = roll(self.before).keys
        return [shard_of(numbers, keys) for numbers in self.shards]


@st.composite
def two_nights(draw: st.DrawFn) -> Nights:
    names = st.sampled_from("甲乙丙丁戊己庚辛")
    contents = st.integers(0, 1)
    before = draw(st.dictionaries(names, contents, min_size=1))
    tonight = draw(st.dictionaries(names, contents))
    numbers = draw(st.permutations(range(len(before))))
    n_lost = draw(st.integers(0, len(before)))
    kept = numbers[n_lost:] if draw(st.booleans()) else numbers
    cut = draw(st.integers(0, len(kept)))
    return Nights(before, tonight, [part for part in (kept[:cut], kept[cut:]) if part])


@settings(deadline=None)
@given(nights=two_nights())
def test_as_a_new_search_would_find(nights: Nights) -> None:
    tonight = roll(nights.tonight)
    compared = compare(tonight, roll(nights.before), lambda: nights.available)
    taken = carry(compared, nights.former_shards)
    numbers = [number for shard in taken for number in shard.sources.tolist()]
    assert sorted([*numbers, *compared.stale.tolist()]) == list(range(len(nights.tonight)))
    for shard in taken:
        assert_same(shard, shard_of(shard.sources.tolist(), tonight.keys))


@settings(deadline=None)
@given(nights=two_nights())
def test_only_what_must_be_is_worked_on(nights: Nights) -> None:
    compared = compare(roll(nights.tonight), roll(nights.before), lambda: nights.available)
    there = dict(zip(nights.before, nights.available.tolist(), strict=True))
    why = []
    for name, content in nights.tonight.items():
        if name not in nights.before:
            why.append(Why.NEW)
        elif content != nights.before[name]:
            why.append(Why.CHANGED)
        elif not there[name]:
            why.append(Why.FIRST)
        else:
            why.append(None)
    assert compared.stale.tolist() == [number for number, reason in enumerate(why) if reason]
    assert compared.reasons == {reason: why.count(reason) for reason in Why if reason in why}
    places = list(nights.before)
    expected = [-1 if why[number] else places.index(name) for number, name in enumerate(nights.tonight)]
    assert compared.former.tolist() == expected


def assert_everything_is_worked_on(compared: Carried, n: int, why: Why) -> None:
    assert compared.stale.tolist() == list(range(n))
    assert compared.reasons == ({why: n} if n else {})
    assert carry(compared, []) == []


@pytest.mark.parametrize("n", [0, 3])
def test_the_first_night(n: int) -> None:
    contents = dict.fromkeys("甲乙丙"[:n], 0)
    assert_everything_is_worked_on(compare(roll(contents), None, never_asked), n, Why.FIRST)


@pytest.mark.parametrize("n", [0, 3])
def test_another_catalogue(n: int) -> None:
    contents = dict.fromkeys("甲乙丙"[:n], 0)
    before = roll(contents, catalogue="other")
    assert_everything_is_worked_on(compare(roll(contents), before, never_asked), n, Why.CATALOGUE)


def test_an_id_of_another_kind_is_another_source() -> None:
    tonight = roll({"甲": 0})
    before = Roll([("enterprise", "甲")], tonight.hashes, tonight.catalogue)
    assert compare(tonight, before, everything(1)).reasons == {Why.NEW: 1}


def test_one_byte_of_a_hash_is_enough() -> None:
    tonight = roll({"甲": 0, "乙": 0})
    hashes = tonight.hashes.copy()
    hashes[1, -1] ^= 1
    compared = compare(tonight, Roll(tonight.keys, hashes, tonight.catalogue), everything(2))
    assert compared.stale.tolist() == [1]
    assert compared.reasons == {Why.CHANGED: 1}
