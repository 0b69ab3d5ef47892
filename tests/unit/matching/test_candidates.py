"""The order of ranked candidates: by score, then by text, then by row; nobody comes last."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain.entities import Achievement
from recommender.domain.kinds import EntityKind
from recommender.matching.blocks.candidates import Ranked
from recommender.matching.blocks.found import NOBODY, Found
from recommender.matching.blocks.linear import LinearScore
from recommender.matching.config import MatchConfig
from recommender.matching.query import MatchQuery

YEARS = np.zeros(10, dtype=np.int16)
CHAINS = ("", "纺织", "新材料", "纺织", "新材料", "", "纺织", "新材料")
QUERIES = [MatchQuery(title="", text="", industry_chain=chain) for chain in ("纺织", "", "新材料")]
SCORE = LinearScore.of(
    EntityKind.ACHIEVEMENT,
    QUERIES,
    [Achievement(id=f"CG{row}", type="论文", title="", industry_chain=c) for row, c in enumerate(CHAINS)],
    MatchConfig(),
    current_year=2026,
)
ASKED = np.array([2, 0, 1], dtype=np.int32)


@st.composite
def finds(draw: st.DrawFn) -> Found:
    """For three queries some entities each, of few different text scores, so that many are equal."""
    rows = st.lists(st.integers(0, len(CHAINS) - 1), unique=True, max_size=len(CHAINS))
    entities = [[*draw(rows), *[NOBODY] * len(CHAINS)][: len(CHAINS)] for _ in ASKED]
    text = [[draw(st.sampled_from([-1.0, 0.0, 2.0, 2.5])) for _ in CHAINS] for _ in ASKED]
    votes = np.arange(len(ASKED) * len(CHAINS)).reshape(len(ASKED), len(CHAINS), 1) % len(YEARS)
    found = np.array(entities, dtype=np.int32)
    return Found(
        found, np.where(found == NOBODY, 0.0, text).astype(np.float32), votes.astype(np.int32).repeat(2, axis=2)
    )


@settings(deadline=None)
@given(found=finds())
def test_the_order(found: Found) -> None:
    ranked = Ranked.of(ASKED, found, SCORE, YEARS)
    total = SCORE.total(SCORE.parts(ASKED, found, YEARS), found)
    for query in range(len(ASKED)):
        places = [place for place, row in enumerate(found.entities[query]) if row != NOBODY]
        expected = sorted(
            places, key=lambda p: (-total[query, p], -found.text[query, p], found.entities[query, p])
        )
        n = len(expected)
        assert ranked.found.entities[query, :n].tolist() == found.entities[query, expected].tolist()
        assert ranked.found.text[query, :n].tolist() == found.text[query, expected].tolist()
        assert ranked.found.votes[query, :n].tolist() == found.votes[query, expected].tolist()
        assert ranked.total[query, :n].tolist() == total[query, expected].astype(np.float32).tolist()
        assert (ranked.found.entities[query, n:] == NOBODY).all()
        assert (ranked.total[query, n:] == 0).all()
    assert ranked.total.dtype == np.float32
    assert (np.diff(ranked.total, axis=1) <= 0).all()


def test_equal_in_everything_the_smaller_row_comes_first() -> None:
    rows = np.array([[6, 3, 1]] * 3, dtype=np.int32)
    same = Found(rows, np.full((3, 3), 2.0, dtype=np.float32), np.zeros((3, 3, 1), dtype=np.int32))
    assert Ranked.of(ASKED, same, SCORE, YEARS).found.entities.tolist() == [[1, 3, 6]] * 3


def test_the_better_text_goes_first_where_the_scores_are_equal() -> None:
    rows = np.array([[1, 3]] * 3, dtype=np.int32)
    text = np.array([[-2.0, -1.0]] * 3, dtype=np.float32)
    below_the_mean = Found(rows, text, np.zeros((3, 2, 1), dtype=np.int32))
    assert Ranked.of(ASKED, below_the_mean, SCORE, YEARS).found.entities.tolist() == [[3, 1]] * 3
