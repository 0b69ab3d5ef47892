"""Which needs teach, which tune and which test: by need, and by time."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

_TRAIN_SHARE: Final = 0.7
_DEV_SHARE: Final = 0.15


class Split(StrEnum):
    """A part of a collection; the value names its file of judgements."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"


def split_by_time(first_decided: Mapping[str, datetime]) -> dict[str, Split]:
    """The split of each query: the first 70 % by time teach, the next 15 % tune, the latest test.

    A query is in one split as a whole, so nothing that is tested was learnt from, and what is tested came later
    than what was learnt from. Of three queries or more every split has one; one or two are for the test.

    Args:
        first_decided: query → when somebody first decided on something for it; ties go by id.
    """
    ordered = sorted(first_decided, key=lambda query: (first_decided[query], query))
    n = len(ordered)
    if n < len(Split):
        return dict.fromkeys(ordered, Split.TEST)
    n_dev = max(1, round(n * _DEV_SHARE))
    n_train = min(max(1, round(n * _TRAIN_SHARE)), n - n_dev - 1)
    return {
        query: Split.TRAIN if place < n_train else Split.DEV if place < n_train + n_dev else Split.TEST
        for place, query in enumerate(ordered)
    }
