"""One ranked entity with what the reader may know beside its rank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.domain.cases import Case, Pair
from recommender.domain.entities import Entity, Expert
from recommender.domain.kinds import EntityKind
from recommender.domain.match import Exclusion, Match
from recommender.domain.wishes import WishLine
from recommender.matching.explanation import WEAK_CODE
from recommender.services.personal.sight import Sight
from recommender.services.results.excerpts import excerpted
from recommender.store.unit_of_work import UnitOfWork

DEPTHS: Final = (5, 20, 30)
"""How many entities of a kind are shown: the short list first."""

N_LOOKED_AT: Final = 20
"""How many of each kind are looked at to say how many are close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultCard:
    """One ranked entity.

    Attributes:
        match: its rank and why, as the reader may see it, of long texts an excerpt.
        record: what the library says of it, as the reader may see it.
        pair: what a match or a wish would be about.
        wish: what is said of it, with what became of that; ``None`` where nothing is said.
        case: the match, where it is the reader's to see; a suggestion that nobody acted on is none.
        places_left: engagements that an expert still accepts, ``None`` where not stated or not an expert.
    """

    match: Match
    record: Entity
    pair: Pair
    wish: WishLine | None
    case: Case | None
    places_left: int | None

    @property
    def is_close(self) -> bool:
        """Whether its content is near to what was asked."""
        return is_close(self.match)


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedList:
    """The entities of one kind that are shown.

    Attributes:
        cards: best first, without those that are not wanted.
        has_more: whether a longer list may have more.
        n_unwanted: how many of the kind are left out because they are not wanted.
        exclusions: kept out by hard rules; for reviewers alone.
        advice: zh-CN sentence where no match is close, otherwise ``""``.
    """

    kind: EntityKind
    cards: tuple[ResultCard, ...]
    has_more: bool
    n_unwanted: int = 0
    exclusions: tuple[Exclusion, ...] = ()
    advice: str = ""


def is_close(match: Match) -> bool:
    """Whether the explanation does not call a match weak."""
    return all(gap.code != WEAK_CODE for gap in match.gaps)


def cards_of(
    unit: UnitOfWork,
    sight: Sight,
    matches: Sequence[tuple[Match, Pair]],
    *,
    wishes: Mapping[str, WishLine],
    cases: Mapping[Pair, Case],
) -> list[ResultCard]:
    """Cards in the order of the matches; who is not there for the reader is left out.

    Args:
        matches: each with the pair it stands for.
        wishes: by id of the pair.
        cases: those that the reader may see.
    """
    kinds = {match.kind for match, _ in matches}
    stored = {
        kind: unit.of(kind).get_many([match.id for match, _ in matches if match.kind is kind]) for kind in kinds
    }
    seen = {(kind, record.id): record for kind in kinds for record in sight.many(list(stored[kind].values()))}
    running = unit.cases.n_running_by_expert(list(stored.get(EntityKind.EXPERT, {})))
    return [
        ResultCard(
            match=excerpted(match),
            record=seen[match.kind, match.id],
            pair=pair,
            wish=wishes.get(pair.id),
            case=cases.get(pair),
            places_left=_places_left(stored[match.kind][match.id], running),
        )
        for match, pair in matches
        if (match.kind, match.id) in seen
    ]


def _places_left(record: Entity, running: Mapping[str, int]) -> int | None:
    if not isinstance(record, Expert) or record.capacity is None:
        return None
    return max(0, record.capacity - record.n_active_engagements - running.get(record.id, 0))
