"""What points to a record that is merged away points to the one that stays."""

from dataclasses import replace

import pytest

from recommender.domain.entities import (
    Achievement,
    AchievementPlatform,
    Enterprise,
    Expert,
    Need,
    Platform,
    Record,
)
from recommender.domain.facts import EnterpriseFact, FactIndicator, FactStatus
from recommender.domain.kinds import EntityKind
from recommender.identity.links import merged_facts, redirected

ALIASES = {
    EntityKind.EXPERT: {"E-old": "E-new"},
    EntityKind.ENTERPRISE: {"C-old": "C-new"},
    EntityKind.PLATFORM: {"P-old": "P-new"},
}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (Expert(id="E-old", name="甲"), Expert(id="E-new", name="甲")),
        (
            Expert(id="E1", name="甲", avoided_enterprises=("C-old", "X", "C-new")),
            Expert(id="E1", name="甲", avoided_enterprises=("C-new", "X")),
        ),
        (Enterprise(code="C-old", name="厂"), Enterprise(code="C-new", name="厂")),
        (Platform(id="P-old", name="台"), Platform(id="P-new", name="台")),
        (
            Achievement(id="A", type="论文", title="题", author_ids=("E1", "E-old", "E-new", "E2")),
            Achievement(id="A", type="论文", title="题", author_ids=("E1", "E-new", "E2")),
        ),
        (
            Need(id="N", title="题", enterprise_code="C-old", intended_experts=("E-old", "李某某(示例大学)")),
            Need(id="N", title="题", enterprise_code="C-new", intended_experts=("E-new", "李某某(示例大学)")),
        ),
        (
            AchievementPlatform(achievement_id="A", platform_id="P-old"),
            AchievementPlatform(achievement_id="A", platform_id="P-new"),
        ),
        (
            EnterpriseFact(enterprise_code="C-old", year=2025, indicator=FactIndicator.REVENUE),
            EnterpriseFact(enterprise_code="C-new", year=2025, indicator=FactIndicator.REVENUE),
        ),
    ],
)
def test_every_id_in_a_record_is_the_present_one(record: Record, expected: Record) -> None:
    assert redirected(record, ALIASES) == expected
    assert redirected(expected, ALIASES) == expected


def fact(
    code: str, value: float | None, *, status: FactStatus = FactStatus.CONFIRMED, evidence: str = ""
) -> EnterpriseFact:
    indicator = FactIndicator.REVENUE
    return EnterpriseFact(
        enterprise_code=code, year=2025, indicator=indicator, value=value, status=status, evidence=evidence
    )


MINE = fact("A", 3200.0, evidence="纳税申报表")
MISSING, CONFLICT = FactStatus.MISSING, FactStatus.CONFLICT


@pytest.mark.parametrize(
    ("mine", "theirs", "value", "status", "evidence"),
    [
        (MINE, fact("B", 3200.0), 3200.0, FactStatus.CONFIRMED, "纳税申报表"),
        (MINE, fact("B", 3200.0, evidence="审计报告"), 3200.0, FactStatus.CONFIRMED, "纳税申报表；审计报告"),
        (MINE, fact("B", None, status=MISSING), 3200.0, FactStatus.CONFIRMED, "纳税申报表"),
        (fact("A", None, status=MISSING), fact("B", 0.0), 0.0, FactStatus.CONFIRMED, ""),
        (MINE, fact("B", None, status=CONFLICT, evidence="1；2"), 3200.0, FactStatus.CONFIRMED, "纳税申报表"),
        (MINE, fact("B", 3100.5), None, CONFLICT, "3200万元（纳税申报表）；3100.5万元"),
        (
            fact("A", None, status=CONFLICT, evidence="1；2"),
            fact("B", None, status=CONFLICT, evidence="3"),
            None,
            CONFLICT,
            "1；2；3",
        ),
    ],
)
def test_two_numbers_of_one_year(
    mine: EnterpriseFact, theirs: EnterpriseFact, value: float | None, status: FactStatus, evidence: str
) -> None:
    (result,) = merged_facts("A", [mine], [theirs])
    assert result.enterprise_code == "A"
    assert (result.value, result.status, result.evidence) == (value, status, evidence)


def test_facts_of_other_years_stand_beside_each_other() -> None:
    theirs = replace(MINE, enterprise_code="B", year=2024)
    assert merged_facts("A", [MINE], [theirs]) == (replace(theirs, enterprise_code="A"), MINE)
