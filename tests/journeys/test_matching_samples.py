"""From the sample workbooks to explained matches: right, complete, exact and reproducible."""

import csv
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings.encoders.protocol import TextRole
from recommender.bootstrap import Application, today
from recommender.domain.entities import Achievement, Entity
from recommender.domain.errors import InvalidInput, NotFound
from recommender.domain.filters import Filter
from recommender.domain.kinds import DEMAND_KINDS, SUPPLY_KINDS, EntityKind
from recommender.domain.match import ExclusionCode, Match, MatchList
from recommender.matching.config import MatchConfig
from recommender.matching.eligibility import exclusion_of
from recommender.matching.fusion import fuse
from recommender.matching.passage_scores import PassageScorer
from recommender.matching.query import EncodedQuery, MatchQuery, encode_query
from recommender.matching.query_terms import QueryTerms
from recommender.matching.ranking import Candidate, score_parts, total
from recommender.matching.sides import Side
from recommender.services.matching import MatchAnswer, MatchRequest
from tests.actors import TESTER
from tests.conftest import SAMPLES

ALL = 1000


def judged() -> dict[str, dict[str, int]]:
    """Need → id → grade 1..3."""
    grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
    with (SAMPLES / "qrels" / "test.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            grades[row["query-id"]][row["corpus-id"]] = int(row["score"])
    return dict(grades)


def ndcg_at_10(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Gain 2^grade - 1, unjudged 0."""
    gains = [2 ** grades.get(entity_id, 0) - 1 for entity_id in ranked[:10]]
    ideal = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:10]
    discount = [1 / math.log2(position + 2) for position in range(10)]
    return sum(map(float.__mul__, discount, map(float, gains))) / sum(
        map(float.__mul__, discount, map(float, ideal))
    )


def answers(application: Application, k: int = 10) -> dict[str, MatchAnswer]:
    request = MatchRequest(SUPPLY_KINDS, k)
    return {need_id: application.matching.match_need(TESTER, need_id, request) for need_id in judged()}


PREFIXES = {EntityKind.EXPERT: "ZJ", EntityKind.PLATFORM: "PT", EntityKind.ACHIEVEMENT: "CG"}


class TestQuality:
    """The floors lie a little under what the shipped model reaches; see docs/evaluation.md for the figures."""

    @pytest.mark.parametrize(
        ("kind", "floor"),
        [(EntityKind.EXPERT, 0.80), (EntityKind.PLATFORM, 0.85), (EntityKind.ACHIEVEMENT, 0.80)],
    )
    def test_the_right_ones_stand_on_top(
        self, sample_application: Application, kind: EntityKind, floor: float
    ) -> None:
        grades = judged()
        scores = []
        for need_id, answer in answers(sample_application).items():
            of_kind = {i: g for i, g in grades[need_id].items() if i.startswith(PREFIXES[kind])}
            ranked = [match.id for part in answer.lists if part.kind is kind for match in part.matches]
            if of_kind:
                scores.append(ndcg_at_10(ranked, of_kind))
        assert len(scores) >= 14
        assert sum(scores) / len(scores) >= floor

    def test_a_badly_worded_need_finds_an_expert_who_can_solve_it(self, sample_application: Application) -> None:
        answer = sample_application.matching.match_text(
            TESTER, "", "轧出来的薄板边上老是裂，一个月断好几次", MatchRequest((EntityKind.EXPERT,), 3)
        )
        solvers = {i for i, grade in judged()["XQ2026005"].items() if grade == 3}
        assert {match.id for match in answer.lists[0].matches} & solvers

    def test_an_achievement_finds_the_enterprise_whose_need_it_solves(
        self, sample_application: Application
    ) -> None:
        hits = 0
        pairs = [(n, i) for n, g in judged().items() for i, s in g.items() if i.startswith("CG") and s == 3]
        for need_id, achievement_id in pairs:
            answer = sample_application.matching.match_achievement(
                TESTER, achievement_id, MatchRequest(DEMAND_KINDS, 3)
            )
            enterprises, needs = answer.lists
            hits += need_id in {match.id for match in needs.matches}
            assert enterprises.matches
        assert hits / len(pairs) >= 0.9


def test_exclusions_are_named_and_never_listed(sample_application: Application) -> None:
    found: set[ExclusionCode] = set()
    with sample_application.database.read() as unit:
        enterprise_of = {need.id: need.enterprise_code for need in unit.needs.iterate()}
        experts = {expert.id: expert for expert in unit.experts.iterate()}
    for need_id, answer in answers(sample_application).items():
        query = MatchQuery(title="", text="", enterprise_code=enterprise_of[need_id])
        listed = answer.lists[0]
        assert all(exclusion_of(experts[match.id], query) is None for match in listed.matches)
        for exclusion in listed.exclusions:
            assert exclusion_of(experts[exclusion.id], query) is exclusion.code
            found.add(exclusion.code)
    assert {ExclusionCode.CONFLICT, ExclusionCode.PAUSED} <= found


@pytest.fixture(scope="module")
def matches(sample_application: Application) -> list[Match]:
    """Every match of every sample need."""
    return [
        match
        for answer in answers(sample_application).values()
        for part in answer.lists
        for match in part.matches
    ]


class TestExplanation:
    def test_every_match_has_a_reason_resting_on_shown_evidence(self, matches: list[Match]) -> None:
        assert matches
        for match in matches:
            assert match.evidence
            assert match.reasons[0].evidence_id == match.evidence[0].id
            assert all(reason.text for reason in (*match.reasons, *match.gaps))

    def test_spans_lie_in_their_texts_and_mark_words_of_the_need(self, matches: list[Match]) -> None:
        n_marks = 0
        for match in matches:
            for item in match.evidence:
                for text, marks in ((item.title, item.title_marks), (item.text, item.text_marks)):
                    assert all(0 <= mark.start < mark.end <= len(text) for mark in marks)
                    n_marks += len(marks)
                if item.sentence is not None:
                    assert 0 <= item.sentence.start < item.sentence.end <= len(item.text)
        assert n_marks > len(matches)

    def test_scores_are_the_weighted_mean_of_their_parts(self, matches: list[Match]) -> None:
        for match in matches:
            assert match.score == pytest.approx(total(match.parts))
            assert 0.0 <= match.score <= 1.0
            assert all(0.0 <= part.value <= 1.0 for part in match.parts)
            assert sum(item.share for item in match.evidence) <= 1.0 + 1e-6


def encoded_by_definition(application: Application, query: MatchQuery) -> EncodedQuery:
    """A need is encoded as a query; an achievement asks with the vector of its passage, encoded anew."""
    if query.source_kind is not EntityKind.ACHIEVEMENT:
        return encode_query(query, application.encoder, application.segmenter, application.match_config)
    assert query.passage is not None
    (vector,) = application.encoder.inner.encode([query.passage.content], TextRole.PASSAGE)
    terms: defaultdict[str, float] = defaultdict(float)
    for text in (query.title, *query.keywords):
        for word in application.segmenter.tokens(text):
            terms[word] += 1.0
    return EncodedQuery(vector, QueryTerms(terms), ())


def brute_force(
    application: Application, query: MatchQuery, kind: EntityKind, filters: tuple[Filter, ...], k: int
) -> list[str]:
    """The ranking from its definition, entity by entity, with no index, no store query and no shortcut."""
    served = application.index_server.current().matcher
    index, config = served.sides[Side.of(kind)].passages, application.match_config
    scores = PassageScorer(index, config).score(encoded_by_definition(application, query))
    if kind in (EntityKind.EXPERT, EntityKind.PLATFORM):
        dense, lexical = scores.finding_dense, scores.finding_lexical
    else:
        dense, lexical = scores.dense, scores.lexical
    links = index.links[kind.value]
    fused = np.zeros_like(dense)
    rows = links.population
    fused[rows] = fuse(dense[rows], lexical[rows], dense_weight=config.dense_share(kind))
    with application.database.read() as unit:
        entities: dict[str, Entity] = {entity.id: entity for entity in unit.of(kind).iterate()}
    found: list[tuple[float, float, str, Entity, int | None]] = []
    for row, entity_id in enumerate(links.entity_ids):
        entity = entities[entity_id]
        if not all(condition.accepts(entity) for condition in filters if condition.applies_to(kind)):
            continue
        if exclusion_of(entity, query) is not None or entity_id == query.source_id:
            continue
        own = sorted(links.passages_of(row).tolist(), key=lambda p: -fused[p])
        values = [float(fused[p]) for p in own[: config.max_passages]]
        text = values[0] + sum(max(v, 0.0) * config.discount(kind) ** (j + 1) for j, v in enumerate(values[1:]))
        years = [y for p in own[: config.n_evidence] if (y := index.texts.get(p).year) is not None]
        found.append((text, 0.0, entity_id, entity, max(years, default=None)))
    found.sort(key=lambda item: (-item[0], item[2]))
    scored = []
    for text, _, entity_id, entity, year in found[: max(k, config.shortlist_size)]:
        parts = score_parts(Candidate(entity, text, (), year), query, config, current_year=today().year)
        scored.append((-total(parts), -text, entity_id))
    return [entity_id for _, _, entity_id in sorted(scored)[:k]]


FILTERS = [
    (),
    ("区域=江苏",),
    ("产业链=冶金新材料",),
    ("区域=江苏", "产业链=半导体"),
    ("合作方式=技术诊断",),
    ("类型=专利",),
    ("年份起=2023",),
    ("单位=大学",),
    ("区域=火星",),
]


class TestExactness:
    @pytest.mark.parametrize("kind", SUPPLY_KINDS)
    @pytest.mark.parametrize("expressions", FILTERS)
    def test_filtered_matches_equal_brute_force(
        self, sample_application: Application, kind: EntityKind, expressions: tuple[str, ...]
    ) -> None:
        filters = tuple(map(Filter.parse, expressions))
        if not all(condition.applies_to(kind) for condition in filters):
            with pytest.raises(InvalidInput):
                sample_application.matching.match_text(TESTER, "边裂", "", MatchRequest((kind,), 5, filters))
            return
        query = MatchQuery(title="高牌号硅钢冷轧边部裂口治理", text="轧出来的薄板边上老是裂，断带")
        for k in (1, 10, ALL):
            answer = sample_application.matching.match_text(
                TESTER, query.title, query.text, MatchRequest((kind,), k, filters)
            )
            expected = brute_force(sample_application, query, kind, filters, k)
            assert [match.id for match in answer.lists[0].matches] == expected

    @pytest.mark.parametrize("kind", DEMAND_KINDS)
    def test_matches_of_achievements_equal_brute_force(
        self, sample_application: Application, kind: EntityKind
    ) -> None:
        for achievement in _stored(sample_application, EntityKind.ACHIEVEMENT)[::15]:
            assert isinstance(achievement, Achievement)
            answer = sample_application.matching.match_achievement(
                TESTER, achievement.id, MatchRequest((kind,), 7)
            )
            query = MatchQuery.of_achievement(achievement)
            expected = brute_force(sample_application, query, kind, (), 7)
            assert [match.id for match in answer.lists[0].matches] == expected

    def test_every_eligible_entity_can_be_listed(self, sample_application: Application) -> None:
        answer = sample_application.matching.match_text(TESTER, "边裂", "", MatchRequest(SUPPLY_KINDS, ALL))
        n_open = sum(
            exclusion_of(expert, MatchQuery(title="", text="")) is None
            for expert in _stored(sample_application, EntityKind.EXPERT)
        )
        assert [len(part.matches) for part in answer.lists] == [n_open, 15, 150]

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(k=st.integers(1, MatchConfig().shortlist_size))
    def test_up_to_the_shortlist_k_only_cuts_the_list(self, sample_application: Application, k: int) -> None:
        longest = self._ids(sample_application, MatchConfig().shortlist_size)
        assert self._ids(sample_application, k) == longest[:k]

    def test_the_same_question_gives_the_same_answer(self, sample_application: Application) -> None:
        one, other = answers(sample_application), answers(sample_application)
        assert one == other

    def _ids(self, application: Application, k: int) -> list[str]:
        answer = application.matching.match_need(TESTER, "XQ2026005", MatchRequest((EntityKind.ACHIEVEMENT,), k))
        return [match.id for match in answer.lists[0].matches]


def _stored(application: Application, kind: EntityKind) -> list[Entity]:
    with application.database.read() as unit:
        return list(unit.of(kind).iterate())


class TestBadInput:
    @pytest.mark.parametrize(
        ("title", "text", "k", "code"),
        [
            ("", "", 10, "match.empty_need"),
            ("  ", "\n", 10, "match.empty_need"),
            ("边裂", "", 0, "match.k_range"),
            ("边裂", "", -3, "match.k_range"),
            ("边裂", "", 10_000, "match.k_range"),
            ("边裂", "长" * 100_000, 10, "match.text_too_long"),
        ],
    )
    def test_refused_with_what_to_do(
        self, sample_application: Application, title: str, text: str, k: int, code: str
    ) -> None:
        with pytest.raises(InvalidInput) as caught:
            sample_application.matching.match_text(TESTER, title, text, MatchRequest(SUPPLY_KINDS, k))
        assert caught.value.code == code
        assert "请" in str(caught.value)

    def test_unknown_ids(self, sample_application: Application) -> None:
        with pytest.raises(NotFound, match="XQ404"):
            sample_application.matching.match_need(TESTER, "XQ404", MatchRequest(SUPPLY_KINDS))
        with pytest.raises(NotFound, match="CG404"):
            sample_application.matching.match_achievement(TESTER, "CG404", MatchRequest(DEMAND_KINDS))

    def test_a_need_is_not_matched_with_needs(self, sample_application: Application) -> None:
        with pytest.raises(InvalidInput, match="可选对象"):
            sample_application.matching.match_need(TESTER, "XQ2026001", MatchRequest((EntityKind.NEED,)))

    @pytest.mark.parametrize("text", ["？！……", "a", "的", "\u200b钢", "🤖🤖", "x" * 5000])
    def test_odd_text_is_answered(self, sample_application: Application, text: str) -> None:
        answer = sample_application.matching.match_text(TESTER, "", text, MatchRequest(SUPPLY_KINDS, 2))
        assert [len(part.matches) for part in answer.lists] == [2, 2, 2]


def test_the_lists_of_an_answer_come_in_the_order_asked_for(sample_application: Application) -> None:
    kinds = (EntityKind.ACHIEVEMENT, EntityKind.EXPERT)
    answer = sample_application.matching.match_text(TESTER, "边裂", "", MatchRequest(kinds, 1))
    assert tuple(part.kind for part in answer.lists) == kinds
    assert all(isinstance(part, MatchList) for part in answer.lists)
