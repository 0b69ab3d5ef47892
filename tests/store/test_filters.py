"""Filters in SQL accept what :meth:`Filter.accepts` accepts."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.domain.entities import Achievement, Expert
from recommender.domain.errors import InvalidInput
from recommender.domain.filters import Filter, FilterField
from recommender.domain.kinds import CooperationMode, EntityKind
from recommender.store import Database

from .records import clear, lists_of

_years = st.integers(0, 2200).map(str) | st.sampled_from(["99999999999999999999", "٢٠٢٠"])
_snippets = st.text("苏州Aa%_\\'\"", min_size=1, max_size=2) | st.text(min_size=1, max_size=2)
_modes = st.sampled_from(CooperationMode).flatmap(
    lambda mode: st.sampled_from([mode.value, mode.value[:2], "术", '"'])
)


def _filters(kind: EntityKind) -> st.SearchStrategy[list[Filter]]:
    fields = [field for field in FilterField if Filter(field, "1").applies_to(kind)]
    values = {FilterField.SINCE_YEAR: _years, FilterField.COOPERATION_MODE: _modes}
    one = st.sampled_from(fields).flatmap(
        lambda field: st.builds(Filter, st.just(field), values.get(field, _snippets))
    )
    return st.lists(one, max_size=2)


@pytest.mark.parametrize("kind", EntityKind)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_same_as_brute_force(database: Database, kind: EntityKind, data: st.DataObject) -> None:
    records = data.draw(lists_of(kind))
    conditions = data.draw(st.lists(_filters(kind), min_size=1, max_size=4))
    with database.write() as unit:
        clear(unit)
        unit.of(kind).upsert(records)
        for filters in conditions:
            expected = {r.id for r in records if all(condition.accepts(r) for condition in filters)}
            assert unit.of(kind).ids_matching(filters) == expected


@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        ("100%", {"percent"}),
        ("_", {"underscore"}),
        ("\\", {"backslash"}),
        ("a", {"lower"}),
        ("A", {"upper"}),
        ("大学", {"plain", "percent"}),
        ("'", set()),
        ("a\0", set()),
        ("\ud800", set()),
    ],
)
def test_text_is_literal_and_case_counts(database: Database, value: str, accepted: set[str]) -> None:
    organisations = {
        "percent": "100%大学", "underscore": "一_二", "backslash": "一\\二", "plain": "100大学",
        "lower": "a所", "upper": "A所",
    }  # fmt: skip
    with database.write() as unit:
        unit.experts.upsert([Expert(id=id, name="甲", organisation=name) for id, name in organisations.items()])
    with database.read() as unit:
        assert unit.experts.ids_matching([Filter(FilterField.ORGANISATION, value)]) == accepted


def test_years_and_cooperation_modes(database: Database) -> None:
    with database.write() as unit:
        unit.achievements.upsert(
            [Achievement(id=str(year), type="论文", title="题", year=year) for year in (2019, 2020, 2021, None)]
        )
        unit.experts.upsert(
            [
                Expert(id="long", name="甲", cooperation_modes=(CooperationMode.JOINT_DEVELOPMENT,)),
                Expert(
                    id="short",
                    name="甲",
                    cooperation_modes=(CooperationMode.DIAGNOSIS, CooperationMode.TRAINING),
                ),
                Expert(id="none", name="甲"),
            ]
        )
    with database.read() as unit:
        assert unit.achievements.ids_matching([Filter.parse("年份起=2020")]) == {"2020", "2021"}
        assert unit.experts.ids_matching([Filter.parse("合作方式=联合开发")]) == {"long"}
        assert unit.experts.ids_matching([Filter.parse("合作方式=培训")]) == {"short"}
        assert unit.experts.ids_matching([Filter.parse("合作方式=赠送")]) == set()


def test_a_filter_of_another_kind_is_refused(database: Database) -> None:
    with database.read() as unit:
        with pytest.raises(InvalidInput, match="年份起"):
            unit.experts.ids_matching([Filter.parse("年份起=2020")])
        with pytest.raises(InvalidInput, match="成果与平台的关系"):
            unit.achievement_platforms.ids_matching([Filter.parse("区域=苏州")])
