"""Searching the library: what is obviously meant first, then what answers by content, with facets and counts."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from recommender.catalogue.catalogue import Catalogue
from recommender.catalogue.facet_column import Mask
from recommender.catalogue.narrowing import Narrowing
from recommender.catalogue.obvious import Tier, Tiers, obvious
from recommender.catalogue.ordering import LibrarySort, Ordering, sorts
from recommender.domain.accounts import Actor, Permission, Role
from recommender.domain.deadline import check_deadline
from recommender.domain.entities import Entity
from recommender.domain.errors import SearchUnavailable
from recommender.domain.facets import FacetCounts, LibraryQuestion
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import PageRequest
from recommender.domain.personal import ConsentScope
from recommender.domain.visibility import hide_persons, names_in
from recommender.matching.library_scores import FoundPassage, LibraryScores, score_library
from recommender.matching.serving import IndexServer
from recommender.services.catalogues import Catalogues
from recommender.services.personal.sight import Sight, is_outside
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_N_REMEMBERED: Final = 16
"""Questions whose scores are kept: who turns pages or chooses facets asks the same thing again."""
_MEANT: Final = (Tier.CODE, Tier.ORGANISATION)
"""Whoever types a code or the whole name of an organisation wants these records, not similar ones."""


class SearchMeans(StrEnum):
    """How the records of a list were found."""

    NONE = "none"
    """Nothing was asked for: these are all."""
    INDEX = "index"
    """By meaning and words, as in matching."""
    WORDS = "words"
    """By words alone, since there is no usable index."""


@dataclass(frozen=True, slots=True)
class LibraryHit:
    """One line of a list.

    Attributes:
        record: as the actor sees it.
        tier: why it was found.
        passage: what it was found by, where that is something else than its own texts; persons are masked.
        n_works: achievements behind an expert or a platform.
    """

    record: Entity
    tier: Tier
    passage: FoundPassage | None
    n_works: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryFound:
    """A page of a list.

    Attributes:
        total: records in the whole list.
        n_known: records of the kind that the actor may see.
        facets: of the whole list.
        sort: name of its order, and all it may have.
    """

    kind: EntityKind
    question: LibraryQuestion
    items: tuple[LibraryHit, ...]
    total: int
    n_known: int
    facets: tuple[FacetCounts, ...]
    means: SearchMeans
    sort: str
    sorts: tuple[LibrarySort, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """What a text found: ``(n,)`` tiers and scores, and the scores behind them where there is an index."""

    tiers: Tiers
    scores: npt.NDArray[np.float64]
    means: SearchMeans
    indexed: LibraryScores | None = None


class LibrarySearch:
    """Use-cases of finding records.

    Args:
        tokens: gives the function that cuts a text into words; only asked for where there is no index.
    """

    def __init__(
        self,
        database: Database,
        index: Callable[[], IndexServer],
        tokens: Callable[[], Callable[[str], Sequence[str]]],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._index = index
        self._tokens = tokens
        self._now = now
        self._catalogues = Catalogues()
        self._remembered = _Remembered()

    def search(
        self, actor: Actor, kind: EntityKind, question: LibraryQuestion, request: PageRequest
    ) -> LibraryFound:
        """A page of what answers a question, with counts of the whole.

        Everything counts only what the actor may see. Names of experts are looked for only where the actor may
        see names.

        Raises:
            Forbidden: the actor does not read the library.
            InvalidInput: a facet, an order or a cursor is not of this list, or the text is too long.
        """
        with self._database.read() as unit:
            asked = self._ask(actor, unit, kind, question)
            found = asked.ordering(request)
            rows, cursor = found.page()
            check_deadline()
            return LibraryFound(
                kind=kind,
                question=asked.question,
                items=self._hits(actor, unit, asked, rows.tolist()),
                total=len(found),
                n_known=int(asked.visible.sum()),
                facets=tuple(
                    each for each in asked.narrowing.facets() if not (each.facet.is_inside and is_outside(actor))
                ),
                means=asked.means,
                sort=request.sort or asked.sorts[0],
                sorts=asked.sorts,
                next_cursor=cursor,
            )

    def counts(self, actor: Actor) -> dict[EntityKind, int]:
        """How many records of each kind the actor may see.

        Raises:
            Forbidden: the actor does not read the library.
        """
        actor.require(Permission.LIBRARY_READ)
        with self._database.read() as unit:
            return {
                kind: int(visible_rows(actor, unit, self._catalogues.current(unit, kind)).sum())
                for kind in self._catalogues.kinds
            }

    def ids(self, actor: Actor, kind: EntityKind, question: LibraryQuestion, sort: str = "") -> list[str]:
        """Ids of everything that answers a question, in order.

        Raises:
            Forbidden, InvalidInput: see :meth:`search`.
        """
        with self._database.read() as unit:
            return self._ask(actor, unit, kind, question).ordering(PageRequest(sort=sort)).ids

    def prepare(self) -> None:
        """Read the columns of all kinds, so that the first who asks does not wait for it."""
        with self._database.read() as unit:
            for kind in self._catalogues.kinds:
                self._catalogues.current(unit, kind)

    def _ask(self, actor: Actor, unit: UnitOfWork, kind: EntityKind, question: LibraryQuestion) -> "_Asked":
        actor.require(Permission.LIBRARY_READ)
        question = replace(question, text=" ".join(question.text.split()))
        question.check(kind, is_outside=is_outside(actor))
        catalogue = self._catalogues.current(unit, kind)
        visible = visible_rows(actor, unit, catalogue)
        answer = None if not question.text else self._answer(actor, unit, catalogue, question.text)
        return _Asked(catalogue, question, visible, answer)

    def _answer(self, actor: Actor, unit: UnitOfWork, catalogue: Catalogue, text: str) -> _Answer:
        with_names = catalogue.kind is not EntityKind.EXPERT or actor.may(Permission.REVEAL)
        tiers = obvious(catalogue, text, with_names=with_names)
        for survivor in unit.identity.resolve(catalogue.kind, [text]).values():
            row = catalogue.row_of(survivor)
            if row is not None:
                tiers[row] = Tier.CODE
        scores = np.zeros(len(catalogue))
        indexed, means = None, SearchMeans.INDEX
        try:
            indexed = self._scored(catalogue.kind, text)
            relevant = indexed.relevant
        except SearchUnavailable:
            means = SearchMeans.WORDS
            relevant = self._by_words(unit, catalogue.kind, text)
        rows = catalogue.rows_of(list(relevant))
        present = rows >= 0
        scores[rows[present]] = np.fromiter(relevant.values(), dtype=np.float64)[present]
        if not np.isin(tiers, _MEANT).any():
            tiers[rows[present]] = np.minimum(tiers[rows[present]], Tier.CONTENT)
        return _Answer(tiers, scores, means, indexed)

    def _scored(self, kind: EntityKind, text: str) -> LibraryScores:
        served = self._index().current()
        return self._remembered.get(
            (served.manifest.generation, kind, text), lambda: score_library(served.matcher, kind, text)
        )

    def _by_words(self, unit: UnitOfWork, kind: EntityKind, text: str) -> dict[str, float]:
        """Records that hold at least a third of the words, by how many."""
        words = list(dict.fromkeys(word for word in self._tokens()(text) if word.strip()))
        counted = unit.catalogue.n_having(kind, words)
        return {id: float(n) for id, n in counted.items() if 3 * n >= len(words)}

    def _hits(
        self, actor: Actor, unit: UnitOfWork, asked: "_Asked", rows: Sequence[int]
    ) -> tuple[LibraryHit, ...]:
        kind = asked.catalogue.kind
        tiers = {asked.catalogue.ids[row]: Tier(int(asked.tiers[row])) for row in rows}
        records = unit.of(kind).get_many(list(tiers))
        seen = Sight(actor, unit, self._now()).many([records[id] for id in tiers if id in records])
        passages = _passages(unit, asked, records)
        works = unit.catalogue.n_works(kind, list(records))
        return tuple(
            LibraryHit(record, tiers[record.id], passages.get(record.id), works.get(record.id, 0))
            for record in seen
        )


def _passages(unit: UnitOfWork, asked: "_Asked", records: Mapping[str, Entity]) -> dict[str, FoundPassage]:
    """By which achievement each record was found; the persons behind it are masked in its title.

    Of an enterprise nothing is said: a need by which it was found may be a secret.
    """
    if asked.indexed is None or asked.catalogue.kind is EntityKind.ENTERPRISE:
        return {}
    found = {
        id: passage
        for id, passage in asked.indexed.best_passages(list(records)).items()
        if (passage.kind, passage.id) != (asked.catalogue.kind, id)
    }
    authors = unit.achievements.author_names([passage.id for passage in found.values()])
    return {
        id: replace(
            passage, title=hide_persons(passage.title, (*authors.get(passage.id, ()), *names_in(records[id])))
        )
        for id, passage in found.items()
    }


@dataclass(frozen=True)
class _Asked:
    """A question on its way to a list; ``visible`` is ``(n,)`` what the actor may see at all."""

    catalogue: Catalogue
    question: LibraryQuestion
    visible: Mask
    answer: _Answer | None

    @property
    def means(self) -> SearchMeans:
        return SearchMeans.NONE if self.answer is None else self.answer.means

    @property
    def indexed(self) -> LibraryScores | None:
        return None if self.answer is None else self.answer.indexed

    @property
    def tiers(self) -> Tiers:
        return np.full(len(self.catalogue), Tier.NONE, np.int8) if self.answer is None else self.answer.tiers

    @cached_property
    def sorts(self) -> tuple[LibrarySort, ...]:
        return sorts(self.catalogue.kind, has_text=self.answer is not None)

    @cached_property
    def narrowing(self) -> Narrowing:
        found = self.visible if self.answer is None else self.visible & (self.answer.tiers != Tier.NONE)
        return Narrowing(self.catalogue, found, self.question.chosen)

    def ordering(self, request: PageRequest) -> Ordering:
        found = None if self.answer is None else (self.answer.tiers, self.answer.scores)
        return Ordering(self.catalogue, self.narrowing.left, request, found=found)


class _Remembered:
    """The scores of the last few questions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[str, EntityKind, str], LibraryScores] = OrderedDict()

    def get(self, key: tuple[str, EntityKind, str], score: Callable[[], LibraryScores]) -> LibraryScores:
        with self._lock:
            held = self._held.get(key)
            if held is not None:
                self._held.move_to_end(key)
                return held
        scored = score()
        with self._lock:
            self._held[key] = scored
            while len(self._held) > _N_REMEMBERED:
                self._held.popitem(last=False)
        return scored


