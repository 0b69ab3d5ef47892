from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.kinds import CooperationMode
from recommender.exchange import parsers, word_parsers
from recommender.exchange.issues import BadValue, Flagged
from recommender.exchange.limits import LIMITS

from .samples import CODE

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


def refusal(parse: parsers.Parser, cell: object) -> str:
    """The code with which a parser refuses a cell."""
    with pytest.raises(BadValue) as refused:
        parse(cell)  # type: ignore[arg-type]
    return refused.value.code


class TestDay:
    @given(DAYS)
    def test_every_way_of_writing_a_day_means_that_day(self, day: date) -> None:
        y, m, d = day.year, day.month, day.day
        written = [
            day,
            datetime.fromisoformat(f"{y}-{m:02}-{d:02} 13:30"),
            f"{y}-{m:02}-{d:02}",
            f"{y}/{m}/{d}",
            f"{y}.{m}.{d}",
            f"{y}年{m}月{d}日",
            f"{y} 年 {m} 月 {d} 日",
            f"{y}{m:02}{d:02}",
            f"{y}-{m:02}-{d:02} 00:00:00",
            f"{y}-{m:02}-{d:02}T08:15:00",
        ]
        assert [parsers.day(cell) for cell in written] == [day] * len(written)

    @given(st.dates(date(1927, 5, 18), date(2099, 12, 31)))
    def test_a_day_number_of_excel_counts_from_the_end_of_1899(self, day: date) -> None:
        number = (day - date(1899, 12, 30)).days
        assert parsers.day(number) == day
        assert parsers.day(float(number) + 0.25) == day
        assert parsers.day(str(number)) == day

    def test_full_width_digits_are_digits(self) -> None:
        assert parsers.day("２０２４－０３－０５") == date(2024, 3, 5)

    @pytest.mark.parametrize(
        "text", ["2024", "2024年3月", "三月五日", "03/05/2024", "5", 2016, -1, "2024-3-5 起"]
    )
    def test_what_is_not_a_whole_date_is_refused(self, text: object) -> None:
        assert refusal(parsers.day, text) == "date.form"

    @pytest.mark.parametrize("text", ["2023-02-29", "2024-13-01", "2024年4月31日", "20240230"])
    def test_a_day_that_never_was_is_refused(self, text: str) -> None:
        assert refusal(parsers.day, text) == "date.no_such_day"

    def test_a_year_out_of_reach_is_refused(self) -> None:
        assert refusal(parsers.day, "0024-03-05") == "date.range"
        assert refusal(parsers.day, "9999-12-31") == "date.range"

    @pytest.mark.parametrize("text", ["长期", "/", "--", "N/A"])
    def test_a_placeholder_is_no_date_and_says_so(self, text: str) -> None:
        assert parsers.day(text) == Flagged(None, "value.placeholder", {"value": text})


class TestAmount:
    @given(st.integers(0, 10**6), st.integers(0, 99))
    def test_units_are_converted_exactly(self, whole: int, hundredths: int) -> None:
        number = f"{whole}.{hundredths:02}"
        value = float(number)
        for written in (number, f"{number}万", f"{number}万元", f"{number} 万元", f"{number}万元人民币"):
            assert parsers.amount_wan(written) == value
        assert parsers.amount_wan(f"{whole % 10_000}亿元") == (whole % 10_000) * 10_000.0
        assert parsers.amount_wan(f"{whole * 10_000}元") == float(whole)

    @given(st.integers(1_000, 10**8))
    def test_thousands_commas_may_be_written(self, whole: int) -> None:
        assert parsers.amount_wan(f"{whole:,}") == float(whole)

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("1.1亿", 1.1 * 10_000),
            ("５０", 50.0),
            (80, 80.0),
            (80.5, 80.5),
            ("500000元", 500000 / 10_000),
            (0, 0.0),
        ],
    )
    def test_examples(self, written: object, expected: float) -> None:
        assert parsers.amount_wan(written) == pytest.approx(expected, rel=1e-15)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "written",
        ["100-200", "1,5", "-3", -3.0, "80万美元", "八十", "1e3", "约 80", date(2024, 1, 1), "12,34"],
    )
    def test_what_is_not_one_amount_is_refused(self, written: object) -> None:
        assert refusal(parsers.amount_wan, written) == "amount.form"

    def test_an_absurd_amount_is_refused(self) -> None:
        assert parsers.amount_wan("1亿") == 10_000.0
        assert refusal(parsers.amount_wan, "10001亿亿") == "amount.form"
        assert refusal(parsers.amount_wan, str(10**8 + 1)) == "amount.range"

    def test_to_be_negotiated_counts_as_not_stated(self) -> None:
        assert parsers.amount_wan("面议") == Flagged(None, "value.placeholder", {"value": "面议"})


