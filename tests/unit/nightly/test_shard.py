"""The candidates of a shard as bytes."""

import pytest

from recommender.nightly.shard import ShardCandidates
from tests.unit.nightly.candidates import assert_same, shard_of

KEYS = [("need", f"XQ{number}") for number in range(9)]


@pytest.mark.parametrize("numbers", [[0], [1, 4, 8], range(9), []])
def test_round_trip(numbers: list[int]) -> None:
    shard = shard_of(numbers, KEYS)
    assert_same(ShardCandidates.from_bytes(shard.to_bytes()), shard)


def test_the_order_of_the_kinds_does_not_matter() -> None:
    shard = shard_of([1, 2], KEYS)
    turned = ShardCandidates(shard.sources, dict(reversed(shard.ranked.items())))
    assert turned.to_bytes() == shard.to_bytes()


def test_different_candidates_give_different_bytes() -> None:
    assert len({shard_of([number], KEYS).to_bytes() for number in range(9)}) == 9


@pytest.mark.parametrize("content", [b"", b"{}", shard_of([1], KEYS).to_bytes()[:-1], b"\2" + b"\0" * 7 + b"[]"])
def test_what_is_not_a_shard_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):
        ShardCandidates.from_bytes(content)
