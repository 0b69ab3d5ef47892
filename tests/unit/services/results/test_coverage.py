"""Which indicators are spoken of: by name, by a telling word of it, in evidence or profile."""

from recommender.domain.entities import Expert, Need
from recommender.domain.indicators import Comparator, Indicator
from recommender.domain.kinds import EntityKind
from recommender.domain.match import Evidence, Match
from recommender.services.results.coverage import coverage, wanted_indicators


def words(text: str) -> list[str]:
    return [part for part in ("边裂", "椭圆", "硬度", "差") if part in text]


def match(*texts: str) -> Match:
    evidence = tuple(
        Evidence("LW-1", "论文", "题", text, 2025, 0.7, 1.0, title_marks=(), text_marks=(), sentence=None)
        for text in texts
    )
    return Match(EntityKind.EXPERT, "ZJ-1", "某", "某所", 1, 0.5, (), (), evidence, ())


def test_own_list_comes_first_and_each_name_once() -> None:
    need = Need(
        id="XQ-1",
        title="边裂",
        description="现在边裂率 5 %，要求边裂率不高于 2 %，椭圆度不大于 3 mm。",
        indicators=("边裂率 ≤ 1 %", "说不清的一条"),
    )
    found = [str(indicator) for indicator in wanted_indicators(need)]
    assert found[0] == "边裂率 ≤ 1 %"
    assert "椭圆度 ≤ 3 mm" in found
    assert len(found) == len({indicator.name for indicator in wanted_indicators(need)})


def test_a_telling_word_will_do_and_the_profile_counts() -> None:
    rate = Indicator("边裂率", Comparator.AT_MOST, "1", "%")
    roundness = Indicator("椭圆度", Comparator.AT_MOST, "3", "mm")
    hardness = Indicator("硬度差", Comparator.AT_MOST, "20", "HB")
    unknown = Indicator("节拍", Comparator.AT_MOST, "8", "min")
    expert = Expert(id="ZJ-1", name="某", solvable_problems="薄板边裂")
    found = coverage((rate, roundness, hardness, unknown), match("测得椭圆度下降", "ＨＢ硬度"), expert, words)
    assert found.spoken_of == (rate, roundness, hardness)
    assert found.silent == (unknown,)
