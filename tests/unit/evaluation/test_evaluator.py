"""From a dataset to figures: indexed, ranked, reported and swept with the parts that serve users."""

from dataclasses import replace
from typing import NoReturn

import numpy as np
import pytest

from embeddings.encoders.protocol import Encoder, TextRole
from embeddings.lexical.bm25 import Bm25Index
from embeddings.text.segment import Segmenter
from recommender.domain.kinds import EntityKind
from recommender.evaluation.dataset import Dataset
from recommender.evaluation.evaluator import Evaluator, Measurement
from recommender.evaluation.metrics import MRR, NDCG, RECALL
from recommender.evaluation.report import N_WORST
from recommender.evaluation.retrieval import Retriever
from recommender.evaluation.run import Ranking
from recommender.evaluation.tuning import SWEEPS, Point
from recommender.matching.config import MatchConfig
from recommender.matching.fusion import fuse
from tests.unit.evaluation.collections import STEEL, passage

CONFIG = MatchConfig()
EXPERT, PLATFORM = EntityKind.EXPERT, EntityKind.PLATFORM


def silent(stage: str, n_done: int, n: int) -> None:
    """Nobody watches."""


def no_encoder(spec: str | None) -> NoReturn:
    pytest.fail(f"an encoder was opened: {spec}")


def order(ranking: Ranking) -> list[str]:
    return [entity for entity, _ in ranking.top(len(ranking.rows))]


def by_words(dataset: Dataset, segmenter: Segmenter) -> Measurement:
    evaluator = Evaluator(no_encoder, segmenter, CONFIG)
    return evaluator.evaluate(dataset, Retriever.LEXICAL, encoder_spec=None, on_progress=silent)


class TestRetriever:
    def test_sets_the_weight_and_nothing_else(self) -> None:
        assert Retriever.DENSE.configure(CONFIG) == replace(CONFIG, dense_weight=1.0, finding_dense_weight=1.0)
        assert Retriever.LEXICAL.configure(CONFIG) == replace(CONFIG, dense_weight=0.0, finding_dense_weight=0.0)
        assert Retriever.HYBRID.configure(CONFIG) == CONFIG
        assert 0.0 < CONFIG.dense_weight < 1.0


