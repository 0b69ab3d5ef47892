"""What is new, better or gone from one night to the next."""

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain.runs import SuggestionRow
from recommender.nightly.digest import RISE, Change, ChangedSuggestion, changes, counts

Scores = dict[str, float]


def listed(scores: Scores, *, source: str = "XQ1", kind: str = "expert") -> list[SuggestionRow]:
    """A source's list, best first."""
    best_first = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return [
        ("need", source, kind, target, position, score, "{}", "[]")
        for position, (target, score) in enumerate(best_first, start=1)
    ]


def told(found: Iterable[ChangedSuggestion]) -> list[tuple[str, Change]]:
    return [(item.target_id, item.change) for item in found]


def test_new_better_and_gone() -> None:
    before = listed({"甲": 0.6, "乙": 0.5, "丙": 0.4})
    tonight = listed({"乙": 0.55, "甲": 0.6, "丁": 0.3})
    assert changes(before, tonight) == [
        ChangedSuggestion("need", "XQ1", "expert", "丁", Change.NEW, 3, 0.3, None, None),
        ChangedSuggestion("need", "XQ1", "expert", "乙", Change.BETTER, 2, 0.55, 2, 0.5),
        ChangedSuggestion("need", "XQ1", "expert", "丙", Change.GONE, None, None, 3, 0.4),
    ]


def test_who_only_moved_or_fell_is_not_reported() -> None:
    before = listed({"甲": 0.6, "乙": 0.5})
    assert changes(before, listed({"甲": 0.45, "乙": 0.5})) == []


def test_a_rise_counts_from_what_is_worth_a_look() -> None:
    before = listed({"甲": 0.0, "乙": 0.5})
    assert changes(before, listed({"甲": RISE * 0.99, "乙": 0.5})) == []
    assert told(changes(before, listed({"甲": RISE, "乙": 0.5}))) == [("甲", Change.BETTER)]


def test_lists_of_other_sources_and_kinds_are_other_lists() -> None:
    one = listed({"甲": 0.6})
    assert len(changes(one, listed({"甲": 0.6}, source="XQ2"))) == 2
    assert len(changes(one, listed({"甲": 0.6}, kind="platform"))) == 2


def test_counts_by_kind_and_change() -> None:
    before = [*listed({"甲": 0.6, "乙": 0.5}), *listed({"平台": 0.2}, kind="platform")]
    tonight = [*listed({"甲": 0.7, "丙": 0.5, "丁": 0.4}), *listed({"平台": 0.2}, kind="platform")]
    found = changes(before, tonight)
    assert counts(found) == {"expert": {"新增": 2, "更好": 1, "不再推荐": 1}}
    assert counts([]) == {}


LISTS = st.lists(
    st.builds(
        listed,
        st.dictionaries(st.sampled_from("甲乙丙丁"), st.sampled_from([0.1, 0.11, 0.2, 0.5])),
        source=st.sampled_from(["XQ1", "XQ2", "XQ3"]),
        kind=st.sampled_from(["expert", "platform"]),
    ),
    max_size=4,
    unique_by=lambda rows: rows[0][1:3] if rows else None,
).map(lambda lists: [row for rows in lists for row in rows])


@settings(deadline=None)
@given(before=LISTS, tonight=LISTS)
def test_every_difference_is_told_once_and_in_order(
    before: list[SuggestionRow], tonight: list[SuggestionRow]
) -> None:
    found = changes(before, tonight)
    old, new = ({row[:4]: row for row in rows} for rows in (before, tonight))
    keys = {item: (item.source_kind, item.source_id, item.target_kind, item.target_id) for item in found}
    by_change = {change: {keys[item] for item in found if item.change is change} for change in Change}
    assert by_change[Change.NEW] == new.keys() - old.keys()
    assert by_change[Change.GONE] == old.keys() - new.keys()
    assert by_change[Change.BETTER] == {
        key for key in new.keys() & old.keys() if new[key][5] - old[key][5] >= RISE
    }
    assert len(found) == len(set(keys.values()))
    order = list(Change)
    places = [
        (*keys[item][:3], order.index(item.change), item.position or item.former_position) for item in found
    ]
    assert places == sorted(places)
    for item, key in keys.items():
        assert (item.position, item.score) == (new[key][4:6] if key in new else (None, None))
        assert (item.former_position, item.former_score) == (old[key][4:6] if key in old else (None, None))
