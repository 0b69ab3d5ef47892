"""Every view of a work: one work only, never empty, bounded, and no answer inside the question."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.training.texts import TrainingText
from embeddings.training.views import (
    VIEWS,
    Pair,
    View,
    claim_to_title,
    need_to_work,
    part_to_part,
    title_to_abstract,
    words_to_title,
)
from tests.unit.embeddings.training.works import MARKS, marks_in, sentences_in, work

LONGEST_QUERY = 80
LONGEST_PASSAGE = 110
MAKERS = [view.make for view in VIEWS]
Maker = Callable[[TrainingText, random.Random], Pair]

anyone = pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
seeds = st.integers(0, 2**32)


def test_the_shares_are_a_whole() -> None:
    assert sum(view.share for view in VIEWS) == pytest.approx(1.0)
    assert set(MAKERS) == {title_to_abstract, claim_to_title, words_to_title, need_to_work, part_to_part}
    assert all(isinstance(view, View) and view.share > 0 for view in VIEWS)


@anyone
@settings(max_examples=60, deadline=None)
@given(
    seed=seeds,
    number=st.integers(0, len(MARKS) - 1),
    n_sentences=st.integers(2, 6),
    n_keywords=st.integers(0, 4),
)
def test_both_sides_come_from_the_same_work(
    make: Maker, seed: int, number: int, n_sentences: int, n_keywords: int
) -> None:
    pair = make(work(number, n_sentences=n_sentences, n_keywords=n_keywords), random.Random(seed))
    for side in pair:
        assert side.strip()
        assert marks_in(side) == {MARKS[number]}


@anyone
@settings(max_examples=60, deadline=None)
@given(seed=seeds)
def test_the_same_draw_gives_the_same_pair(make: Maker, seed: int) -> None:
    assert make(work(0), random.Random(seed)) == make(work(0), random.Random(seed))


@anyone
def test_draws_differ(make: Maker) -> None:
    rng = random.Random(0)
    assert len({make(work(0), rng) for _ in range(60)}) > 3


LONG = TrainingText(
    title="高牌号硅钢冷轧边部裂口治理",
    abstract="".join(
        f"第{number}组试样在热轧之后经过酸洗和冷轧并且测量了裂纹的长度与走向。" for number in range(30)
    ),
    keywords=("硅钢", "边裂", "冷轧", "热塑性"),
)
ONE_SENTENCE = TrainingText("边裂治理", "热" * 300, ())


@settings(max_examples=80, deadline=None)
@given(seed=seeds, text=st.sampled_from([LONG, ONE_SENTENCE]))
def test_lengths_are_bounded(seed: int, text: TrainingText) -> None:
    rng = random.Random(seed)
    longest_wish = len("、".join(text.keywords[1:])) + len("关键技术") + 2
    query, passage = title_to_abstract(text, rng)
    assert len(query) <= len(text.title)
    assert len(passage) <= LONGEST_PASSAGE
    query, passage = claim_to_title(text, rng)
    assert len(query) <= LONGEST_QUERY
    assert len(passage) <= len(text.title)
    query, passage = words_to_title(text, rng)
    assert len(query) <= longest_wish or text is ONE_SENTENCE
    query, passage = need_to_work(text, rng)
    assert len(query) <= LONGEST_QUERY + 1 + max(longest_wish, len(text.title) + len("关键技术"))
    assert len(passage) <= LONGEST_PASSAGE
    assert max(map(len, part_to_part(text, rng))) <= LONGEST_PASSAGE


def test_long_texts_reach_their_bounds() -> None:
    rng = random.Random(0)
    drawn = [part_to_part(LONG, rng) for _ in range(40)]
    assert max(len(passage) for _, passage in drawn) == LONGEST_PASSAGE
    assert max(len(claim_to_title(LONG, rng)[0]) for _ in range(200)) == LONGEST_QUERY


@pytest.mark.parametrize("make", [need_to_work, part_to_part])
@settings(max_examples=100, deadline=None)
@given(seed=seeds, n_sentences=st.integers(2, 6))
def test_the_halves_share_no_sentence(make: Maker, seed: int, n_sentences: int) -> None:
    query, passage = make(work(0, n_sentences=n_sentences), random.Random(seed))
    assert sentences_in(query)
    assert sentences_in(passage)
    assert sentences_in(query).isdisjoint(sentences_in(passage))


def test_either_half_may_ask() -> None:
    first = {min(sentences_in(part_to_part(work(0), random.Random(seed))[0])) for seed in range(40)}
    assert len(first) > 1


@pytest.mark.parametrize("make", [need_to_work, part_to_part])
def test_one_sentence_stands_against_the_title(make: Maker) -> None:
    text = work(0, n_sentences=1)
    query, passage = make(text, random.Random(0))
    assert text.title in query
    assert not sentences_in(query)
    assert sentences_in(passage)


def test_words_are_keywords_with_a_wish_or_the_title_where_there_are_none() -> None:
    text = work(0)
    for seed in range(60):
        query, _ = words_to_title(text, random.Random(seed))
        assert any(word in query for word in text.keywords)
        bare, _ = words_to_title(work(0, n_keywords=0), random.Random(seed))
        assert bare.startswith(text.title)
    assert len({words_to_title(text, random.Random(seed))[0] for seed in range(60)}) > 20


def test_titles_lose_their_function_words_now_and_then() -> None:
    text = work(0)
    titles = [claim_to_title(text, random.Random(seed))[1] for seed in range(400)]
    bare = "甲型样品低温性能测量分析"
    assert set(titles) == {text.title, bare}
    assert 0.2 < titles.count(bare) / len(titles) < 0.4


def test_a_title_of_function_words_stays() -> None:
    text = TrainingText("关于其", work(0).abstract, ())
    assert {claim_to_title(text, random.Random(seed))[1] for seed in range(40)} == {"关于其"}


@pytest.mark.parametrize("mark", ["【目的】", "[目的]", "【目的/意义】"])
@anyone
def test_section_marks_are_no_content(make: Maker, mark: str) -> None:
    text = work(0)
    marked = TrainingText(text.title, mark + text.abstract, text.keywords)
    for seed in range(20):
        assert "目的" not in "".join(make(marked, random.Random(seed)))
