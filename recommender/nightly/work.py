"""The work on one shard: from its number to the bytes of its candidates."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from recommender.domain.kinds import EntityKind
from recommender.matching.blocks.candidates import Ranked
from recommender.matching.blocks.found import Found
from recommender.matching.blocks.kernels import Rows
from recommender.matching.blocks.scorer import BlockScorer
from recommender.matching.sides import Side
from recommender.nightly.night import Night
from recommender.nightly.shard import ShardCandidates

BLOCK_SIZE: Final = 128


@dataclass(frozen=True, slots=True)
class NightOpener:
    """Opens a night's folder in a worker; travels as the name of the folder alone."""

    folder: Path

    def open(self, n_threads: int) -> Callable[[int], bytes]:
        """The function that works on a shard, with so many threads."""
        return ShardWorker(Night.open(self.folder), n_threads).work


class ShardWorker:
    """Finds the candidates of whole shards, blocks of sources side by side.

    The threads are its own: the products themselves run on one each, so that nobody waits for anybody.
    """

    def __init__(self, night: Night, n_threads: int) -> None:
        self._night = night
        self._limits = threadpool_limits(1, user_api="blas")
        self._n_threads = n_threads
        self._pool = ThreadPoolExecutor(n_threads)
        self._scorers: dict[Side, list[BlockScorer]] = {}

    def work(self, number: int) -> bytes:
        """Candidates of the sources of a shard."""
        return self.candidates(number).to_bytes()

    def candidates(self, number: int) -> ShardCandidates:
        """See :meth:`work`."""
        shard = self._night.plan.shards[number]
        parts = np.array_split(shard.sources, self._n_threads)
        tasks = zip(self._scorers_of(shard.side), parts, strict=True)
        done = list(self._pool.map(lambda task: self._search(shard.side, *task), tasks))
        return ShardCandidates(shard.sources, {kind: _joined([part[kind] for part in done]) for kind in done[0]})

    def _search(self, side: Side, scorer: BlockScorer, sources: Rows) -> dict[EntityKind, Ranked]:
        inputs, index = self._night.inputs[side], self._night.indexes[side]
        wanted = {kind: kept.sought.take(sources) for kind, kept in inputs.kinds.items()}
        found = scorer.search(inputs.sources.block(sources), wanted)
        return {
            kind: Ranked.of(sources, found[kind], kept.score, index.texts.years)
            for kind, kept in inputs.kinds.items()
        }

    def _scorers_of(self, side: Side) -> list[BlockScorer]:
        if side not in self._scorers:
            # What the other side needed is let go of: the scratch of a side is hundreds of megabytes.
            self._scorers.clear()
            inputs, index = self._night.inputs[side], self._night.indexes[side]
            populations = inputs.populations(index)
            self._scorers[side] = [
                BlockScorer(
                    index.matrix,
                    index.lexical,
                    populations,
                    inputs.whole,
                    self._night.plan.config,
                    block_size=BLOCK_SIZE,
                )
                for _ in range(self._n_threads)
            ]
        return self._scorers[side]


def _joined(parts: list[Ranked]) -> Ranked:
    found = [part.found for part in parts]
    return Ranked(
        Found(
            np.concatenate([part.entities for part in found]),
            np.concatenate([part.text for part in found]),
            np.concatenate([part.votes for part in found]),
        ),
        np.concatenate([part.total for part in parts]),
    )