def visible_rows(actor: Actor, unit: UnitOfWork, catalogue: Catalogue) -> Mask:
    """``(n,)`` what is for the actor: the twin of ``Sight`` and of ``store.visibility``."""
    match catalogue.kind:
        case EntityKind.ENTERPRISE:
            return _enterprises(actor, catalogue)
        case EntityKind.EXPERT:
            shown = ~catalogue.withdrawn
            if is_outside(actor):
                rows = catalogue.rows_of(sorted(unit.consents.all_withdrawn(ConsentScope.PUBLICATION)))
                shown[rows[rows >= 0]] = False
            return shown
    return np.ones(len(catalogue), dtype=np.bool_)


def _enterprises(actor: Actor, catalogue: Catalogue) -> Mask:
    if actor.role is Role.ENTERPRISE:
        own = np.zeros(len(catalogue), dtype=np.bool_)
        row = catalogue.row_of(actor.enterprise_code) if actor.enterprise_code else None
        if row is not None:
            own[row] = True
        return own
    if actor.reach.whole_city:
        return np.ones(len(catalogue), dtype=np.bool_)
    reached = np.fromiter((chain in actor.reach.chains for chain in catalogue.chains), np.bool_, len(catalogue))
    return catalogue.facets["town"].having(actor.reach.towns) | reached
