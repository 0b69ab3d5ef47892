"""Descriptions taken apart at the headings of their form."""

import pytest

from embeddings.text.segment import Segmenter
from recommender.domain.entities import Need
from recommender.matching.asked import Asked, asked
from recommender.matching.config import MatchConfig
from recommender.matching.query import MatchQuery, query_texts
from recommender.matching.query_terms import QueryTerms

FORM = "现有工作基础：公司建有研发中心，产品出口。\n需求内容：降低同步带噪声。\n预期目标：降至40分贝。"


def test_what_is_wanted_comes_first_and_the_rest_is_background() -> None:
    found = asked(FORM)
    assert found == Asked("降低同步带噪声。降至40分贝", "公司建有研发中心，产品出口")
    assert found.in_order == "降低同步带噪声。降至40分贝。公司建有研发中心，产品出口"


@pytest.mark.parametrize(
    ("text", "wanted", "background"),
    [
        ("一、工作基础：有产线。二、需求内容：降噪", "降噪", "有产线"),
        ("1、技术指标：精度3微米 2、公司简介：生产刀具", "精度3微米", "生产刀具"),
        ("【背景】市场大。【难题】易开裂", "易开裂", "市场大"),
        ("（现状）手工作业。（预期目标）机械化", "机械化", "手工作业"),
        ("绝缘子热浸锌改机械化。现状：全靠手工", "绝缘子热浸锌改机械化", "全靠手工"),
        ("存在问题：甲。企业概况：乙。技术难点：丙。", "甲。丙", "乙"),
        ("目标:甲\n需求:乙", "乙。甲", ""),
        ("需求内容：甲。现状：乙。\n \n难点在丙。\n\n现状：丁", "甲。难点在丙", "乙。丁"),
    ],
)
def test_headings(text: str, wanted: str, background: str) -> None:
    assert asked(text) == Asked(wanted, background)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "降低同步带噪声至40分贝。",
        "该技术的现状：仍靠手工",  # part of a sentence, not a heading
        "现状不能满足需求，目标是机械化",
        "现状：全靠手工，效率低。",  # nothing but background says what is wanted
        "需求内容：",
        "现有基础： \n 需求内容： ",
    ],
)
def test_a_text_without_both_stays_whole(text: str) -> None:
    assert asked(text) == Asked(text)


def test_the_parts_of_a_stored_need_are_wanted_whatever_the_first_ends_with() -> None:
    need = Need(
        id="X", title="t", description="需求：甲。公司简介：乙", difficulties="丙", indicators=("丁", "戊")
    )
    assert asked(need.text) == Asked("甲。丙。丁；戊", "乙")


def test_no_word_is_lost() -> None:
    found = asked(FORM)
    assert all(word in found.in_order for word in ("研发中心", "同步带", "40分贝"))


class TestQueries:
    CONFIG = MatchConfig(body_chars=12, background_term_weight=0.25)
    SEGMENTER = Segmenter()

    def test_the_vector_reads_what_is_wanted(self) -> None:
        full, title = query_texts(MatchQuery(title="振动设备", text=FORM), self.CONFIG)
        assert title == "振动设备"
        assert full == "振动设备。降低同步带噪声。降至40"

    def test_words_of_the_background_count_in_part(self) -> None:
        terms = QueryTerms.of("振动设备", FORM, self.SEGMENTER, self.CONFIG)
        assert terms.words["噪声"] == 1.0
        assert terms.words["出口"] == 0.25
        assert terms.finding["噪声"] == 1.0
        assert terms.finding["出口"] == 0.25
        assert terms.finding["产品", "出口"] == 0.25 * self.CONFIG.finding_pair_weight

    def test_a_word_of_both_parts_counts_for_both_where_it_is_repeated_and_once_where_it_is_not(self) -> None:
        text = "现状：噪声大。需求内容：降低噪声"
        terms = QueryTerms.of("", text, self.SEGMENTER, self.CONFIG)
        assert terms.words["噪声"] == 1.25
        assert terms.finding["噪声"] == 1.0

    def test_the_background_can_be_left_out(self) -> None:
        config = MatchConfig(background_term_weight=0.0)
        terms = QueryTerms.of("振动设备", FORM, self.SEGMENTER, config)
        assert not {"出口", "研发中心"} & {*terms.words, *terms.finding}

    def test_a_text_without_headings_is_as_before(self) -> None:
        text = "公司建有研发中心，降低同步带噪声"
        for weight in (0.0, 1.0):
            config = MatchConfig(background_term_weight=weight)
            terms = QueryTerms.of("设备", text, self.SEGMENTER, config)
            assert terms.words["研发"] == terms.words["噪声"] == 1.0
