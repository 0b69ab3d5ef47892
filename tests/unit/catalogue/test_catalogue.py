"""A catalogue that was patched is the one that would have been made from the rows; its facets add up."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.catalogue.catalogue import Catalogue, CatalogueRow
from recommender.catalogue.narrowing import Narrowing
from recommender.catalogue.obvious import Tier, obvious
from recommender.catalogue.ordering import SORTS, LibrarySort, Ordering
from recommender.catalogue.text_column import TextColumn
from recommender.domain.paging import PageRequest

from .rows import KIND, row

_words = st.sampled_from(["", "甲", "乙", "丙"])
_several = st.lists(st.sampled_from(["转让", "许可", "合作"]), max_size=3, unique=True).map("；".join)
_rows = st.builds(
    row,
    st.text("ab甲😀/", min_size=1, max_size=3),
    version=st.integers(1, 3),
    at=st.integers(0, 5),
    year=st.none() | st.integers(2019, 2022),
    type=_words,
    organisation=_words,
    transfer_modes=_several,
)
_lists = st.lists(_rows, max_size=12, unique_by=lambda each: each.id)
_chosen = st.fixed_dictionaries(
    {},
    optional={
        "type": st.lists(_words, max_size=2, unique=True).map(tuple),
        "transfer_modes": st.lists(st.sampled_from(["", "转让", "许可"]), max_size=2, unique=True).map(tuple),
    },
)


def made(rows: list[CatalogueRow]) -> Catalogue:
    return Catalogue.empty(KIND).patched(rows)


def content(catalogue: Catalogue) -> list[object]:
    facets = [
        [
            sorted(column.values[code] for code in column.codes[start:end])
            for start, end in zip(column.starts, column.starts[1:], strict=False)
        ]
        for column in catalogue.facets.values()
    ]
    numbers = (catalogue.versions.tolist(), catalogue.updated_us.tolist(), catalogue.years.tolist())
    return [
        catalogue.ids,
        catalogue.names,
        catalogue.organisations,
        catalogue.codes,
        catalogue.chains,
        numbers,
        facets,
    ]


@settings(max_examples=50)
@given(before=_lists, changed=_lists, data=st.data())
def test_a_patched_catalogue_is_the_one_made_from_the_rows(
    before: list[CatalogueRow], changed: list[CatalogueRow], data: st.DataObject
) -> None:
    removed = data.draw(st.sets(st.sampled_from([each.id for each in before]))) if before else set()
    removed -= {each.id for each in changed}
    expected = {each.id: each for each in (*before, *changed) if each.id not in removed}
    patched = made(before).patched(changed, removed)
    assert content(patched) == content(made(list(expected.values())))
    assert list(patched.ids) == sorted(expected)
    assert patched.stamp.n == len(expected)


@settings(max_examples=50)
@given(before=_lists, after=_lists)
def test_what_changed_is_found(before: list[CatalogueRow], after: list[CatalogueRow]) -> None:
    held = made(before)
    changed, gone = held.changes({each.id: (each.version, each.updated_us) for each in after})
    marks = {each.id: (each.version, each.updated_us) for each in before}
    assert set(changed) == {each.id for each in after if marks.get(each.id) != (each.version, each.updated_us)}
    assert set(gone) == set(marks) - {each.id for each in after}


@settings(max_examples=50)
@given(rows=_lists, chosen=_chosen)
def test_every_count_is_what_choosing_the_value_would_show(
    rows: list[CatalogueRow], chosen: dict[str, tuple[str, ...]]
) -> None:
    catalogue = made(rows)
    everything = np.ones(len(catalogue), dtype=np.bool_)
    for counted in Narrowing(catalogue, everything, chosen).facets():
        name = counted.facet.field
        for value in counted.values:
            alone = {**chosen, name: (value.value,)}
            assert Narrowing(catalogue, everything, alone).left.sum() == value.n
            assert value.is_chosen == (value.value in chosen.get(name, ()))
        if name != "transfer_modes":
            others = {other: values for other, values in chosen.items() if other != name}
            n_left = int(Narrowing(catalogue, everything, others).left.sum())
            assert sum(value.n for value in counted.values) == n_left


@given(
    rows=_lists, sort=st.sampled_from(SORTS[KIND]), turned=st.booleans(), limit=st.integers(1, 4), data=st.data()
)
def test_pages_hold_every_record_once_whatever_goes(
    rows: list[CatalogueRow], sort: LibrarySort, turned: bool, limit: int, data: st.DataObject
) -> None:
    catalogue = made(rows)
    name = f"-{sort.value}" if turned else sort.value
    seen: list[str] = []
    gone: set[str] = set()
    cursor = ""
    while True:
        ordering = Ordering(
            catalogue,
            np.ones(len(catalogue), dtype=np.bool_),
            PageRequest(limit=limit, cursor=cursor, sort=name),
            found=None,
        )
        page, cursor = ordering.page()
        seen += [catalogue.ids[number] for number in page.tolist()]
        if not cursor:
            break
        leaving = data.draw(st.sampled_from(["", *catalogue.ids]))
        if leaving:
            gone.add(leaving)
            catalogue = catalogue.patched([], {leaving})
    assert len(seen) == len(set(seen))
    assert set(seen) | gone == {each.id for each in rows}


def test_years_that_are_not_known_stand_last_either_way() -> None:
    catalogue = made([row("a", year=None), row("b", year=2020), row("c", year=2024), row("d", year=2020)])
    everything = np.ones(4, dtype=np.bool_)

    def ids(sort: str) -> list[str]:
        return Ordering(catalogue, everything, PageRequest(sort=sort), found=None).ids

    assert ids("year") == ["c", "b", "d", "a"]
    assert ids("-year") == ["b", "d", "c", "a"]


def test_facets_that_nobody_states_are_not_shown() -> None:
    catalogue = made([row("a", type="论文"), row("b", type="")])
    shown = Narrowing(catalogue, np.ones(2, dtype=np.bool_), {}).facets()
    assert [each.facet.field for each in shown] == ["type"]
    assert [(value.value, value.n) for value in shown[0].values] == [("论文", 1), ("", 1)]


def test_the_usual_order_of_values() -> None:
    years = [row(f"y{n}", year=n, type="论文") for n in (2019, 2021, 2020)]
    catalogue = made([*years, row("x", type="专利")])
    shown = {each.facet.field: each for each in Narrowing(catalogue, np.ones(4, dtype=np.bool_), {}).facets()}
    assert [value.value for value in shown["year"].values] == ["2021", "2020", "2019", ""]
    assert [value.value for value in shown["type"].values] == ["论文", "专利"]


def test_what_is_obviously_meant() -> None:
    catalogue = made(
        [
            row("CG-001", name="激光焊接机器人", organisation="苏州大学;东吴学院"),
            row("CG-0012", name="焊接", organisation="苏州大学附属医院"),
            row("zz", name="激光清洗与焊接装置", organisation="东南大学"),
        ]
    )

    def tiers(text: str, *, with_names: bool = True) -> list[Tier]:
        return [Tier(tier) for tier in obvious(catalogue, text, with_names=with_names).tolist()]

    none = Tier.NONE
    assert tiers("cg-001") == [Tier.CODE, Tier.PART_OF_NAME, none]
    assert tiers("苏州大学") == [Tier.ORGANISATION, Tier.PART_OF_ORGANISATION, none]
    assert tiers("焊接") == [Tier.PART_OF_NAME, Tier.NAME, Tier.PART_OF_NAME]
    assert tiers("激光 焊接") == [Tier.PART_OF_NAME, none, Tier.PART_OF_NAME]
    assert tiers("焊接", with_names=False) == [none, none, none]
    assert tiers("  ") == [none, none, none]


@given(
    texts=st.lists(st.lists(st.text("ab焊接", max_size=4), max_size=3), max_size=6),
    parts=st.lists(st.text("ab焊接", min_size=1, max_size=2), min_size=1, max_size=2),
)
@settings(max_examples=60)
def test_one_text_is_looked_through_as_many_would_be(texts: list[list[str]], parts: list[str]) -> None:
    column = TextColumn.of(texts)
    holding = [row for row, each in enumerate(texts) if all(any(part in text for text in each) for part in parts)]
    assert column.holding(parts).tolist() == holding
    assert column.equal(parts[0]).tolist() == [row for row, each in enumerate(texts) if parts[0] in each]
