"""Which pairs are worth a comparison: those that share a key."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from itertools import combinations
from typing import Final

MAX_BUCKET: Final = 150
"""A key that more records share says too little to compare all of them: 150 make 11,175 pairs."""


def candidate_pairs(
    keys: Iterable[Iterable[Hashable]], *, among: Collection[int] | None = None, max_bucket: int = MAX_BUCKET
) -> Iterator[tuple[int, int]]:
    """Pairs of positions that share a key, ascending, each once.

    Args:
        keys: of each record, in order of position.
        among: positions of which a pair must hold at least one; by default any pair counts.
        max_bucket: keys that more records share give no pairs.
    """
    buckets: defaultdict[Hashable, list[int]] = defaultdict(list)
    for position, own in enumerate(keys):
        for key in dict.fromkeys(own):
            buckets[key].append(position)
    wanted = None if among is None else frozenset(among)
    found = {
        pair
        for bucket in buckets.values()
        if 1 < len(bucket) <= max_bucket
        for pair in combinations(bucket, 2)
        if wanted is None or pair[0] in wanted or pair[1] in wanted
    }
    yield from sorted(found)


def deletions(text: str) -> Iterator[str]:
    """The text, and the text without each of its characters.

    Two texts that differ by one edit, or by two characters changing places, share one of these.
    """
    yield text
    for position in range(len(text)):
        yield text[:position] + text[position + 1 :]
