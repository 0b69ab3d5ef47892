"""Found indicators against the labels made by hand; needs the real kit, which is not part of the project."""

import json

import pytest

from tests.benchmarks.indicators import DATA, HALVES, LABELS, score, sentences


def test_the_labels_are_many_and_hold_no_text() -> None:
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    assert len(labels) >= 120
    assert sum(not label["gold"] for label in labels) >= 40
    assert {label["half"] for label in labels} == set(HALVES)
    for label in labels:
        assert label.keys() == {"half", "need", "field", "start", "end", "sha", "gold"}
        length = label["end"] - label["start"]
        assert all(0 <= start <= end <= length for start, end in (gold["name"] for gold in label["gold"]))


def test_no_need_is_in_two_halves() -> None:
    halves: dict[str, set[str]] = {}
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        halves.setdefault(label["need"], set()).add(label["half"])
    assert all(len(found) == 1 for found in halves.values())


@pytest.mark.skipif(not (DATA / "needs.csv").is_file(), reason=f"no real kit at {DATA}")
@pytest.mark.parametrize("half", HALVES)
def test_nearly_all_that_people_find_is_found_and_little_else(half: str) -> None:
    found = score(sentences(DATA, half))
    assert found.precision >= 0.90, found.errors
    assert found.recall >= 0.85, found.errors
