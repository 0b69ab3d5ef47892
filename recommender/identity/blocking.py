"""Which pairs are worth a comparison: those that share a key."""

from array import array
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final, TypeVar

import numpy as np

from recommender.identity.progress import Phase, Watch, unwatched, watched

R = TypeVar("R")

MAX_BUCKET: Final = 60
"""A key that more records share says too little to compare all of them: 60 make 1,770 pairs."""


def candidate_pairs(
    records: Sequence[R],
    keys_of: Callable[[R], Iterable[Hashable]],
    *,
    among: Collection[int] | None = None,
    max_bucket: int = MAX_BUCKET,
    watch: Watch = unwatched,
) -> Iterator[tuple[int, int]]:
    """Pairs of positions whose records share a key, ascending, each once.

    Args:
        keys_of: keys of a record; called twice for each.
        among: positions of which a pair must hold at least one; by default any pair counts.
        max_bucket: keys that more records share give no pairs.
        watch: told how far the grouping is, then how many pairs were given out.
    """
    wanted = None if among is None else frozenset(among)
    # One number a pair: a city makes millions of pairs, of which many share several keys.
    found = array("Q")
    for bucket in _buckets(records, keys_of, watch):
        if 1 < len(bucket) <= max_bucket and (wanted is None or not wanted.isdisjoint(bucket)):
            found.extend(
                one << _SHIFT | other
                for one, other in combinations(bucket, 2)
                if wanted is None or one in wanted or other in wanted
            )
    pairs = np.unique(np.frombuffer(found, dtype=np.uint64))
    for pair in watched(pairs, Phase.COMPARE, watch, total=len(pairs)):
        yield int(pair) >> _SHIFT, int(pair) & _LOW


def _buckets(
    records: Sequence[R], keys_of: Callable[[R], Iterable[Hashable]], watch: Watch
) -> Iterable[list[int]]:
    """Positions by key, for keys that occur at least twice.

    Nine keys of ten occur once. They are told by their hashes first, so that they are never all in memory.
    """
    n = len(records)
    hashes = array("q")
    for record in watched(records, Phase.GROUP, watch, total=2 * n):
        hashes.extend(map(hash, dict.fromkeys(keys_of(record))))
    _, inverse, counts = np.unique(np.frombuffer(hashes, np.int64), return_inverse=True, return_counts=True)
    repeated = iter((counts[inverse] > 1).tolist())
    buckets: dict[Hashable, list[int]] = {}
    for position, record in enumerate(watched(records, Phase.GROUP, watch, total=2 * n, before=n)):
        for key in dict.fromkeys(keys_of(record)):
            if next(repeated):
                buckets.setdefault(key, []).append(position)
    return buckets.values()


_SHIFT: Final = 32
_LOW: Final = (1 << _SHIFT) - 1


def deletions(text: str) -> Iterator[str]:
    """The text, and the text without each of its characters.

    Two texts that differ by one edit, or by two characters changing places, share one of these.
    """
    yield text
    for position in range(len(text)):
        yield text[:position] + text[position + 1 :]
