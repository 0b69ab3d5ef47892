"""Use-cases of searches for duplicates: ask for one, see how far it is and what came of it."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.duplicate_searches import DuplicateSearch, Found
from recommender.domain.errors import Conflict
from recommender.domain.identity import MERGEABLE_KINDS
from recommender.domain.jobs import JobProgress
from recommender.domain.kinds import EntityKind
from recommender.services.background.progress import ProgressFile
from recommender.services.identity import check_kind
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

LEASE_NAME: Final = "duplicates"

TERM: Final = timedelta(seconds=60)
"""How long a sign of life of whoever searches holds; so long after its death the search is taken up."""

KEPT: Final = 50
"""Searches that are remembered."""


@dataclass(frozen=True, slots=True)
class SearchView:
    """A search as pages show it.

    Attributes:
        who: name of who asked for it.
        progress: of the kind at hand, where it is worked on.
        is_left: whether the process that worked on it died, and nobody has taken it up yet.
    """

    search: DuplicateSearch
    who: str
    progress: JobProgress
    is_left: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """When a kind was last looked through, by whose wish, and what it came to."""

    found: Found
    who: str


@dataclass(frozen=True, slots=True)
class SearchOverview:
    """The search under way, the last one that ended, and by kind when it was last looked through."""

    under_way: SearchView | None
    last: SearchView | None
    kinds: Mapping[EntityKind, Compared]


class DuplicateSearchService:
    """Takes wishes; a ``DuplicateSearcher`` fulfils them.

    Args:
        progress: where the searcher says how far it is.
    """

    def __init__(self, database: Database, progress: ProgressFile, now: Callable[[], datetime]) -> None:
        self._database = database
        self._progress = progress
        self._now = now
        self.on_begun: Callable[[], None] = lambda: None
        """Told when there is a search to be done, so that nobody need look for it."""

    def begin(self, actor: Actor, kinds: Sequence[EntityKind] = MERGEABLE_KINDS) -> DuplicateSearch:
        """Have kinds looked through in the background; what is found takes the place of the pairs that were open.

        Raises:
            Forbidden: the actor does not edit the library.
            InvalidInput: records of a kind are not merged.
            Conflict: a search is under way; says whose.
        """
        actor.require(Permission.LIBRARY_WRITE)
        for kind in kinds:
            check_kind(kind)
        search = wished(actor.id, kinds, self._now())
        with self._database.write() as unit:
            if not unit.duplicate_searches.add(search):
                raise busy(unit)
            unit.duplicate_searches.keep(KEPT)
        self.on_begun()
        return search

    def overview(self, actor: Actor) -> SearchOverview:
        """What is under way and what was found last.

        Raises:
            Forbidden: the actor does not edit the library.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.read() as unit:
            searches = unit.duplicate_searches.newest(KEPT)
            names = _names(unit, searches)
            lease = unit.leases.find(LEASE_NAME)
        is_held = lease is not None and lease.expires_at > self._now()
        views = [self._view(search, names, is_held=is_held) for search in searches]
        kinds: dict[EntityKind, Compared] = {}
        for search in searches:
            for found in search.found:
                kinds.setdefault(found.kind, Compared(found, names[search.actor]))
        return SearchOverview(
            under_way=next((view for view in views if view.search.is_under_way), None),
            last=next((view for view in views if not view.search.is_under_way), None),
            kinds={kind: kinds[kind] for kind in MERGEABLE_KINDS if kind in kinds},
        )

    def _view(self, search: DuplicateSearch, names: Mapping[str, str], *, is_held: bool) -> SearchView:
        is_running = search.present is not None
        progress = self._progress.read() if is_running else JobProgress()
        return SearchView(search, names[search.actor], progress, is_running and not is_held)


def wished(actor: str, kinds: Sequence[EntityKind], at: datetime, *, again: bool = False) -> DuplicateSearch:
    """A search that somebody asks for."""
    return DuplicateSearch(
        id=secrets.token_hex(8), actor=actor, kinds=tuple(dict.fromkeys(kinds)), asked_at=at, again=again
    )


def busy(unit: UnitOfWork) -> Conflict:
    """What whoever asks for a second search is told."""
    search = unit.duplicate_searches.under_way()
    if search is None:
        return Conflict("identity.search_just_done")
    who = _names(unit, [search])[search.actor]
    return Conflict("identity.search_busy", who=who, at=f"{search.asked_at.astimezone():%Y-%m-%d %H:%M}")


def _names(unit: UnitOfWork, searches: Sequence[DuplicateSearch]) -> dict[str, str]:
    actors = sorted({search.actor for search in searches})
    accounts = unit.accounts.get_many(actors)
    return {id: accounts[id].display_name if id in accounts else id for id in actors}
