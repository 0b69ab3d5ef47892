"""Marks point at the shared words in the text as it was written."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from embeddings.lexical.bm25 import Bm25Index
from embeddings.text.tokens import TokenTable
from recommender.domain.match import Span
from recommender.matching.marking import WordMarker

FILLER = [["其他"]] * 60
INDEX = Bm25Index.build(TokenTable.of([["边裂", "薄板"], ["sic"], ["薄板"], *FILLER]))


def marker(*words: str) -> WordMarker:
    return WordMarker(words, INDEX, common_share=0.05)


def marked_words(found: WordMarker, text: str) -> list[str]:
    return [text[span.start : span.end] for span in found.mark(text).marks]


def test_marks_every_occurrence_in_the_original_spelling() -> None:
    assert marked_words(marker("薄板", "sic"), "薄板與ＳｉＣ，薄板。") == ["薄板", "ＳｉＣ", "薄板"]


def test_longest_word_wins_and_neighbours_merge() -> None:
    assert marked_words(marker("薄板", "薄板边裂", "边裂"), "冷轧薄板边裂边裂") == ["薄板边裂边裂"]


def test_latin_words_must_stand_alone() -> None:
    assert marked_words(marker("sic"), "basic SiC sic2 4H-SiC") == ["SiC", "SiC"]


def test_common_words_single_characters_and_numbers_are_not_telling() -> None:
    assert marker("其他", "钢", "2026").weights == {}
    assert marked_words(marker("其他", "钢", "2026"), "其他钢2026") == []


def test_the_best_sentence_has_the_rarest_words() -> None:
    text = "薄板很薄。薄板边裂严重。没有。"
    found = marker("薄板", "边裂")
    assert found.best_sentence(found.mark(text)) == Span(5, 12)
    assert found.best_sentence(found.mark("没有共同词")) is None


@given(st.text(alphabet="薄板边裂，。SiC ", max_size=80))
def test_marks_ascend_and_lie_inside(text: str) -> None:
    marks = marker("薄板", "边裂", "sic").mark(text).marks
    assert all(0 <= mark.start < mark.end <= len(text) for mark in marks)
    assert all(one.end < other.start for one, other in pairwise(marks))
