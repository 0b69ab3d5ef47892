"""Industries of GB/T 4754—2017 and towns of the city."""

import json
from collections import Counter
from pathlib import Path

import pytest

from recommender.exchange import codes

LEXICON = Path(__file__).parents[4] / "shared" / "data" / "lexicons" / "gbt4754_2017.jsonl"


def test_an_industry_is_found_by_code_by_name_and_by_both() -> None:
    known = codes.industries()
    for industry in known:
        written = str(industry)
        code, _, name = written.partition(" ")
        for text in (written, code, f"{code}{name}", f"{code}-{name}", f"{name}({code})", code.lower()):
            assert known.find(text) == codes.FoundIndustry(industry), text
        if industry.code != industry.section:
            assert known.find(industry.code) == codes.FoundIndustry(industry)
        by_name = known.find(industry.name)
        assert by_name is not None
        assert by_name.industry.name == industry.name


def test_a_name_on_two_levels_means_the_lower_one() -> None:
    found = codes.industries().find("国际组织")
    assert found is not None
    assert str(found.industry) == "T9700 国际组织"


def test_a_group_that_is_listed_by_its_only_class_is_found() -> None:
    found = codes.industries().find("C313")
    assert found is not None
    assert str(found.industry) == "C3130 钢压延加工"


@pytest.mark.parametrize(
    "text", ["Ｃ３０４２ 特种玻璃制造", "3042特种玻璃制造", "特种玻璃制造（3042）", " c3042 "]
)
def test_width_and_blanks_do_not_matter(text: str) -> None:
    found = codes.industries().find(text)
    assert found is not None
    assert str(found.industry) == "C3042 特种玻璃制造"
    assert found.agrees


@pytest.mark.parametrize("text", ["C3042 钢压延加工", "D3042", "钢压延加工(C3042)"])
def test_a_contradiction_goes_to_the_code_and_is_said(text: str) -> None:
    found = codes.industries().find(text)
    assert found is not None
    assert str(found.industry) == "C3042 特种玻璃制造"
    assert not found.agrees


@pytest.mark.parametrize(
    "text", ["", "9999", "C9999", "玻璃", "Z3042", "30421", "X", "C制造", "3042.5", "制造业等", "9", "9a", "3）"]
)
def test_anything_else_is_unknown(text: str) -> None:
    assert codes.industries().find(text) is None


def test_codes_are_unique_and_belong_to_their_section() -> None:
    entries = list(codes.industries())
    lengths = Counter(len(entry.code) for entry in entries)
    assert (lengths[1], lengths[2]) == (20, 97)
    assert len(codes.industries()) == sum(lengths.values())
    divisions = {entry.code: entry.section for entry in entries if len(entry.code) == 2}
    assert all(divisions[entry.code[:2]] == entry.section for entry in entries if len(entry.code) > 1)


def test_the_list_is_the_standard() -> None:
    if not LEXICON.exists():
        pytest.skip("no lexicon in ../shared/data/lexicons")
    lines = [json.loads(line) for line in LEXICON.read_text(encoding="utf-8").splitlines()]
    source = {(line["section"], line["code"], line["name"].strip()) for line in lines}
    ours = {(entry.section, entry.code, entry.name) for entry in codes.industries()}
    # 飞机制造 stands in the source under the code of its group; one bracket there is of half width.
    corrections = {("C", "3741", "飞机制造"), ("M", "7517", "三维（3D）打印技术推广服务")}
    assert ours - source == corrections
    assert len(source - ours) == len(corrections)


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("杨舍镇", "经开区(杨舍镇)"),
        ("张家港市杨舍镇", "经开区(杨舍镇)"),
        ("江苏省苏州市张家港市塘桥镇", "塘桥镇"),
        ("高新区（塘桥镇）", "塘桥镇"),
        ("保税区", "张家港保税区"),
        ("金港镇", "张家港保税区"),
        ("张家港保税区（金港街道）", "张家港保税区(金港街道)"),
        ("后塍街道", "张家港保税区(后塍街道)"),
        ("锦丰", "冶金工业园(锦丰镇)"),
        ("常阴沙", "常阴沙现代农业示范园区"),
        ("双山岛", "双山岛旅游度假区"),
        ("虞山街道", None),
        ("张家港市", None),
        ("", None),
    ],
)
def test_towns(text: str, town: str | None) -> None:
    assert codes.towns().find(text) == town


def test_every_town_is_its_own_name() -> None:
    names = codes.towns().names
    assert len(names) == len(set(names)) == 13
    assert [codes.towns().find(name) for name in names] == list(names)


def test_no_alias_means_two_towns() -> None:
    lines = (codes._FOLDER / "zhangjiagang_towns.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    words = [codes._normal(word) for name, aliases in rows for word in {name, *aliases.split("；")}]
    assert [word for word, n in Counter(words).items() if n > 1] == []
