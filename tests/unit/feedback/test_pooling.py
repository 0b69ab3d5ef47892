"""Pools: what each system named, once, and in an order that gives nothing away."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from recommender.domain.judging import JudgingPool, PoolItem, System
from recommender.domain.kinds import EntityKind
from recommender.evaluation.pooled import pooled_figures
from recommender.feedback.pooling import Lists, in_order_of, pool_items, rankings_of

E = EntityKind.EXPERT
LISTS: Lists = {
    ("XQ-1", E): {System.HYBRID: ["a", "b", "c"], System.LEXICAL: ["b", "d"], System.RANDOM: ["z"]},
    ("XQ-2", E): {System.HYBRID: ["a", "e"], System.LEXICAL: [], System.RANDOM: ["y"]},
}
POOL = JudgingPool(
    id="p",
    title="一",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    created_by="test",
    kinds=(E,),
    systems=tuple(System),
    depth=2,
    overlap_ratio=0.5,
    n_judges=3,
    seed=0,
    snapshot_id="g",
    encoder_id="e",
    configuration_hash="c",
)


def pooled(seed: int = 0, overlap_ratio: float = 0.5, depth: int = 2) -> list[PoolItem]:
    return pool_items(replace(POOL, depth=depth, overlap_ratio=overlap_ratio, n_judges=3, seed=seed), LISTS)


def test_every_candidate_is_there_once_with_all_who_named_it() -> None:
    found = {(item.need_id, item.target_id): dict(item.ranks) for item in pooled()}
    assert found == {
        ("XQ-1", "a"): {System.HYBRID: 1},
        ("XQ-1", "b"): {System.HYBRID: 2, System.LEXICAL: 1},
        ("XQ-1", "d"): {System.LEXICAL: 2},
        ("XQ-1", "z"): {System.RANDOM: 1},
        ("XQ-2", "a"): {System.HYBRID: 1},
        ("XQ-2", "e"): {System.HYBRID: 2},
        ("XQ-2", "y"): {System.RANDOM: 1},
    }


def test_numbers_are_drawn_and_the_same_seed_draws_the_same() -> None:
    assert [item.number for item in pooled()] == list(range(1, 8))
    assert pooled(seed=5) == pooled(seed=5)
    orders = {tuple((item.need_id, item.target_id) for item in pooled(seed=seed)) for seed in range(20)}
    assert len(orders) > 15


def test_the_share_that_several_judge_is_rounded_up() -> None:
    for ratio, n_several in ((0.0, 0), (0.01, 1), (0.5, 4), (1.0, 7)):
        wanted = Counter(item.n_wanted for item in pooled(overlap_ratio=ratio))
        assert wanted[3] == n_several
        assert wanted[1] == 7 - n_several


def test_each_judge_has_an_order_of_their_own_need_by_need() -> None:
    items = pooled()
    orders = {judge: [item.number for item in in_order_of(judge, items, seed=1)] for judge in "abcdef"}
    assert all(sorted(order) == list(range(1, 8)) for order in orders.values())
    assert len(set(map(tuple, orders.values()))) > 1
    needs = {item.number: item.need_id for item in items}
    for order in orders.values():
        changes = sum(needs[one] != needs[other] for one, other in pairwise(order))
        assert changes == 1


def test_what_is_judged_does_not_change_the_order_of_the_rest() -> None:
    items = pooled()
    whole = [item.number for item in in_order_of("a", items, seed=1)]
    rest = [item.number for item in in_order_of("a", [i for i in items if i.number != whole[0]], seed=1)]
    assert rest == whole[1:]


def test_what_each_system_listed_comes_back() -> None:
    rankings = rankings_of(pooled())
    assert rankings[System.HYBRID][E] == {"XQ-1": ["a", "b"], "XQ-2": ["a", "e"]}
    assert rankings[System.LEXICAL][E] == {"XQ-1": ["b", "d"]}


def test_systems_are_measured_on_what_was_judged_alone() -> None:
    qrels = {E: {"XQ-1": {"b": 3, "d": 0, "z": 0}, "XQ-2": {"e": 2, "y": 0}}}
    figures = {item.system: item for item in pooled_figures(qrels, rankings_of(pooled()))}
    # "a" was judged by nobody, so the served system's first judged candidates are b and e: nothing is better.
    assert figures[System.HYBRID].figures["nDCG@10"] == 1.0
    assert figures[System.HYBRID].against_served == ()
    # The words name b first for one need and nothing for the other.
    assert figures[System.LEXICAL].figures["nDCG@10"] == 0.5
    assert figures[System.RANDOM].figures["nDCG@10"] == 0.0
    (ndcg,) = [line for line in figures[System.RANDOM].against_served if line.metric == "nDCG@10"]
    assert ndcg.difference == -1.0
