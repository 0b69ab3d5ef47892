"""The linear score of blocks against that of single candidates."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain.entities import Entity
from recommender.domain.kinds import EntityKind
from recommender.matching.aggregation import Vote
from recommender.matching.blocks.found import NOBODY, Found
from recommender.matching.blocks.linear import LinearScore, freshness_table
from recommender.matching.config import MatchConfig, RankingWeights
from recommender.matching.query import MatchQuery
from recommender.matching.ranking import CIRCUMSTANCES, Candidate, score_parts, total
from tests.unit.matching.circumstances import ENTITIES, QUERIES

THIS_YEAR = 2026
YEARS = np.array([0, 2026, 2025, 2019, 1987, 2030], dtype=np.int16)
"""By passage row; one is not known and one lies ahead."""
CONFIG = MatchConfig(
    weights=RankingWeights(
        text=0.5, industry_chain=0.11, cooperation_mode=0.07, region=0.05, maturity=0.13, freshness=0.17
    )
)


@dataclass(frozen=True)
class Block:
    """Queries of which each has found every entity that is there, in some order, and somewhere nobody."""

    kind: EntityKind
    queries: list[MatchQuery]
    entities: list[Entity | None]
    found: Found

    def candidate(self, query: int, place: int) -> Candidate | None:
        """What single scoring would look at; ``None`` where nobody is, or somebody who is gone."""
        row = self.found.entities[query, place]
        entity = None if row == NOBODY else self.entities[row]
        if entity is None:
            return None
        shown = [int(vote) for vote in self.found.votes[query, place] if vote >= 0]
        return Candidate(
            entity,
            float(self.found.text[query, place]),
            tuple(Vote(row, 0.0, 0.0) for row in shown),
            max((int(YEARS[vote]) for vote in shown), default=0) or None,
        )


@st.composite
def blocks(draw: st.DrawFn, kind: EntityKind) -> Block:
    entities = draw(st.lists(st.none() | ENTITIES[kind], min_size=1, max_size=5))
    queries = draw(st.lists(QUERIES, min_size=1, max_size=4))
    n, k = len(queries), len(entities) + 1
    rows = [draw(st.permutations([*range(len(entities)), NOBODY])) for _ in queries]
    texts = draw(st.lists(st.floats(-5, 60, width=32), min_size=n * k, max_size=n * k))
    shown = st.lists(st.integers(0, len(YEARS) - 1), max_size=3, unique=True)
    votes = [[[*heard, -1, -1, -1][:3] for heard in (draw(shown) for _ in range(k))] for _ in queries]
    return Block(
        kind,
        queries,
        entities,
        Found(
            np.array(rows, dtype=np.int32),
            np.array(texts, dtype=np.float32).reshape(n, k),
            np.array(votes, dtype=np.int32),
        ),
    )


def assert_as_one_by_one(block: Block, order: npt.NDArray[np.int32]) -> None:
    """Parts and total of every candidate; ``order`` says which queries are asked for, and in what order."""
    score = LinearScore.of(block.kind, block.queries, block.entities, CONFIG, current_year=THIS_YEAR)
    found = Found(block.found.entities[order], block.found.text[order], block.found.votes[order])
    parts = score.parts(order, found, YEARS)
    totals = score.total(parts, found)
    for line, query in enumerate(order.tolist()):
        for place in range(found.entities.shape[1]):
            if found.entities[line, place] == NOBODY:
                assert totals[line, place] < 0
            candidate = block.candidate(query, place)
            if candidate is not None:
                expected = score_parts(candidate, block.queries[query], CONFIG, current_year=THIS_YEAR)
                assert [part.name for part in expected] == list(parts)
                for part in expected:
                    assert parts[part.name][line, place] == pytest.approx(part.contribution, rel=1e-12, abs=1e-15)
                assert totals[line, place] == pytest.approx(total(expected), rel=1e-12)
                assert 0.0 <= totals[line, place] <= 1.0


@pytest.mark.parametrize("kind", ENTITIES)
@settings(deadline=None)
@given(data=st.data())
def test_as_one_by_one(kind: EntityKind, data: st.DataObject) -> None:
    block = data.draw(blocks(kind))
    order = data.draw(st.permutations(range(len(block.queries))))
    n_asked = data.draw(st.integers(1, len(order)))
    assert_as_one_by_one(block, np.array(order[:n_asked], dtype=np.int32))


@pytest.mark.parametrize("kind", ENTITIES)
def test_every_circumstance_of_a_kind_is_tabulated(kind: EntityKind) -> None:
    score = LinearScore.of(kind, [], [], CONFIG, current_year=THIS_YEAR)
    assert list(score.features) == [each.name for each in CIRCUMSTANCES if kind in each.kinds]
    assert ("freshness" in score.weights) is bool(score.freshness_by_year.size)


def test_a_table_is_as_large_as_there_are_different_values() -> None:
    queries = [MatchQuery(title="", text="", industry_chain=chain) for chain in ("纺织", "", "纺织", "新材料")]
    score = LinearScore.of(EntityKind.ACHIEVEMENT, queries, [None, None], CONFIG, current_year=THIS_YEAR)
    chains = score.features["industry_chain"]
    assert chains.table.shape == (3, 1)
    assert chains.wanted.tolist() == [0, 1, 0, 2]
    assert chains.offered.tolist() == [0, 0]


def test_freshness_by_year() -> None:
    table = freshness_table(CONFIG, THIS_YEAR)
    assert len(table) == np.iinfo(np.int16).max + 1
    half_life = CONFIG.freshness_half_life_years
    assert table[0] == 0.5
    assert table[THIS_YEAR] == table[THIS_YEAR + 3] == 1.0
    assert table[THIS_YEAR - 4] == pytest.approx(0.5 ** (4 / half_life))
