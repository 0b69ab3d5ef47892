"""Words with a list behind them: closed vocabularies refuse, open ones keep and say so."""

from collections import Counter
from datetime import date
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.facts import FactIndicator, FactStatus, ResearchBodyLevel
from recommender.domain.kinds import (
    Confidentiality,
    ContractType,
    CooperationMode,
    DesiredPartner,
    EnterpriseSize,
    ExpertCategory,
    LegalStatus,
    NeedSource,
    PlatformType,
    TransferMode,
    Willingness,
)
from recommender.exchange import vocabularies, word_parsers
from recommender.exchange.issues import BadValue, Flagged
from recommender.exchange.limits import LIMITS
from recommender.exchange.tables import TABLES
from recommender.exchange.word_parsers import _word_key

ALIASES = {
    name: value for name, value in vars(vocabularies).items() if name.isupper() and isinstance(value, dict)
}
CLOSED: list[tuple[type[StrEnum], str]] = [
    (CooperationMode, "COOPERATION_MODES"),
    (ContractType, "CONTRACT_TYPES"),
    (Confidentiality, "CONFIDENTIALITY"),
    (DesiredPartner, "DESIRED_PARTNERS"),
    (NeedSource, "NEED_SOURCES"),
    (Willingness, "WILLINGNESS"),
    (ExpertCategory, "EXPERT_CATEGORIES"),
    (LegalStatus, "LEGAL_STATUSES"),
    (EnterpriseSize, "ENTERPRISE_SIZES"),
    (FactIndicator, "FACT_INDICATORS"),
    (FactStatus, "FACT_STATUSES"),
    (ResearchBodyLevel, "RESEARCH_BODY_LEVELS"),
]


def refusal(parse: word_parsers.Parser, cell: object) -> str:
    with pytest.raises(BadValue) as refused:
        parse(cell)  # type: ignore[arg-type]
    return refused.value.code


@pytest.mark.parametrize("name", ALIASES)
def test_no_word_means_two_things(name: str) -> None:
    words = [_word_key(word) for choice, others in ALIASES[name].items() for word in {choice, *others.split()}]
    assert [word for word, n in Counter(words).items() if n > 1] == []


@pytest.mark.parametrize(("choices", "name"), CLOSED)
def test_every_alias_means_its_word(choices: type[StrEnum], name: str) -> None:
    parse = word_parsers.one_of(choices, ALIASES[name])
    assert set(ALIASES[name]) <= set(choices)
    for choice in choices:
        for word in (choice.value, *ALIASES[name].get(choice, "").split()):
            assert parse(word) is choice
            assert parse(f" {word} ".replace("(", "（")) is choice
    assert refusal(parse, "没有这个词") == "choice.unknown"


def test_aliases_of_one_word_are_taken_once() -> None:
    parse = word_parsers.some_of(CooperationMode, vocabularies.COOPERATION_MODES)
    assert parse("联合研发、合作开发；专题培训") == (CooperationMode.JOINT_DEVELOPMENT, CooperationMode.TRAINING)


def test_an_open_vocabulary_keeps_what_it_does_not_know() -> None:
    parse = word_parsers.preferred(tuple(PlatformType), vocabularies.PLATFORM_TYPES, warn=True)
    assert parse("工程中心") == "工程技术研究中心"
    assert type(parse("重点实验室")) is str
    kept = parse("院士工作站")
    assert isinstance(kept, Flagged)
    assert (kept.value, kept.code) == ("院士工作站", "choice.unusual")
    quiet = word_parsers.preferred(tuple(PlatformType), vocabularies.PLATFORM_TYPES, warn=False)
    assert quiet("院士工作站") == "院士工作站"
    assert refusal(quiet, "长" * (LIMITS.max_short_characters + 1)) == "text.too_long"


def test_words_of_an_open_vocabulary() -> None:
    parse = word_parsers.preferred_words(tuple(TransferMode), vocabularies.TRANSFER_MODES, warn=True)
    assert parse("技术入股、许可，许可使用") == ("作价投资", "许可")
    kept = parse("许可；面谈")
    assert isinstance(kept, Flagged)
    assert (kept.value, kept.context["value"]) == (("许可", "面谈"), "面谈")
    quiet = word_parsers.preferred_words(("高新技术企业",), {"高新技术企业": "高企"}, warn=False)
    assert quiet("高企；双软") == ("高新技术企业", "双软")


@pytest.mark.parametrize(
    ("cell", "value"),
    [("是", True), ("否", False), ("√", True), ("Y", True), (1, True), (0, False), ("规下", False)],
)
def test_truth(cell: object, value: bool) -> None:
    assert word_parsers.truth(cell) is value  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["不详", 2, date(2024, 1, 1), "是否"])
def test_neither_true_nor_false(cell: object) -> None:
    assert refusal(word_parsers.truth, cell) == "truth.form"


def test_indicators_get_one_form() -> None:
    assert word_parsers.indicators("冲击功不低于42J；漏检率<=0.1%；漏检率 ≤ 0.1 %") == (
        "冲击功 ≥ 42 J",
        "漏检率 ≤ 0.1 %",
    )
    kept = word_parsers.indicators("硬度>=60HRC；不得出现裂纹")
    assert isinstance(kept, Flagged)
    assert kept.value == ("硬度 ≥ 60 HRC", "不得出现裂纹")
    assert (kept.code, kept.context) == ("indicator.form", {"value": "不得出现裂纹"})


def test_an_industry_is_written_in_one_way() -> None:
    assert word_parsers.industry("3042") == "C3042 特种玻璃制造"
    assert word_parsers.industry(3042) == "C3042 特种玻璃制造"
    unknown = word_parsers.industry("玻璃行业")
    assert unknown == Flagged("玻璃行业", "industry.unknown", {"value": "玻璃行业"})
    wrong = word_parsers.industry("C3042 钢压延加工")
    assert isinstance(wrong, Flagged)
    assert (wrong.value, wrong.code) == ("C3042 特种玻璃制造", "industry.mismatch")


def test_a_place_elsewhere_is_kept() -> None:
    assert word_parsers.town("高新区") == "塘桥镇"
    assert word_parsers.town("虞山街道") == Flagged("虞山街道", "town.unknown", {"value": "虞山街道"})


def test_contacts_are_checked_and_not_repeated_in_messages() -> None:
    assert word_parsers.phone(13800005678) == "13800005678"
    assert word_parsers.phone(13800005678.0) == "13800005678"
    assert word_parsers.email("name@example.edu.cn") == "name@example.edu.cn"
    for parse, cell, code in (
        (word_parsers.phone, "13800005678 王秘书", "phone.form"),
        (word_parsers.phone, date(2024, 1, 1), "phone.form"),
        (word_parsers.email, "王秘书", "email.form"),
    ):
        with pytest.raises(BadValue) as refused:
            parse(cell)  # type: ignore[arg-type]
        assert (refused.value.code, refused.value.context) == (code, {})
    assert refusal(word_parsers.url, "javascript:alert(1)") == "url.form"
    assert refusal(word_parsers.url, "https://x.cn/" + "a" * LIMITS.max_short_characters) == "url.form"


@given(st.text(max_size=60) | st.floats(allow_nan=False) | st.integers() | st.dates())
def test_no_column_ever_fails_in_another_way(cell: object) -> None:
    for table in TABLES.values():
        for column in table.columns:
            try:
                column.parse(cell)  # type: ignore[arg-type]
            except BadValue as refused:
                assert refused.code
