"""Makes pools of candidates: from each system its first places, once each, in an order that tells nothing."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from random import Random

from recommender.domain.judging import JudgingPool, PoolItem, System
from recommender.domain.kinds import EntityKind

Lists = Mapping[tuple[str, EntityKind], Mapping[System, Sequence[str]]]
"""Need and kind → system → ids of its candidates, best first."""


def pool_items(pool: JudgingPool, lists: Lists) -> list[PoolItem]:
    """The items of a pool: every candidate that any system has among its first places, once.

    Items are numbered at random, and the pool's share of them, rounded up, wants several people; both are drawn
    from its seed, so the same lists give the same items.
    """
    rng = Random(pool.seed)  # noqa: S311 - an order, no secret
    found = [
        (need_id, kind, target_id, ranks)
        for (need_id, kind), by_system in sorted(lists.items())
        for target_id, ranks in sorted(_ranks(by_system, pool.depth).items())
    ]
    rng.shuffle(found)
    n_overlapping = math.ceil(pool.overlap_ratio * len(found))
    return [
        PoolItem(
            pool_id=pool.id,
            number=number,
            need_id=need_id,
            target_kind=kind,
            target_id=target_id,
            ranks=ranks,
            n_wanted=pool.n_judges if number <= n_overlapping else 1,
        )
        for number, (need_id, kind, target_id, ranks) in enumerate(found, start=1)
    ]


def in_order_of(judge: str, items: Sequence[PoolItem], *, seed: int) -> list[PoolItem]:
    """Items in the order in which somebody gets them: need by need, so that each is read once; both at random.

    The order depends on seed and judge alone, whatever was judged since.
    """

    def place(*parts: object) -> bytes:
        return hashlib.sha256("\x1f".join(map(str, (seed, judge, *parts))).encode()).digest()

    return sorted(items, key=lambda item: (place(item.need_id), place(item.need_id, item.number)))


def rankings_of(items: Sequence[PoolItem]) -> dict[System, dict[EntityKind, dict[str, list[str]]]]:
    """What each system listed: system → kind → need → ids, best first; items that are gone leave no gap."""
    placed: dict[System, dict[EntityKind, dict[str, list[tuple[int, str]]]]] = {}
    for item in items:
        for system, rank in item.ranks.items():
            by_need = placed.setdefault(system, {}).setdefault(item.target_kind, {})
            by_need.setdefault(item.need_id, []).append((rank, item.target_id))
    return {
        system: {
            kind: {need: [target for _, target in sorted(ranked)] for need, ranked in by_need.items()}
            for kind, by_need in by_kind.items()
        }
        for system, by_kind in placed.items()
    }


def _ranks(by_system: Mapping[System, Sequence[str]], depth: int) -> dict[str, dict[System, int]]:
    ranks: dict[str, dict[System, int]] = {}
    for system, ids in by_system.items():
        for rank, target_id in enumerate(ids[:depth], start=1):
            ranks.setdefault(target_id, {}).setdefault(system, rank)
    return ranks
