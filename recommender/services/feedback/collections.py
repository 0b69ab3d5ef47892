"""A folder that appears as a whole, and the library's texts as a collection to learn from."""

import secrets
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from recommender.domain.entities import Enterprise, Entity, Need
from recommender.domain.errors import Conflict
from recommender.domain.kinds import EntityKind
from recommender.domain.visibility import masked
from recommender.evaluation.dataset import TestQuery
from recommender.evaluation.library_dataset import query_of
from recommender.store.unit_of_work import UnitOfWork

_BATCH: Final = 2_000

MASKED_FOLDER: Final = "masked"
"""Inside an export: the same without personal data."""

Show = Callable[[Entity, tuple[str, ...]], Entity]
"""How a record is written, as it is or masked; takes the names of its authors."""


@contextmanager
def appearing(folder: Path, *, replacing: bool) -> Iterator[Path]:
    """A folder to write into, which takes its name when the block ends well and vanishes when it does not.

    Raises:
        Conflict: there is something of that name, and it is not to be replaced.
    """
    if folder.exists() and (not replacing or not folder.is_dir()) and not _is_empty(folder):
        raise Conflict("feedback.folder_taken", folder=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    unfinished.mkdir(mode=0o700)
    try:
        yield unfinished
        if folder.exists():
            shutil.rmtree(folder)
        unfinished.replace(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def unmasked(entity: Entity, _names: tuple[str, ...] = ()) -> Entity:
    """As it is."""
    return entity


def without_persons(entity: Entity, names: tuple[str, ...] = ()) -> Entity:
    """Without names and contacts in any text; of a confidential need only what is public."""
    return masked(entity, with_own=False, names=names)


def supply(unit: UnitOfWork, show: Show) -> Iterator[Entity]:
    """Experts, platforms and achievements; experts who have withdrawn are nowhere in them."""
    withdrawn: set[str] = set()
    for expert in unit.experts.iterate():
        if expert.consent_withdrawn_on is None:
            yield show(expert, ())
        else:
            withdrawn.add(expert.id)
    yield from (show(platform, ()) for platform in unit.platforms.iterate())
    works = unit.achievements.iterate()
    while batch := list(islice(works, _BATCH)):
        names = unit.achievements.author_names([work.id for work in batch])
        for work in batch:
            authors = tuple(id for id in work.author_ids if id not in withdrawn)
            yield show(replace(work, author_ids=authors), names.get(work.id, ()))


def queries(unit: UnitOfWork, asked: Collection[tuple[EntityKind, str]], show: Show) -> list[TestQuery]:
    """What these needs and enterprises ask, by id; those that are gone are left out."""
    needs = unit.needs.get_many([id for kind, id in asked if kind is EntityKind.NEED])
    enterprises = unit.enterprises.get_many([id for kind, id in asked if kind is EntityKind.ENTERPRISE])
    entities: list[Entity] = [*needs.values(), *enterprises.values()]
    found = []
    for entity in (show(entity, ()) for entity in entities):
        assert isinstance(entity, Need | Enterprise), "showing changes no kind"
        found.append(query_of(entity))
    return sorted((query for query in found if query is not None), key=lambda query: query.id)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())
