"""What experts have published, as far as it helps to tell them apart."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from recommender.identity.companies import differs_in_marker
from recommender.identity.text import title_form

MIN_TITLE_CHARS: Final = 8
MAX_SAME_TITLES: Final = 3
"""A title that more works carry, such as that of a journal, says nothing about whose they are."""
_NEAR_RATIO: Final = 92.0
_END_CHARS: Final = 10


@dataclass(frozen=True, slots=True)
class Byline:
    """Title and authors of one achievement, in the order of the byline."""

    achievement_id: str
    title: str
    author_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Works:
    """What one expert has published.

    Attributes:
        achievements: ids.
        titles: forms of the titles that tell works apart: long enough, and carried by few.
        co_authors: ids of those who wrote with the expert.
    """

    achievements: frozenset[str] = frozenset()
    titles: tuple[str, ...] = ()
    co_authors: frozenset[str] = frozenset()


NOTHING: Final = Works()


def works_by_expert(bylines: Iterable[Byline], expert_ids: frozenset[str] | None = None) -> Mapping[str, Works]:
    """What each expert has published.

    Args:
        expert_ids: those to collect for; by default everybody.
    """
    bylines = list(bylines)
    carried = Counter(title_form(byline.title) for byline in bylines)
    achievements: defaultdict[str, set[str]] = defaultdict(set)
    titles: defaultdict[str, set[str]] = defaultdict(set)
    co_authors: defaultdict[str, set[str]] = defaultdict(set)
    for byline in bylines:
        authors = [id for id in byline.author_ids if expert_ids is None or id in expert_ids]
        title = title_form(byline.title) if authors else ""
        for author in authors:
            achievements[author].add(byline.achievement_id)
            co_authors[author].update(byline.author_ids)
            if len(title) >= MIN_TITLE_CHARS and carried[title] <= MAX_SAME_TITLES:
                titles[author].add(title)
    return {
        author: Works(frozenset(ids), tuple(sorted(titles[author])), frozenset(co_authors[author] - {author}))
        for author, ids in achievements.items()
    }


def title_keys(works: Works) -> Iterable[str]:
    """Beginnings and ends of the titles: near-identical titles share one of them."""
    for title in works.titles:
        yield "^" + title[:_END_CHARS]
        yield "$" + title[-_END_CHARS:]


def n_shared_titles(mine: Works, theirs: Works) -> int:
    """How many works have a near-identical title among other works of the other; the same either way.

    A work that both are authors of counts for neither side; parts of a series are not near-identical.
    """
    if mine.achievements & theirs.achievements:
        return 0
    return min(_n_found(mine.titles, theirs.titles), _n_found(theirs.titles, mine.titles))


def _n_found(titles: tuple[str, ...], others: tuple[str, ...]) -> int:
    return sum(1 for title in titles if any(_near(title, other) for other in others))


def _near(one: str, other: str) -> bool:
    if one == other:
        return True
    return fuzz.ratio(one, other, score_cutoff=_NEAR_RATIO) > 0 and not differs_in_marker(one, other)
