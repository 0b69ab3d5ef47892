"""Rankings, and the files they are exchanged in."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain.errors import InvalidData
from recommender.domain.kinds import EntityKind
from recommender.evaluation.run import RUN_DEPTH, Ranking, Run

EXPERT, PLATFORM, ACHIEVEMENT = EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT


def order(ranking: Ranking) -> list[str]:
    return [entity for entity, _ in ranking.top(len(ranking.rows))]


def written(tmp_path: Path, run: Run) -> list[list[str]]:
    run.write(tmp_path / "run.txt", tag="t")
    return [line.split(" ") for line in (tmp_path / "run.txt").read_text(encoding="utf-8").splitlines()]


class TestRanking:
    RANKING = Ranking(("a", "b", "c"), np.array([2, 0, 1]), np.array([0.9, 0.5, 0.5], dtype=np.float32))

    def test_top(self) -> None:
        assert self.RANKING.top(2) == [("c", pytest.approx(0.9)), ("a", 0.5)]
        assert order(self.RANKING) == ["c", "a", "b"]

    def test_positions_of_some(self) -> None:
        assert self.RANKING.positions({"b", "c", "z"}) == {"c": 0, "b": 2}

    def test_equal_scores_by_id(self) -> None:
        ranking = Ranking.of([("b", 0.5), ("c", 0.9), ("a", 0.5), ("d", -1.0)])
        assert order(ranking) == ["c", "a", "b", "d"]
        assert ranking.scores.tolist() == pytest.approx([0.9, 0.5, 0.5, -1.0])


class TestFiles:
    def test_six_columns(self, tmp_path: Path) -> None:
        run = Run({EXPERT: {"q1": Ranking.of([("ZJ2", 1.5), ("ZJ1", -0.25)])}})
        assert written(tmp_path, run) == [
            ["q1", "Q0", "ZJ2", "1", "1.500000", "t"],
            ["q1", "Q0", "ZJ1", "2", "-0.250000", "t"],
        ]

    def test_kinds_and_orders_are_read_back(self, tmp_path: Path) -> None:
        run = Run(
            {
                EXPERT: {"q1": Ranking.of([("ZJ1", 2.0), ("ZJ2", 1.0)]), "q2": Ranking.of([("ZJ2", 2.0)])},
                PLATFORM: {"q1": Ranking.of([("PT1", 3.0)])},
                ACHIEVEMENT: {"q1": Ranking.of([("CG1", 3.0), ("A1", -1.0)])},
            }
        )
        run.write(tmp_path / "run.txt", tag="t")
        read = Run.read(tmp_path / "run.txt").rankings
        assert {kind: {query: order(r) for query, r in found.items()} for kind, found in read.items()} == {
            EXPERT: {"q1": ["ZJ1", "ZJ2"], "q2": ["ZJ2"]},
            PLATFORM: {"q1": ["PT1"]},
            ACHIEVEMENT: {"q1": ["CG1", "A1"]},
        }

    def test_kinds_may_be_told_otherwise(self, tmp_path: Path) -> None:
        Run({PLATFORM: {"q1": Ranking.of([("X1", 1.0)])}}).write(tmp_path / "run.txt", tag="t")
        assert set(Run.read(tmp_path / "run.txt").rankings) == {ACHIEVEMENT}
        assert set(Run.read(tmp_path / "run.txt", kind=lambda _: PLATFORM).rankings) == {PLATFORM}

    def test_a_thousand_for_every_query_and_kind(self, tmp_path: Path) -> None:
        assert RUN_DEPTH >= 1000
        scores = np.linspace(9, -9, RUN_DEPTH + 5, dtype=np.float32)
        ids = tuple(f"ZJ{number:05}" for number in range(len(scores)))
        ranking = Ranking(ids, np.arange(len(scores))[::-1].copy(), scores)
        run = Run({EXPERT: {"q1": ranking, "q2": ranking}, PLATFORM: {"q1": ranking}})
        lines = written(tmp_path, run)
        assert len(lines) == 3 * RUN_DEPTH
        assert [line[2] for line in lines[:RUN_DEPTH]] == order(ranking)[:RUN_DEPTH]

    # 0.0078125 lies half-way between two numbers of six decimals; scores just beside it must not meet there.
    SCORES = st.sampled_from([0.0, 1.0, 0.0078125, 0.0078120, 0.0078115, 1e-7, 2e-7, -3e-7]) | st.floats(
        -9, 9, width=32
    )

    @settings(max_examples=150, deadline=None)
    @given(scores=st.lists(SCORES, min_size=1, max_size=30))
    def test_the_order_survives_equal_and_nearly_equal_scores(
        self, tmp_path_factory: pytest.TempPathFactory, scores: list[float]
    ) -> None:
        # Ids descend while scores do: a reader that broke ties by id would turn the order round.
        ids = tuple(f"ZJ{99 - number:02}" for number in range(len(scores)))
        ranking = Ranking(ids, np.arange(len(ids)), np.array(sorted(scores, reverse=True), dtype=np.float32))
        file = tmp_path_factory.mktemp("run") / "run.txt"
        Run({EXPERT: {"q1": ranking}}).write(file, tag="t")
        values = [float(line.split()[4]) for line in file.read_text(encoding="utf-8").splitlines()]
        assert all(later < earlier for earlier, later in pairwise(values))
        assert order(Run.read(file).rankings[EXPERT]["q1"]) == list(ids)
        assert values[0] == pytest.approx(max(scores), abs=1e-6)

    @pytest.mark.parametrize(
        "line", [b"q1 Q0 ZJ1 1 2.0", b"q1 Q0 ZJ1 1 high t", b"q1 Q0 ZJ1 1 2.0 t more", b"", b"q1 Q0 \xff 1 2.0 t"]
    )
    def test_a_malformed_line_is_named(self, tmp_path: Path, line: bytes) -> None:
        (tmp_path / "run.txt").write_bytes(b"q1 Q0 ZJ1 1 2.0 t\n" + line + b"\n")
        with pytest.raises(InvalidData, match=r"run\.txt 第 2 行"):
            Run.read(tmp_path / "run.txt")