class TestRankings:
    def test_kinds_are_those_judged_or_the_one_stated(self, segmenter: Segmenter) -> None:
        rankings = by_words(STEEL, segmenter).run.rankings
        assert {kind: set(found) for kind, found in rankings.items()} == {EXPERT: {"q1", "q2"}, PLATFORM: {"q1"}}

    def test_every_entity_of_a_kind_is_ranked(self, segmenter: Segmenter) -> None:
        rankings = by_words(STEEL, segmenter).run.rankings
        assert sorted(order(rankings[EXPERT]["q1"])) == ["ZJ1", "ZJ2", "ZJ3", "ZJ4"]
        assert order(rankings[PLATFORM]["q1"]) == ["PT1", "PT2"]

    def test_words_alone_open_no_encoder_and_rank_by_bm25(self, segmenter: Segmenter) -> None:
        measured = by_words(STEEL, segmenter)
        index = Bm25Index.build(segmenter.table(passage.content for passage in STEEL.passages))
        body = CONFIG.body_term_weight
        terms: dict[str, float] = {}
        for word in segmenter.tokens(STEEL.queries[1].title):
            terms[word] = terms.get(word, 0.0) + 1.0 + body
        for word in segmenter.tokens(STEEL.queries[1].text):
            terms[word] = terms.get(word, 0.0) + body
        scores = index.score_all(terms)
        z = (scores - scores.mean()) / scores.std()
        ranking = measured.run.rankings[EXPERT]["q2"]
        # ZJ2 has two passages, the second below the mean; the rest have one and no word of the query: equal.
        assert order(ranking) == ["ZJ2", "ZJ1", "ZJ3", "ZJ4"]
        assert ranking.scores.tolist() == pytest.approx([z[1], z[0], z[2], z[3]], abs=1e-5)
        assert measured.report.encoder_id == "none"

    def test_vectors_alone_rank_by_cosine(self, encoder: Encoder, segmenter: Segmenter) -> None:
        plain = replace(CONFIG, centring=0.0, feedback_share=0.0, title_share=0.5)
        evaluator = Evaluator(lambda _: encoder, segmenter, plain)
        measured = evaluator.evaluate(STEEL, Retriever.DENSE, encoder_spec=None, on_progress=silent)
        need = STEEL.queries[0]
        title, both = (
            encoder.encode([text], TextRole.QUERY)[0] for text in (need.title, f"{need.title}。{need.text}")
        )
        query = title + both
        passages = encoder.encode([passage.content for passage in STEEL.passages], TextRole.PASSAGE)
        cosines = passages @ (query / np.linalg.norm(query))
        z = fuse(cosines, np.zeros_like(cosines), dense_weight=1.0)
        expected = {
            "ZJ1": z[0],
            "ZJ2": max(z[1], z[3]) + CONFIG.passage_discount * max(0.0, min(z[1], z[3])),
            "ZJ3": z[2],
            "ZJ4": z[3],
        }
        ranking = measured.run.rankings[EXPERT]["q1"]
        assert dict(ranking.top(4)) == pytest.approx(expected, abs=1e-4)
        assert order(ranking) == sorted(expected, key=lambda entity: -expected[entity])
        assert measured.report.encoder_id == encoder.encoder_id

    def test_the_encoder_asked_for_is_opened(self, encoder: Encoder, segmenter: Segmenter) -> None:
        opened: list[str | None] = []

        def open_encoder(spec: str | None) -> Encoder:
            opened.append(spec)
            return encoder

        evaluator = Evaluator(open_encoder, segmenter, CONFIG)
        for spec in (None, "./other"):
            evaluator.evaluate(STEEL, Retriever.HYBRID, encoder_spec=spec, on_progress=silent)
        assert opened == [None, "./other"]

    def test_progress_reaches_the_end_of_every_stage(self, encoder: Encoder, segmenter: Segmenter) -> None:
        told: dict[str, list[tuple[int, int]]] = {}
        evaluator = Evaluator(lambda _: encoder, segmenter, CONFIG)
        evaluator.evaluate(
            STEEL,
            Retriever.HYBRID,
            encoder_spec=None,
            on_progress=lambda stage, done, n: told.setdefault(stage, []).append((done, n)),
        )
        assert [steps[-1] for steps in told.values()] == [(4, 4), (4, 4), (3, 3)]
        assert all(steps == sorted(steps) for steps in told.values())


class TestReport:
    def test_figures_of_each_kind(self, segmenter: Segmenter) -> None:
        report = by_words(STEEL, segmenter).report
        assert (report.dataset, report.n_queries, report.n_passages) == ("steel", 3, 4)
        assert report.configuration_hash == replace(CONFIG, dense_weight=0.0, finding_dense_weight=0.0).hash
        experts, platforms = report.kinds
        assert (experts.kind, experts.n_queries, experts.n_entities) == (EXPERT, 2, 4)
        assert (platforms.kind, platforms.n_queries, platforms.n_entities) == (PLATFORM, 1, 2)
        assert platforms.figures == {NDCG: 1.0, MRR: 1.0, RECALL: 1.0}
        assert set(experts.per_query) == {"q1", "q2"}
        assert experts.leading_metric == NDCG

    def test_the_worst_queries_come_with_their_texts(self, segmenter: Segmenter) -> None:
        qrels = {"q1": {"ZJ3": 3, "ZJ2": 0, "ZJ1": 0}, "q2": {"ZJ2": 3}}
        experts = by_words(replace(STEEL, qrels=qrels), segmenter).report.kinds[0]
        worst = experts.worst[0]
        assert (worst.id, worst.title, worst.text) == ("q1", "冷轧硅钢边部裂口", "轧出来的薄板边上老是裂")
        assert worst.value == experts.per_query["q1"][NDCG] < 1.0
        assert [(entity.position, entity.id, entity.grade) for entity in worst.first[:2]] == [
            (1, "ZJ1", 0),
            (2, "ZJ2", 0),
        ]
        assert worst.first[0].title == "冷轧硅钢边部裂纹的形成"
        # ZJ3 and ZJ4 share no word with the query, but ZJ4's passage does: silicon steel.
        assert [(entity.id, entity.position, entity.grade) for entity in worst.missed] == [("ZJ3", 4, 3)]

    def test_at_most_five_and_the_worst_first(self, segmenter: Segmenter) -> None:
        queries = tuple(replace(STEEL.queries[0], id=f"q{number}") for number in range(N_WORST + 3))
        qrels = {query.id: {"ZJ1": 0, "ZJ3": 3} for query in queries} | {"q2": {"ZJ1": 3}}
        (experts,) = by_words(replace(STEEL, queries=queries, qrels=qrels), segmenter).report.kinds
        assert [query.id for query in experts.worst] == ["q0", "q1", "q3", "q4", "q5"]

    def test_grades_up_to_one_lead_with_mrr(self, segmenter: Segmenter) -> None:
        dataset = replace(STEEL, qrels={"q1": {"ZJ1": 1}})
        assert by_words(dataset, segmenter).report.kinds[0].leading_metric == MRR

    def test_a_relevant_entity_that_the_corpus_lacks_costs_but_is_not_shown(self, segmenter: Segmenter) -> None:
        dataset = replace(STEEL, qrels={"q1": {"ZJ1": 3, "ZJ9": 3}})
        (experts,) = by_words(dataset, segmenter).report.kinds
        assert experts.figures[RECALL] == 0.5
        assert [entity.id for entity in experts.worst[0].missed] == ["ZJ1"]


