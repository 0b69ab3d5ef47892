"""Fusion, voting and the linear score, each against its formula."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.passages.links import OwnerLinks
from recommender.domain.entities import Achievement, Expert, Platform
from recommender.domain.kinds import CooperationMode
from recommender.matching import ranking
from recommender.matching.aggregation import VoteLayout, aggregate, votes
from recommender.matching.config import MatchConfig
from recommender.matching.fusion import Normalisation, fuse, normalise_scores, standardise
from recommender.matching.query import MatchQuery

CONFIG = MatchConfig()


def test_z_scores_have_mean_zero_and_deviation_one() -> None:
    z = standardise(np.array([0.80, 0.81, 0.85], dtype=np.float32))
    assert z.mean() == pytest.approx(0.0, abs=1e-5)
    assert z.std() == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("same", [[0.0, 0.0], [0.7], [0.3, 0.3, 0.3]])
def test_equal_scores_tell_nothing(same: list[float]) -> None:
    assert standardise(np.array(same, dtype=np.float32)).tolist() == [0.0] * len(same)


def test_fusion_is_a_convex_combination() -> None:
    dense = np.array([0.9, 0.8, 0.7], dtype=np.float32)
    lexical = np.array([0.0, 5.0, 0.0], dtype=np.float32)
    expected = 0.25 * standardise(dense) + 0.75 * standardise(lexical)
    np.testing.assert_allclose(fuse(dense, lexical, dense_weight=0.25), expected, rtol=1e-6)
    assert fuse(dense, lexical, dense_weight=1.0).argmax() == 0
    assert fuse(dense, lexical, dense_weight=0.0).argmax() == 1


@pytest.mark.parametrize("how", Normalisation)
def test_every_normalisation_keeps_the_order_and_lifts_the_best(how: Normalisation) -> None:
    scores = np.random.default_rng(3).normal(size=200).astype(np.float32) / 50 + 0.8
    comparable = normalise_scores(scores, how)
    assert np.argsort(-comparable, kind="stable").tolist() == np.argsort(-scores, kind="stable").tolist()
    assert comparable.max() > 1.0
    assert normalise_scores(np.full(3, 0.3, dtype=np.float32), how).tolist() == [0.0, 0.0, 0.0]


def test_reciprocal_ranks_and_ranges_by_hand() -> None:
    scores = np.array([1.0, 3.0, 2.0], dtype=np.float32)
    reciprocal = normalise_scores(scores, Normalisation.RECIPROCAL_RANK)
    assert reciprocal / reciprocal[1] == pytest.approx([61 / 63, 1.0, 61 / 62])
    assert normalise_scores(scores, Normalisation.MIN_MAX).tolist() == [0.0, 8.0, 4.0]


OWNERS = st.lists(st.sets(st.sampled_from("甲乙丙丁"), max_size=3), min_size=1, max_size=25)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), owners=OWNERS, discount=st.floats(0, 1), max_passages=st.integers(1, 5))
def test_voting_equals_its_formula(
    data: st.DataObject, owners: list[set[str]], discount: float, max_passages: int
) -> None:
    values = data.draw(st.lists(st.floats(-4, 8, width=32), min_size=len(owners), max_size=len(owners)))
    scores = np.array(values, dtype=np.float32)
    links = OwnerLinks.build([tuple(ids) for ids in owners])
    found = aggregate(scores, VoteLayout.of(links), discount=discount, max_passages=max_passages)
    assert len(found) == len(links.entity_ids)
    for row, entity in enumerate(links.entity_ids):
        own = sorted((values[p] for p in range(len(owners)) if entity in owners[p]), reverse=True)
        further = own[1:max_passages]
        expected = own[0] + sum(max(v, 0.0) * discount ** (j + 1) for j, v in enumerate(further))
        assert found[row] == pytest.approx(expected, rel=1e-4, abs=1e-4)
        cast = votes(scores, links, row, discount=discount, max_passages=max_passages)
        assert sum(vote.amount for vote in cast) == pytest.approx(expected, rel=1e-4, abs=1e-4)
        assert [vote.amount for vote in cast[1:]] == sorted((v.amount for v in cast[1:]), reverse=True)


def test_no_entities_no_scores() -> None:
    layout = VoteLayout.of(OwnerLinks.build([()]))
    assert aggregate(np.zeros(1, dtype=np.float32), layout, discount=0.5, max_passages=3).shape == (0,)


def test_text_feature_keeps_the_order_and_starts_at_zero() -> None:
    values = [ranking.text_feature(score, 8.0) for score in (-3.0, 0.0, 2.0, 8.0, 30.0)]
    assert values[:2] == [0.0, 0.0]
    assert values == sorted(values)
    assert values[3] == pytest.approx(1 - 1 / math.e)
    assert values[4] < 1.0


@pytest.mark.parametrize(
    ("wanted", "trl", "expected"),
    [(6, 6, 1.0), (6, 8, 1.0), (7, 5, 1 - 2 / 5), (9, 1, 0.0), (None, 5, 0.5), (5, None, 0.5)],
)
def test_maturity(wanted: int | None, trl: int | None, expected: float) -> None:
    assert ranking.maturity(wanted, trl) == pytest.approx(expected)


def test_freshness_halves_with_each_half_life() -> None:
    assert ranking.freshness(2026, 2026, 8.0) == 1.0
    assert ranking.freshness(2018, 2026, 8.0) == pytest.approx(0.5)
    assert ranking.freshness(2030, 2026, 8.0) == 1.0
    assert ranking.freshness(None, 2026, 8.0) == ranking.NEUTRAL


def test_agreement_reads_lists_of_chains() -> None:
    assert ranking.agreement("冶金新材料", "冶金新材料；智能装备") == 1.0
    assert ranking.agreement("纺织", "半导体") == 0.0
    assert ranking.agreement("", "半导体") == ranking.NEUTRAL


def candidate(entity: Expert | Platform | Achievement, text_score: float = 8.0) -> ranking.Candidate:
    return ranking.Candidate(entity, text_score, (), 2026)


def test_every_part_lies_between_zero_and_one_and_the_total_is_their_weighted_mean() -> None:
    query = MatchQuery(
        title="边裂",
        text="",
        industry_chain="冶金新材料",
        cooperation_mode=CooperationMode.DIAGNOSIS,
        province="江苏",
        city="苏州",
    )
    expert = Expert(
        id="Z",
        name="某",
        industry_chain="冶金新材料",
        province="江苏",
        city="南京",
        cooperation_modes=(CooperationMode.TRAINING,),
    )
    parts = ranking.score_parts(candidate(expert), query, CONFIG, current_year=2026)
    values = {part.name: part.value for part in parts}
    assert values == {
        "text": pytest.approx(1 - 1 / math.e),
        "industry_chain": 1.0,
        "cooperation_mode": 0.0,
        "region": pytest.approx(0.7),
        "freshness": 1.0,
    }
    weights = CONFIG.weights
    expected = (
        weights.text * (1 - 1 / math.e)
        + weights.industry_chain * 1
        + weights.region * 0.7
        + weights.freshness * 1
    ) / (weights.text + weights.industry_chain + weights.cooperation_mode + weights.region + weights.freshness)
    assert ranking.total(parts) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("entity", "names"),
    [
        (Platform(id="P", name="p"), {"text", "industry_chain", "region", "freshness"}),
        (Achievement(id="C", type="论文", title="t"), {"text", "industry_chain", "maturity", "freshness"}),
    ],
)
def test_only_features_of_the_kind_enter(entity: Platform | Achievement, names: set[str]) -> None:
    query = MatchQuery(title="t", text="")
    parts = ranking.score_parts(candidate(entity), query, CONFIG, current_year=2026)
    assert {part.name for part in parts} == names


def test_the_configuration_hash_changes_with_any_number() -> None:
    assert MatchConfig().hash == MatchConfig().hash
    assert MatchConfig(dense_weight=0.71).hash != MatchConfig().hash
