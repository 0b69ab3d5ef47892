"""Figures against values worked out by hand."""

from collections.abc import Mapping, Sequence
from math import log2

import numpy as np
import pytest

from embeddings.passages.passage import Passage
from recommender.domain.kinds import EntityKind
from recommender.evaluation.dataset import Dataset
from recommender.evaluation.dataset import TestQuery as Query
from recommender.evaluation.metrics import MRR, NDCG, RECALL, hubness, means, per_query, places_in_front
from recommender.evaluation.run import Ranking

ACHIEVEMENT = EntityKind.ACHIEVEMENT


def dataset_of(
    qrels: Mapping[str, Mapping[str, int]], *, owners: Mapping[EntityKind, tuple[str, ...]] | None = None
) -> Dataset:
    """A collection whose corpus has one passage, if it names owners."""
    kinds = {kind.value: ids for kind, ids in (owners or {}).items()}
    passages = (Passage("p", "题", "文", "", None, kinds),) if kinds else ()
    return Dataset("d", tuple(Query(query, query, "", None) for query in qrels), passages, qrels)


def in_order(*ids: str, among: Sequence[str] = ()) -> Ranking:
    """These ids first to last; ``among`` are the ids by row, where the order matters."""
    entity_ids = tuple(among) or tuple(sorted(ids))
    rows = np.array([entity_ids.index(entity) for entity in ids])
    return Ranking(entity_ids, rows, np.linspace(1, 0, len(ids), dtype=np.float32))


def figures(grades: Mapping[str, int], ranking: Ranking, *, others: Mapping[str, int] | None = None) -> object:
    """Figures of one query; ``others`` are judgements of a second query that is not ranked."""
    dataset = dataset_of({"q": grades} | ({"other": others} if others else {}))
    return per_query(dataset, ACHIEVEMENT, {"q": ranking}).get("q")


class TestFigures:
    def test_graded_judgements_unjudged_and_unranked_entities(self) -> None:
        # x and y were never judged, e was never ranked.
        grades = {"a": 3, "b": 2, "c": 1, "d": 0, "e": 3}
        found = figures(grades, in_order("x", "d", "b", "y", "a", "c"))
        condensed = 0 / log2(2) + 3 / log2(3) + 7 / log2(4) + 1 / log2(5)
        ideal = 7 / log2(2) + 7 / log2(3) + 3 / log2(4) + 1 / log2(5)
        assert found == pytest.approx({NDCG: condensed / ideal, MRR: 1 / 3, RECALL: 2 / 3})

    def test_one_is_relevant_only_where_no_grade_is_higher(self) -> None:
        ranking = in_order("b", "a")
        assert figures({"a": 1, "b": 0}, ranking) == pytest.approx(
            {NDCG: (1 / log2(3)) / (1 / log2(2)), MRR: 1 / 2, RECALL: 1.0}
        )
        assert figures({"a": 1, "b": 0}, ranking, others={"c": 2}) is None
        graded = figures({"a": 2, "b": 1}, ranking)
        ideal = 3 / log2(2) + 1 / log2(3)
        assert graded == pytest.approx({NDCG: (1 / log2(2) + 3 / log2(3)) / ideal, MRR: 1 / 2, RECALL: 1.0})

    @pytest.mark.parametrize(
        ("position", "mrr", "recall"),
        [(1, 1.0, 1.0), (10, 0.1, 1.0), (11, 0.0, 1.0), (100, 0.0, 1.0), (101, 0.0, 0.0)],
    )
    def test_unjudged_entities_in_front_cost_only_the_other_two(
        self, position: int, mrr: float, recall: float
    ) -> None:
        ids = [f"n{number:03}" for number in range(150)]
        ids[position - 1] = "a"
        assert figures({"a": 1}, in_order(*ids)) == pytest.approx({NDCG: 1.0, MRR: mrr, RECALL: recall})

    def test_ndcg_looks_at_ten_judged_entities(self) -> None:
        wrong = [f"w{number:02}" for number in range(10)]
        grades = dict.fromkeys(wrong, 0) | {"a": 1}
        assert figures(grades, in_order(*wrong[:9], "a")) == pytest.approx(
            {NDCG: 1 / log2(11), MRR: 1 / 10, RECALL: 1.0}
        )
        assert figures(grades, in_order(*wrong, "a")) == pytest.approx({NDCG: 0.0, MRR: 0.0, RECALL: 1.0})

    def test_nothing_ranked_of_what_is_relevant(self) -> None:
        assert figures({"a": 1, "b": 0}, in_order("b", "x")) == {NDCG: 0.0, MRR: 0.0, RECALL: 0.0}

    def test_the_order_decides_where_scores_are_equal(self) -> None:
        grades = {"a": 1, "b": 0}
        equal = np.zeros(2, dtype=np.float32)
        first = Ranking(("a", "b"), np.array([0, 1]), equal)
        second = Ranking(("a", "b"), np.array([1, 0]), equal)
        assert figures(grades, first) == {NDCG: 1.0, MRR: 1.0, RECALL: 1.0}
        assert figures(grades, second) == pytest.approx({NDCG: 1 / log2(3), MRR: 0.5, RECALL: 1.0})

    def test_queries_without_a_relevant_entity_are_not_measured(self) -> None:
        dataset = dataset_of({"q1": {"a": 1}, "q2": {"a": 0}, "q3": {}})
        rankings = {query: in_order("a", "b") for query in ("q1", "q2", "q3", "q4")}
        assert set(per_query(dataset, ACHIEVEMENT, rankings)) == {"q1"}
        assert per_query(dataset, ACHIEVEMENT, {"q2": rankings["q2"]}) == {}

    def test_means(self) -> None:
        values = {
            "q1": {NDCG: 1.0, MRR: 0.5, RECALL: 0.0},
            "q2": {NDCG: 0.5, MRR: 0.0, RECALL: 0.0},
        }
        assert means(values) == {NDCG: 0.75, MRR: 0.25, RECALL: 0.0}
        assert means({}) == {}


