"""The hard rules for blocks against those for single pairs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain.entities import Entity
from recommender.domain.kinds import EntityKind
from recommender.domain.match import ExclusionCode
from recommender.matching.blocks.eligible import sought
from recommender.matching.eligibility import exclusion_of
from recommender.matching.query import MatchQuery
from tests.unit.matching.circumstances import ENTITIES, QUERIES

FOR_ALL = {
    ExclusionCode.REMOVED,
    ExclusionCode.CONSENT_WITHDRAWN,
    ExclusionCode.DECLINED,
    ExclusionCode.PAUSED,
    ExclusionCode.CAPACITY_FULL,
}


def barred_rows(queries: list[MatchQuery], entities: list[Entity | None]) -> list[set[int]]:
    """For each query, who may not be found."""
    wanted = sought(7, queries, entities)
    assert wanted.k == 7
    assert len(wanted.barred) == len(entities)
    assert len(wanted.barred_for) == len(queries)
    of_each = [wanted.barred_for.of_row(number).tolist() for number in range(len(queries))]
    assert all(rows == sorted(set(rows)) for rows in of_each)
    return [{*np.flatnonzero(wanted.barred).tolist(), *rows} for rows in of_each]


@pytest.mark.parametrize("kind", ENTITIES)
@settings(deadline=None)
@given(data=st.data())
def test_as_one_by_one(kind: EntityKind, data: st.DataObject) -> None:
    entities = data.draw(st.lists(st.none() | ENTITIES[kind], max_size=6))
    queries = data.draw(st.lists(QUERIES, max_size=5))
    for query, barred in zip(queries, barred_rows(queries, entities), strict=True):
        expected = {row for row, entity in enumerate(entities) if exclusion_of(entity, query) is not None}
        assert barred == expected


@pytest.mark.parametrize("kind", ENTITIES)
@settings(deadline=None)
@given(data=st.data())
def test_what_holds_for_everybody_is_said_once(kind: EntityKind, data: st.DataObject) -> None:
    entities = data.draw(st.lists(st.none() | ENTITIES[kind], max_size=6))
    nobody = MatchQuery(title="", text="")
    wanted = sought(1, [nobody], entities)
    expected = [exclusion_of(entity, nobody) in FOR_ALL for entity in entities]
    assert wanted.barred.astype(bool).tolist() == expected
    assert wanted.barred_for.of_row(0).size == 0
