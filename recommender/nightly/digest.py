"""What is new, better or gone in tonight's lists against those of the night before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from recommender.domain.runs import SuggestionRow

RISE: Final = 0.02
"""By so much a score must rise for a suggestion to be called better; less is not worth anybody's look."""


class Change(StrEnum):
    """How a suggestion differs from the night before."""

    NEW = "新增"
    BETTER = "更好"
    GONE = "不再推荐"


@dataclass(frozen=True, slots=True)
class ChangedSuggestion:
    """One suggestion that is not what it was.

    Attributes:
        source_kind, source_id: for whom.
        target_kind, target_id: who or what.
        change: how.
        position, score: tonight, ``None`` where it is gone.
        former_position, former_score: the night before, ``None`` where it is new.
    """

    source_kind: str
    source_id: str
    target_kind: str
    target_id: str
    change: Change
    position: int | None
    score: float | None
    former_position: int | None
    former_score: float | None


_Key = tuple[str, str, str, str]
_Place = tuple[int, float]


def changes(before: Iterable[SuggestionRow], tonight: Iterable[SuggestionRow]) -> list[ChangedSuggestion]:
    """Compare the lists of the same sources on two nights; by source, kind of target, change and position.

    A suggestion that only moved within its list is not reported: others came or went, and they are.
    """
    old, new = _places(before), _places(tonight)
    found = [_changed(key, None, place, Change.NEW) for key, place in new.items() if key not in old]
    found += [_changed(key, place, None, Change.GONE) for key, place in old.items() if key not in new]
    found += [
        _changed(key, old[key], place, Change.BETTER)
        for key, place in new.items()
        if key in old and place[1] - old[key][1] >= RISE
    ]
    return sorted(found, key=_order)


def counts(found: Iterable[ChangedSuggestion]) -> dict[str, dict[str, int]]:
    """How many suggestions changed, by kind of target and change."""
    table: dict[str, dict[str, int]] = {}
    for item in found:
        row = table.setdefault(item.target_kind, dict.fromkeys(Change, 0))
        row[item.change] += 1
    return table


def _places(rows: Iterable[SuggestionRow]) -> Mapping[_Key, _Place]:
    return {row[:4]: (row[4], row[5]) for row in rows}


def _changed(key: _Key, old: _Place | None, new: _Place | None, change: Change) -> ChangedSuggestion:
    position, score = new or (None, None)
    former_position, former_score = old or (None, None)
    return ChangedSuggestion(*key, change, position, score, former_position, former_score)


def _order(item: ChangedSuggestion) -> tuple[str, str, str, int, int]:
    place = item.position if item.position is not None else item.former_position
    changes_in_order = list(Change)
    return (
        item.source_kind,
        item.source_id,
        item.target_kind,
        changes_in_order.index(item.change),
        place or 0,
    )