class TestLists:
    @given(
        st.lists(st.text("轴承钢a1-（", min_size=1, max_size=6), min_size=1, max_size=8),
        st.sampled_from("；;|\n"),
    )
    def test_joined_phrases_come_apart_again(self, items: list[str], separator: str) -> None:
        assert parsers.phrases(separator.join(items) + separator) == tuple(dict.fromkeys(items))

    def test_strong_separators_leave_weak_ones_alone(self) -> None:
        assert parsers.phrases("高温、高压；1,4-丁二醇；N,N-二甲基甲酰胺") == (
            "高温、高压",
            "1,4-丁二醇",
            "N,N-二甲基甲酰胺",
        )
        assert parsers.phrases("高温、高压；") == ("高温、高压",)

    def test_weak_separators_count_where_there_are_no_strong_ones(self) -> None:
        assert parsers.phrases("铸造、焊接，电池") == ("铸造", "焊接", "电池")
        assert parsers.phrases("casting, welding") == ("casting", "welding")
        assert parsers.phrases("1,4-丁二醇") == ("1,4-丁二醇",)

    def test_blanks_and_repeats_disappear(self) -> None:
        assert parsers.phrases("铸造；； 铸造 ；\n焊接") == ("铸造", "焊接")

    def test_words_come_apart_at_every_separator(self) -> None:
        assert parsers.words("CNAS、CMA，ISO 9001,高企|专精特新") == (
            "CNAS",
            "CMA",
            "ISO 9001",
            "高企",
            "专精特新",
        )

    def test_ids_keep_their_order_and_appear_once(self) -> None:
        assert parsers.identifiers("ZJ2；ZJ1、ZJ2") == ("ZJ2", "ZJ1")
        assert parsers.identifiers(12.0) == ("12",)

    def test_a_phrase_of_a_whole_page_is_refused(self) -> None:
        long = "长" * (LIMITS.max_short_characters + 1)
        assert refusal(parsers.phrases, f"短；{long}") == "text.too_long"
        assert refusal(parsers.words, long) == "text.too_long"


class TestIdentifier:
    @given(st.integers(0, 10**15 - 1))
    def test_a_number_is_its_digits(self, number: int) -> None:
        assert parsers.identifier(number) == str(number)
        assert parsers.identifier(float(number)) == str(number)

    def test_text_stays_as_it_is(self) -> None:
        assert parsers.identifier("0012-a/B 7") == "0012-a/B 7"

    def test_digits_that_excel_lost_are_noticed(self) -> None:
        assert refusal(parsers.identifier, 913205820000000000) == "id.lost_digits"
        assert refusal(parsers.identifier, 9.13205820000000e17) == "id.lost_digits"
        assert refusal(parsers.identifier, "9.13206E+17") == "id.lost_digits"

    def test_a_code_that_became_a_date_is_noticed(self) -> None:
        assert refusal(parsers.identifier, date(2024, 3, 5)) == "id.became_date"

    @pytest.mark.parametrize("text", ["A；B", "A,B", "A|B", "A\nB", "A、B"])
    def test_separators_are_refused(self, text: str) -> None:
        assert refusal(parsers.identifier, text) == "id.separator"

    def test_length_is_limited(self) -> None:
        longest = "9" * LIMITS.max_id_characters
        assert parsers.identifier(longest) == longest
        assert refusal(parsers.identifier, longest + "9") == "id.too_long"


