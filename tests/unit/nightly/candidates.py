"""Candidates made up for tests: those of a source depend on its key and on nothing else."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from recommender.domain.kinds import EntityKind
from recommender.matching.blocks.candidates import Ranked
from recommender.matching.blocks.found import NOBODY, Found
from recommender.nightly.carrying import SourceKey
from recommender.nightly.shard import ShardCandidates

KINDS: Final = (EntityKind.EXPERT, EntityKind.PLATFORM)
DEPTH: Final = 4
N_VOTES: Final = 2
N_ENTITIES: Final = 20


def ranked_of(keys: Sequence[SourceKey], kind: EntityKind) -> Ranked:
    """What a search finds for these sources; a few find less than there is room for."""
    entities = np.full((len(keys), DEPTH), NOBODY, dtype=np.int32)
    text, total = (np.zeros((len(keys), DEPTH), dtype=np.float32) for _ in range(2))
    votes = np.full((len(keys), DEPTH, N_VOTES), -1, dtype=np.int32)
    for row, key in enumerate(keys):
        seed = hashlib.sha256(repr((key, kind)).encode()).digest()
        rng = np.random.default_rng(list(seed))
        n = int(rng.integers(0, DEPTH + 1))
        entities[row, :n] = rng.choice(N_ENTITIES, n, replace=False)
        text[row, :n] = rng.normal(2, 3, n)
        total[row, :n] = -np.sort(-rng.random(n))
        votes[row, :n] = rng.integers(0, 99, (n, N_VOTES))
    return Ranked(Found(entities, text, votes), total)


def shard_of(numbers: Iterable[int], keys: Sequence[SourceKey]) -> ShardCandidates:
    """The candidates of the sources of these numbers."""
    ascending = sorted(numbers)
    of_these = [keys[number] for number in ascending]
    return ShardCandidates(
        np.array(ascending, dtype=np.int32), {kind: ranked_of(of_these, kind) for kind in KINDS}
    )


def assert_same(found: ShardCandidates, expected: ShardCandidates) -> None:
    """To the last bit."""
    assert found.sources.dtype == np.int32
    assert found.sources.tolist() == expected.sources.tolist()
    assert found.ranked.keys() == expected.ranked.keys()
    assert found.to_bytes() == expected.to_bytes()
