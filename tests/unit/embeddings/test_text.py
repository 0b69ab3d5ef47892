"""Normalisation, segmentation and sentences: nothing is lost, every span points into the original."""

import doctest
import time
from itertools import pairwise

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.text import normalise as normalise_module
from embeddings.text import sentences as sentences_module
from embeddings.text.normalise import normalise, normalise_with_origins
from embeddings.text.segment import Segmenter
from embeddings.text.sentences import sentence_spans


@pytest.mark.parametrize("module", [normalise_module, sentences_module])
def test_examples_in_docstrings(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ＨＲＣ５５", "hrc55"),
        ("碳化矽鍍膜", "碳化矽镀膜"),
        ("8㎜±0.1㎜", "8mm±0.1mm"),
        ("①②", "12"),
        ("", ""),
    ],
)
def test_folds_forms_that_mean_the_same(written: str, expected: str) -> None:
    assert normalise(written) == expected


@given(st.text(max_size=200))
def test_origins_ascend_and_cover_the_normalised_text(text: str) -> None:
    result = normalise_with_origins(text)
    assert result.text == normalise(text)
    assert len(result.origins) == len(result.text)
    assert list(result.origins) == sorted(result.origins)
    assert all(0 <= origin < len(text) for origin in result.origins)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("鋼板5㎜℃\0😀𝐀𠀀\ud83d\ude00")), max_size=30))
def test_a_text_folds_like_its_characters_one_by_one(text: str) -> None:
    folds = [normalise(character) for character in text]
    result = normalise_with_origins(text)
    assert result.text == "".join(folds)
    assert list(result.origins) == [place for place, fold in enumerate(folds) for _ in fold]


def test_a_span_found_in_normalised_text_marks_the_original() -> None:
    original = "膜厚5㎜的ＳｉＣ層"
    normalised = normalise_with_origins(original)
    start = normalised.text.index("sic")
    first, last = normalised.original_span(start, start + 3)
    assert original[first:last] == "ＳｉＣ"


@given(st.text(alphabet="钢板裂 。！；\nab", max_size=120))
def test_sentences_do_not_overlap_and_leave_out_only_spaces_and_lone_stops(text: str) -> None:
    spans = sentence_spans(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    kept = {position for start, end in spans for position in range(start, end)}
    dropped = {text[position] for position in range(len(text)) if position not in kept}
    assert dropped <= set(" \n。！；")


SEGMENTER = Segmenter(stop_words=["与"])
CHINESE = (
    "绝缘子金具热浸锌机械化工艺，替代手工操作",
    "轧出来的薄板边上老是裂，一个月断好几次；想找人看看是温度不对还是压下率太大",
    "磷酸铁锂电池低温放电容量衰减快，电解液浸润性不好",
    "污泥干化处理成本高、异味难处理",
    "研究冷轧薄板边部微裂纹的在线检测与分级方法：机器视觉、深度学习、无损检测",
)


class TestSegmenter:
    def test_search_mode_gives_long_words_and_their_parts(self) -> None:
        tokens = Segmenter(dictionary=["冷轧薄板"]).tokens("冷轧薄板")
        assert "冷轧薄板" in tokens
        assert "薄板" in tokens

    def test_the_dictionary_keeps_terms_whole(self) -> None:
        word = "超高分子量聚乙烯"
        assert word not in [term.text for term in Segmenter().terms(word)]
        assert [term.text for term in Segmenter(dictionary=[word]).terms(word)] == [word]

    @given(
        st.text(alphabet=st.one_of(st.characters(), st.sampled_from("冷轧薄板裂纹的5㎜-.%\ud83d")), max_size=60)
    )
    def test_terms_do_not_overlap_whatever_the_text(self, text: str) -> None:
        terms = list(SEGMENTER.terms(text))
        assert all(0 <= term.start < term.end <= len(text) for term in terms)
        assert all(before.start <= after.start for before, after in pairwise(terms))
        assert all(token == normalise(token) for token in SEGMENTER.tokens(text))

    def test_hyphenated_names_are_found_whole_and_by_their_parts(self) -> None:
        assert SEGMENTER.tokens("SDS-PAGE与TF-IDF") == ["sds", "page", "sds-page", "tf", "idf", "tf-idf"]

    def test_chinese_words_are_those_of_jieba(self) -> None:
        reference = jieba.Tokenizer()
        for word in ("热浸锌", "磷酸铁锂", "冷轧薄板"):
            reference.add_word(word)
        segmenter = Segmenter(dictionary=["热浸锌", "磷酸铁锂", "冷轧薄板"])
        for text in CHINESE:
            expected = [word for word in reference.cut_for_search(text) if word not in "，。、；："]
            assert segmenter.tokens(text) == expected

    def test_one_character_repeated_takes_no_longer_than_other_text(self) -> None:
        started = time.perf_counter()
        SEGMENTER.tokens("龘" * 20_000)
        assert time.perf_counter() - started < 1.0

    def test_stop_words_and_punctuation_are_left_out(self) -> None:
        assert Segmenter(stop_words=["的", "研究"]).tokens("薄板的研究，——！") == ["薄板"]

    def test_codes_and_grades_survive(self) -> None:
        assert "42crmo" in Segmenter().tokens("42CrMo钢淬火")

    def test_terms_point_into_the_original(self) -> None:
        text = "冷軋ＳｉＣ薄板"
        found = {term.text: text[term.start : term.end] for term in Segmenter().terms(text)}
        assert found["sic"] == "ＳｉＣ"
        assert found["冷轧"] == "冷軋"

    def test_id_changes_with_the_lists_and_with_nothing_else(self) -> None:
        assert Segmenter(dictionary=["甲", "乙"]).id == Segmenter(dictionary=["乙", "甲"]).id
        ids = {
            Segmenter().id,
            Segmenter(dictionary=["薄板"]).id,
            Segmenter(stop_words=["薄板"]).id,
        }
        assert len(ids) == 3