class TestCreditCode:
    def test_width_and_case_do_not_matter(self) -> None:
        assert parsers.credit_code(CODE.lower()) == CODE
        assert parsers.credit_code("９１３２０５８２" + CODE[8:]) == CODE
        assert parsers.credit_code(f"{CODE[:9]} {CODE[9:]}") == CODE

    def test_an_old_registration_number_is_taken_with_a_warning(self) -> None:
        old = "320583400000001"
        assert parsers.credit_code(old) == Flagged(old, "credit_code.old_registration", {"value": old})
        assert parsers.credit_code_reference(old) == old

    def test_typing_mistakes_are_refused(self) -> None:
        wrong = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
        assert refusal(parsers.credit_code, wrong) == "credit_code.check_digit"
        assert refusal(parsers.credit_code, CODE[:-1]) == "credit_code.length"
        assert refusal(parsers.credit_code_reference, "示例有限公司") == "credit_code.length"


class TestMaturity:
    @given(st.integers(1, 9))
    def test_a_level_may_be_written_in_many_ways(self, level: int) -> None:
        for cell in (
            level,
            float(level),
            str(level),
            f"TRL{level}",
            f"trl {level}",
            f"TRL-{level}",
            f"{level}级",
        ):
            assert parsers.trl(cell) == level

    @pytest.mark.parametrize(
        ("word", "level"),
        [("正在研发", 3), ("样品", 4), ("小试", 5), ("中试", 6), ("中试阶段", 6), ("量产", 8)],
    )
    def test_a_stage_stands_for_a_level(self, word: str, level: int) -> None:
        assert parsers.trl(word) == level

    @pytest.mark.parametrize("cell", [0, 10, 5.5, "成熟", "6-7", date(2024, 1, 1)])
    def test_anything_else_is_refused(self, cell: object) -> None:
        assert refusal(parsers.trl, cell) == "trl.form"


class TestOtherNumbers:
    @given(st.integers(1900, 2100))
    def test_years(self, year: int) -> None:
        for cell in (year, float(year), str(year), f"{year}年", f"{year}年度", date(year, 5, 1)):
            assert parsers.year(cell) == year

    @pytest.mark.parametrize("cell", [1899, 2101, "24", "二〇二四", 2024.5, ""])
    def test_other_numbers_are_no_years(self, cell: object) -> None:
        assert refusal(parsers.year, cell) == "year.form"

    @given(st.integers(0, 10_000))
    def test_counts(self, number: int) -> None:
        assert parsers.count(number) == parsers.count(str(number)) == parsers.count(float(number)) == number

    @pytest.mark.parametrize("cell", [-1, 2.5, 10_001, "三", "1万", date(2024, 1, 1)])
    def test_other_things_are_no_counts(self, cell: object) -> None:
        assert refusal(parsers.count, cell) == "count.form"


class TestChoices:
    def test_a_word_of_the_vocabulary_is_that_word(self) -> None:
        assert word_parsers.one_of(CooperationMode)("联合开发") is CooperationMode.JOINT_DEVELOPMENT
        assert word_parsers.some_of(CooperationMode)("联合开发、技术诊断") == (
            CooperationMode.JOINT_DEVELOPMENT,
            CooperationMode.DIAGNOSIS,
        )

    def test_another_word_is_refused_with_the_vocabulary(self) -> None:
        with pytest.raises(BadValue) as refused:
            word_parsers.some_of(CooperationMode)("联合开发；聊天")
        assert refused.value.context == {"value": "聊天", "allowed": "技术诊断、专题培训、联合开发、委托研发"}


@given(st.text(max_size=60) | st.floats(allow_nan=False) | st.integers() | DAYS)
def test_no_parser_ever_fails_in_another_way(cell: object) -> None:
    every = (
        parsers.short_text, parsers.long_text, parsers.identifier, parsers.identifiers, parsers.credit_code,
        parsers.credit_code_reference, parsers.phrases, parsers.words, parsers.day, parsers.year,
        parsers.amount_wan, parsers.count, parsers.trl, word_parsers.some_of(CooperationMode),
    )  # fmt: skip
    for parse in every:
        try:
            parse(cell)  # type: ignore[arg-type]
        except BadValue as refused:
            assert refused.code


def test_long_text_ends_below_one_hundred_thousand_characters() -> None:
    longest = "长" * 99_999
    assert parsers.long_text(longest) == longest
    assert refusal(parsers.long_text, longest + "长") == "text.too_long"


def test_the_day_after_the_epoch_is_consistent() -> None:
    assert parsers.day(45_000) == date(1899, 12, 30) + timedelta(days=45_000)