class TestSweep:
    def test_one_number_varies_and_the_rest_stays(self, encoder: Encoder, segmenter: Segmenter) -> None:
        evaluator = Evaluator(lambda _: encoder, segmenter, CONFIG)
        told: list[Point] = []
        result = evaluator.sweep(
            [STEEL, replace(STEEL, name="again", queries=STEEL.queries[:1])],
            ["dense_weight", "max_passages"],
            encoder_spec=None,
            on_progress=silent,
            on_point=told.append,
        )
        assert list(result.points) == told
        values = [(p.parameter, p.value, p.dataset, p.kind) for p in told]
        assert values == [
            (parameter, value, dataset, kind)
            for parameter in ("dense_weight", "max_passages")
            for value in SWEEPS[parameter]
            for dataset in ("steel", "again")
            for kind in (EXPERT, PLATFORM)
        ]
        for weight, retriever in ((0.0, Retriever.LEXICAL), (1.0, Retriever.DENSE)):
            kinds = evaluator.evaluate(STEEL, retriever, encoder_spec=None, on_progress=silent).report.kinds
            points = [p for p in told if (p.parameter, p.value, p.dataset) == ("dense_weight", weight, "steel")]
            assert {p.kind: p.figures for p in points} == {kind.kind: kind.figures for kind in kinds}
            assert {p.kind: p.hub_skewness for p in points} == {k.kind: k.hubness.skewness for k in kinds}
        assert result.encoder_id == encoder.encoder_id
        assert result.configuration["dense_weight"] == CONFIG.dense_weight

    @pytest.mark.parametrize("parameter", list(SWEEPS))
    def test_the_values_ascend_and_contain_the_present_one(self, parameter: str) -> None:
        values = list(SWEEPS[parameter])
        assert len(set(values)) == len(values) > 1
        assert isinstance(values[0], str) or values == sorted(values)
        assert getattr(CONFIG, parameter) in values

    def test_an_unknown_parameter(self, encoder: Encoder, segmenter: Segmenter) -> None:
        evaluator = Evaluator(lambda _: encoder, segmenter, CONFIG)
        with pytest.raises(KeyError, match="nonsense"):
            evaluator.sweep([STEEL], ["nonsense"], encoder_spec=None, on_progress=silent, on_point=lambda _: None)


def test_passages_without_a_known_word_do_not_stop_the_measurement(segmenter: Segmenter) -> None:
    blank = replace(STEEL, passages=(*STEEL.passages, passage("A5", "", "……", expert=("ZJ5",))))
    ranking = by_words(blank, segmenter).run.rankings[EXPERT]["q1"]
    assert "ZJ5" in order(ranking)
    assert np.isfinite(ranking.scores).all()
