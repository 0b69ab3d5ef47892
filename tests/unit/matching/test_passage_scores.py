"""Refined cosines against their definition in plain numpy."""

from pathlib import Path

import numpy as np
import pytest

from embeddings.passages.index import PassageIndex, read_index, write_index
from embeddings.passages.passage import Passage
from embeddings.text.tokens import TokenTable
from recommender.domain.kinds import EntityKind
from recommender.matching.config import MatchConfig
from recommender.matching.passage_scores import PassageScorer
from recommender.matching.query import EncodedQuery
from recommender.matching.query_terms import QueryTerms

N, DIMENSION = 40, 8
WORDS = ("薄板", "边裂", "涂层", "轧辊", "乳化液")


def unit_rows(n: int, seed: int) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(n, DIMENSION)).astype(np.float32) + 0.5
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    """Passages of one expert each."""
    folder = tmp_path_factory.mktemp("index")
    passages = [
        Passage(f"p{row:02}", "题", "", "", None, {EntityKind.EXPERT.value: (f"e{row:02}",)}) for row in range(N)
    ]
    tokens = [[WORDS[row % 5], WORDS[row % 3]] for row in range(N)]
    write_index(folder, passages, unit_rows(N, 1), TokenTable.of(tokens))
    return read_index(folder)


QUERY = EncodedQuery(
    vector=unit_rows(1, 2)[0],
    terms=QueryTerms({"薄板": 1.0, "轧辊": 0.3}, {"薄板": 2.0, ("薄板", "涂层"): 1.0}, rarity=1.0),
    title_words=("薄板",),
)


def z(scores: np.ndarray) -> np.ndarray:
    return (scores - scores.mean()) / scores.std()


def by_definition(index: PassageIndex, config: MatchConfig) -> np.ndarray:
    vectors, middle = unit_rows(N, 1).astype(np.float64), unit_rows(N, 1).astype(np.float64).mean(0)
    lexical = index.lexical.score_all(QUERY.terms.words)
    first_query = QUERY.vector - config.centring * middle
    centred = vectors @ first_query
    fused = config.dense_weight * z(centred) + (1 - config.dense_weight) * z(lexical)
    first = np.argsort(-fused, kind="stable")[: config.feedback_passages]
    feedback = vectors[first].mean(0) - config.centring * middle
    moved = (1 - config.feedback_share) * first_query + config.feedback_share * feedback
    return vectors @ moved


@pytest.mark.parametrize(("centring", "n_passages", "share"), [(0.4, 3, 0.35), (1.0, 1, 0.9), (0.0, N, 0.2)])
def test_the_query_leaves_the_middle_and_moves_towards_what_it_found(
    index: PassageIndex, centring: float, n_passages: int, share: float
) -> None:
    config = MatchConfig(centring=centring, feedback_passages=n_passages, feedback_share=share)
    scores = PassageScorer(index, config).score(QUERY)
    np.testing.assert_allclose(scores.dense, by_definition(index, config), atol=1e-5)


def test_experts_are_found_by_centred_cosines_and_terms_of_their_own(index: PassageIndex) -> None:
    """Row r has the words r mod 5 and r mod 3 side by side; 薄板 is word 0, 涂层 word 2."""
    config = MatchConfig(centring=0.4)
    scores = PassageScorer(index, config).score(QUERY)
    dense, lexical = scores.of_kind(EntityKind.EXPERT)
    rows = unit_rows(N, 1)
    np.testing.assert_allclose(dense, rows @ (QUERY.vector - 0.4 * rows.mean(0)), atol=1e-5)
    words = index.lexical
    expected = sum(
        weight * words.inverse_document_frequency(term) * words.score_all({term: 1.0})
        for term, weight in QUERY.terms.finding.items()
    )
    np.testing.assert_allclose(lexical, expected, rtol=1e-5)
    side_by_side = np.flatnonzero(words.score_all({("薄板", "涂层"): 1.0})).tolist()
    assert side_by_side == [row for row in range(N) if (row % 5, row % 3) == (0, 2)]
    assert scores.of_kind(EntityKind.ACHIEVEMENT) == (scores.dense, scores.lexical)


def test_cosines_stay_cosines(index: PassageIndex) -> None:
    scores = PassageScorer(index, MatchConfig(centring=0.5)).score(QUERY)
    np.testing.assert_allclose(scores.cosines, unit_rows(N, 1) @ QUERY.vector, atol=1e-5)


@pytest.mark.parametrize("off", [{"feedback_share": 0.0}, {"feedback_passages": 0}])
def test_without_centring_and_feedback_the_cosines_rank(index: PassageIndex, off: dict[str, float]) -> None:
    scores = PassageScorer(index, MatchConfig(centring=0.0, **off)).score(QUERY)  # type: ignore[arg-type]
    np.testing.assert_array_equal(scores.dense, scores.cosines)


def test_an_index_without_passages_scores_nothing(tmp_path: Path) -> None:
    write_index(tmp_path, [], unit_rows(0, 1), TokenTable.of([]))
    scores = PassageScorer(read_index(tmp_path), MatchConfig()).score(QUERY)
    parts = (scores.cosines, scores.dense, scores.lexical, scores.finding_dense, scores.finding_lexical)
    assert [part.shape for part in parts] == [(0,)] * len(parts)
