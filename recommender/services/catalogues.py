"""The columns of the library in this process: read once, then brought up to date as far as something changed."""

import threading
from typing import Final

from recommender.catalogue.catalogue import Catalogue, Stamp
from recommender.domain.kinds import EntityKind
from recommender.domain.listing import LISTED_KINDS
from recommender.store.unit_of_work import UnitOfWork

_MAX_PATCHED: Final = 0.3
"""Share of the records above which all are read anew: one statement instead of many."""


class Catalogues:
    """Holds a catalogue of each kind. Safe for many threads.

    Whether something changed is asked of the database every time, so a list shows what was written before, by
    whichever process.
    """

    def __init__(self) -> None:
        self._held: dict[EntityKind, Catalogue] = {}
        self._locks = {kind: threading.Lock() for kind in LISTED_KINDS}

    @property
    def kinds(self) -> tuple[EntityKind, ...]:
        """Kinds that are held."""
        return LISTED_KINDS

    def current(self, unit: UnitOfWork, kind: EntityKind) -> Catalogue:
        """The records of a kind as the unit sees them."""
        stamp = unit.catalogue.stamp(kind)
        held = self._held.get(kind)
        if held is not None and held.stamp == stamp:
            return held
        with self._locks[kind]:
            held = self._held.get(kind)
            if held is None or held.stamp != stamp:
                self._held[kind] = held = _brought_up(unit, kind, held, stamp)
            return held


def _brought_up(unit: UnitOfWork, kind: EntityKind, held: Catalogue | None, stamp: Stamp) -> Catalogue:
    """From what is held to what is stored: usually a few records were written since."""
    reader = unit.catalogue
    if held is None or abs(stamp.n - len(held)) > _MAX_PATCHED * len(held):
        return Catalogue.empty(kind).patched(reader.all(kind))
    recent = held.patched(reader.since(kind, held.stamp.updated_us))
    if recent.stamp == stamp:
        return recent
    changed, gone = held.changes(reader.marks(kind))
    if len(changed) > _MAX_PATCHED * len(held):
        return Catalogue.empty(kind).patched(reader.all(kind))
    return held.patched(reader.of(kind, changed), gone)
