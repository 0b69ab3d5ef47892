"""What experts have published, as far as it helps to tell them apart."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from recommender.identity.companies import differs_in_marker
from recommender.identity.text import title_form

MIN_TITLE_CHARS: Final = 8
MAX_SAME_TITLES: Final = 3
"""A title that more works carry, such as that of a journal, says nothing about whose they are."""
_NEAR_RATIO: Final = 92.0
_FAR: Final = 12
_NEAR_END: Final = 6


@dataclass(frozen=True, slots=True)
class Byline:
    """Title and authors of one achievement, in the order of the byline."""

    achievement_id: str
    title: str
    author_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Works:
    """What one expert has published.

    Tuples rather than sets: a city has sixty thousand of these in memory, and few are ever looked at.

    Attributes:
        achievements: ids.
        titles: forms of the titles that tell works apart: long enough, and carried by few.
        co_authors: ids of those who wrote with the expert.
    """

    achievements: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    co_authors: tuple[str, ...] = ()

    @property
    def title_keys(self) -> frozenset[str]:
        """Parts of the titles; near-identical titles share one of them."""
        return _keys_of(self.titles)


NOTHING: Final = Works()


def works_by_expert(bylines: Iterable[Byline], expert_ids: frozenset[str] | None = None) -> Mapping[str, Works]:
    """What each expert has published.

    Args:
        expert_ids: those to collect for; by default everybody.
    """
    read = [(byline, title_form(byline.title)) for byline in bylines]
    carried = Counter(title for _, title in read)
    achievements: defaultdict[str, set[str]] = defaultdict(set)
    titles: defaultdict[str, set[str]] = defaultdict(set)
    co_authors: defaultdict[str, set[str]] = defaultdict(set)
    for byline, title in read:
        for author in byline.author_ids:
            if expert_ids is not None and author not in expert_ids:
                continue
            achievements[author].add(byline.achievement_id)
            co_authors[author].update(byline.author_ids)
            if len(title) >= MIN_TITLE_CHARS and carried[title] <= MAX_SAME_TITLES:
                titles[author].add(title)
    return {
        author: Works(
            achievements=tuple(sorted(ids)),
            titles=tuple(sorted(titles[author])),
            co_authors=tuple(sorted(co_authors[author] - {author})),
        )
        for author, ids in achievements.items()
    }


def _keys(title: str) -> tuple[str, ...]:
    """Texts of which two near-identical titles share one: a slip leaves at least one side, or the middle."""
    return (
        f"{title[:_FAR]}…{title[-_NEAR_END:]}",
        f"{title[:_NEAR_END]}…{title[-_FAR:]}",
        title[_NEAR_END:-_NEAR_END] if len(title) >= 2 * _FAR else title,
    )


@lru_cache(maxsize=1 << 12)
def _keys_of(titles: tuple[str, ...]) -> frozenset[str]:
    return frozenset(key for title in titles for key in _keys(title))


def n_shared_titles(mine: Works, theirs: Works) -> int:
    """How many works have a near-identical title among other works of the other; the same either way.

    A work that both are authors of counts for neither side; parts of a series are not near-identical.
    """
    if not mine.titles or not theirs.titles:
        return 0
    keys = mine.title_keys & theirs.title_keys
    if not keys or not set(mine.achievements).isdisjoint(theirs.achievements):
        return 0
    own = [title for title in mine.titles if not keys.isdisjoint(_keys(title))]
    others = [title for title in theirs.titles if not keys.isdisjoint(_keys(title))]
    return min(_n_found(own, others), _n_found(others, own))


def _n_found(titles: Sequence[str], others: Sequence[str]) -> int:
    return sum(1 for title in titles if any(_near(title, other) for other in others))


def _near(one: str, other: str) -> bool:
    if one == other:
        return True
    return fuzz.ratio(one, other, score_cutoff=_NEAR_RATIO) > 0 and not differs_in_marker(one, other)
