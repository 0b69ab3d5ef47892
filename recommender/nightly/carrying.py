"""Which sources must be worked on tonight, and the candidates of the others, taken over from the night before.

A source's candidates are its own affair: they depend on what it says and on the catalogue, not on other sources.
Where both are as they were, the former candidates are what a new search would find, bit for bit.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from recommender.domain.kinds import EntityKind
from recommender.matching.blocks.candidates import Ranked
from recommender.matching.blocks.found import Found
from recommender.matching.blocks.kernels import Rows
from recommender.nightly.fingerprints import Hashes
from recommender.nightly.shard import ShardCandidates

SourceKey = tuple[str, str]
"""Kind and id."""


class Why(StrEnum):
    """Why a source is worked on."""

    FIRST = "没有可沿用的批次"
    CATALOGUE = "资源库或设置有变化"
    NEW = "新的来源"
    CHANGED = "内容、意向或对接有变化"


@dataclass(frozen=True, slots=True)
class Roll:
    """The sources of one side on one night.

    Attributes:
        keys: kind and id of each.
        hashes: of what each says.
        catalogue: hash of what all depend on.
    """

    keys: Sequence[SourceKey]
    hashes: Hashes
    catalogue: str


@dataclass(frozen=True, slots=True)
class Carried:
    """What is taken over and what is not.

    Attributes:
        stale: numbers of the sources to work on, ascending.
        former: ``(sources,)`` int64, the number each had in the former night, ``-1`` where it is worked on.
        reasons: how many are worked on, and why.
    """

    stale: Rows
    former: npt.NDArray[np.int64]
    reasons: Mapping[Why, int]


def compare(tonight: Roll, before: Roll | None, available: Callable[[], npt.NDArray[np.bool_]]) -> Carried:
    """Decide for each source.

    Args:
        tonight: its sources.
        before: those of the night before, ``None`` where there is none.
        available: gives ``(former sources,)`` whose candidates are still there; asked only where it matters.
    """
    n = len(tonight.keys)
    former = np.full(n, -1, dtype=np.int64)
    everyone = np.arange(n, dtype=np.int32)
    if before is None or before.catalogue != tonight.catalogue:
        why = Why.FIRST if before is None else Why.CATALOGUE
        return Carried(everyone, former, {why: n} if n else {})
    numbers = {key: number for number, key in enumerate(before.keys)}
    known = np.array([numbers.get(key, -1) for key in tonight.keys], dtype=np.int64)
    there = known >= 0
    same = there.copy()
    same[there] = (tonight.hashes[there] == before.hashes[known[there]]).all(axis=1)
    n_new, n_changed = int((~there).sum()), int((there & ~same).sum())
    same[there] &= available()[known[there]]
    former[same] = known[same]
    n_lost = n - n_new - n_changed - int(same.sum())
    reasons = {Why.NEW: n_new, Why.CHANGED: n_changed, Why.FIRST: n_lost}
    return Carried(everyone[~same], former, {why: count for why, count in reasons.items() if count})


def carry(carried: Carried, shards: Iterable[ShardCandidates]) -> list[ShardCandidates]:
    """The former candidates of the sources that are taken over, under their numbers of tonight.

    Args:
        carried: from :func:`compare`.
        shards: of the former night.
    """
    kept = np.flatnonzero(carried.former >= 0)
    if not kept.size:
        return []
    now_of = np.full(int(carried.former.max()) + 1, -1, dtype=np.int64)
    now_of[carried.former[kept]] = kept
    taken = []
    for shard in shards:
        inside = shard.sources < len(now_of)
        numbers = np.where(inside, now_of[np.where(inside, shard.sources, 0)], -1)
        places = np.flatnonzero(numbers >= 0)
        if places.size:
            ranked = {kind: _some(each, places) for kind, each in shard.ranked.items()}
            taken.append(_ascending(numbers[places].astype(np.int32), ranked))
    return taken


def _ascending(sources: Rows, ranked: Mapping[EntityKind, Ranked]) -> ShardCandidates:
    order = np.argsort(sources, kind="stable")
    return ShardCandidates(sources[order], {kind: _some(each, order) for kind, each in ranked.items()})


def _some(ranked: Ranked, places: npt.NDArray[np.int64]) -> Ranked:
    found = ranked.found
    return Ranked(Found(found.entities[places], found.text[places], found.votes[places]), ranked.total[places])
