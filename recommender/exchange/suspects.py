"""Who looks for stored records that a new one may repeat under another id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from recommender.domain.entities import Record
from recommender.exchange.columns import TableKind


@dataclass(frozen=True, slots=True)
class Suspect:
    """A record that may be the same as a new one; ``why`` is a zh-CN phrase without contact data."""

    id: str
    name: str
    why: str


class SuspectFinder(Protocol):
    """Compares new records with what is stored, and with one another."""

    def find(self, kind: TableKind, records: Sequence[Record]) -> Mapping[str, Sequence[Suspect]]:
        """Suspects of each new record by its id, most likely first; records without any are left out."""


class NoSuspects:
    """Finds none."""

    def find(self, kind: TableKind, records: Sequence[Record]) -> Mapping[str, Sequence[Suspect]]:  # noqa: ARG002
        """Nothing."""
        return {}