class TestKinds:
    def test_judgements_of_another_kind_do_not_count(self) -> None:
        dataset = dataset_of({"q": {"ZJ1": 1, "ZJ2": 1, "PT1": 1, "CG1": 0}})
        expert = per_query(dataset, EntityKind.EXPERT, {"q": in_order("ZJ1", "ZJ3")})
        assert expert["q"][RECALL] == pytest.approx(1 / 2)  # ZJ2, never ranked, is told by its id
        assert expert["q"][NDCG] == pytest.approx(1 / (1 + 1 / log2(3)))
        platform = per_query(dataset, EntityKind.PLATFORM, {"q": in_order("PT2", "PT1")})
        assert platform["q"] == pytest.approx({NDCG: 1.0, MRR: 0.5, RECALL: 1.0})
        assert per_query(dataset, ACHIEVEMENT, {"q": in_order("CG1")}) == {}

    def test_the_corpus_tells_the_kind_of_an_id_without_a_prefix(self) -> None:
        grades = {"X1": 1, "CG1": 1}
        dataset = dataset_of({"q": grades}, owners={EntityKind.EXPERT: ("X1",), ACHIEVEMENT: ("CG1",)})
        for kind, entity in ((EntityKind.EXPERT, "X1"), (ACHIEVEMENT, "CG1")):
            found = per_query(dataset, kind, {"q": in_order(entity)})
            assert found["q"] == {NDCG: 1.0, MRR: 1.0, RECALL: 1.0}


class TestHubness:
    IDS = tuple(f"CG{number:02}" for number in range(40))

    def test_everybody_once_is_even(self) -> None:
        rankings = {
            f"q{block}": in_order(*self.IDS[10 * block :], *self.IDS[: 10 * block], among=self.IDS)
            for block in range(4)
        }
        assert hubness(rankings).skewness == 0.0
        assert hubness(rankings).coverage == 1.0

    def test_a_few_for_everybody(self) -> None:
        rankings = {f"q{number}": in_order(*self.IDS, among=self.IDS) for number in range(3)}
        # Ten entities stand in front three times, thirty never: p = 1/4, skewness (1 - 2p) / √(p (1 - p)).
        assert hubness(rankings).skewness == pytest.approx((1 - 2 / 4) / (3 / 16) ** 0.5)
        assert hubness(rankings).coverage == 10 / 40
        assert places_in_front(rankings).tolist() == [3] * 10 + [0] * 30

    def test_fewer_entities_than_places(self) -> None:
        assert hubness({"q": in_order("a", "b")}).coverage == 1.0
