"""Versions of records: a change says which one it changes, so that nobody's change is written over unseen."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from recommender.domain.errors import Outdated

R = TypeVar("R")


def require_version(expected: int, present: int) -> None:
    """Refuse a change that was made while looking at another version than the present one.

    Raises:
        Outdated: names the present version.
    """
    if expected != present:
        raise Outdated("version.outdated", version=present)


@dataclass(frozen=True, slots=True)
class Versioned(Generic[R]):
    """A record and how often it was written, from 1."""

    record: R
    version: int
