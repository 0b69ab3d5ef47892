"""One item of a pool as a judge sees it: what a candidate does, not who it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from recommender.domain.entities import Achievement, Entity, Expert, Need, Platform
from recommender.domain.errors import SearchUnavailable
from recommender.domain.judging import PoolItem
from recommender.domain.kinds import EntityKind
from recommender.domain.visibility import hide_persons, masked, names_in
from recommender.matching.serving import IndexServer
from recommender.matching.sides import Side
from recommender.store.unit_of_work import UnitOfWork

_N_WORKS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingTask:
    """What a judge sees: the need and one candidate, without names, scores, places or systems.

    Attributes:
        title, text: of the candidate: of an expert the research fields and the profile.
        works: titles of what stands behind an expert or a platform, newest first.
        n_left: items that this judge may still get, this one included.
    """

    pool_id: str
    number: int
    need_title: str
    need_text: str
    kind: EntityKind
    title: str
    text: str
    works: tuple[str, ...]
    n_left: int


def task_of(
    item: PoolItem, unit: UnitOfWork, index: Callable[[], IndexServer], *, n_left: int
) -> JudgingTask | None:
    """An item as it is shown, ``None`` where its need is gone or its candidate may not be shown any more."""
    need = unit.needs.get(item.need_id)
    target = unit.of(item.target_kind).get(item.target_id)
    if need is None or target is None or getattr(target, "consent_withdrawn_on", None) is not None:
        return None
    need = masked(need)
    authors = unit.achievements.author_names([target.id]) if isinstance(target, Achievement) else {}
    names = (*names_in(target), *authors.get(target.id, ()))
    title, text = _texts(masked(target, names=names))
    return JudgingTask(
        pool_id=item.pool_id,
        number=item.number,
        need_title=need.title,
        need_text=need.text,
        kind=item.target_kind,
        title=title,
        text=text,
        works=tuple(hide_persons(work, names) for work in _works(item, index)),
        n_left=n_left,
    )


def _works(item: PoolItem, index: Callable[[], IndexServer]) -> tuple[str, ...]:
    """The newest works of an expert or a platform, whatever it was found by; none without an index."""
    if item.target_kind is EntityKind.ACHIEVEMENT:
        return ()
    try:
        side = index().current().matcher.sides[Side.SUPPLY]
    except SearchUnavailable:
        return ()
    population = side.populations.get(item.target_kind)
    rows = population.rows_of([item.target_id]).tolist() if population else []
    if population is None or not rows:
        return ()
    texts = side.passages.texts
    passages = [texts.get(row) for row in population.links.passages_of(rows[0]).tolist()]
    works = [passage for passage in passages if passage.year is not None and passage.title]
    works.sort(key=lambda passage: (-(passage.year or 0), passage.id))
    return tuple(passage.title for passage in works[:_N_WORKS])


def _texts(entity: Entity) -> tuple[str, str]:
    """What is shown of a candidate: what it does, not who it is."""
    match entity:
        case Expert():
            return "；".join(entity.research_fields), "\n".join(
                filter(None, (entity.discipline, entity.solvable_problems, entity.biography))
            )
        case Platform():
            return "；".join(entity.research_fields), "\n".join(filter(None, (entity.services, entity.equipment)))
        case Achievement():
            keywords = "；".join(entity.keywords)
            return entity.title, "\n".join(filter(None, (entity.abstract, keywords)))
        case Need():
            return entity.title, entity.text
    return "", ""
