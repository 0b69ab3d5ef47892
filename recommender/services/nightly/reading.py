"""Reads the library for a night: who asks, and all that can be found."""

from dataclasses import replace

from recommender.matching.query import MatchQuery
from recommender.matching.sides import Side
from recommender.nightly.planner import Library
from recommender.nightly.sources import asking_demand, asking_supply
from recommender.services.nightly.options import NightOptions
from recommender.services.recommendable import engaged_experts, open_needs
from recommender.services.settled import settled_pairs
from recommender.store.unit_of_work import UnitOfWork


def read_library(unit: UnitOfWork) -> Library:
    """Everything that may be recommended or may ask, as of the unit's snapshot."""
    return Library(
        needs=open_needs(unit),
        enterprises={record.id: record for record in unit.enterprises.iterate()},
        experts=engaged_experts(unit),
        platforms={record.id: record for record in unit.platforms.iterate()},
        achievements={record.id: record for record in unit.achievements.iterate()},
        settled=settled_pairs(unit),
    )


def asking(library: Library, options: NightOptions, *, max_chars: int) -> dict[Side, list[MatchQuery]]:
    """The sources of a night by the side they search, each with whom it is not suggested anew."""
    supply = asking_supply(
        library.needs.values(), library.enterprises, options.scope, as_of=options.as_of, max_chars=max_chars
    )
    demand = asking_demand(library.achievements.values(), options.scope)
    return {
        side: [_with_settled(query, library) for query in queries]
        for side, queries in ((Side.SUPPLY, supply), (Side.DEMAND, demand))
    }


def _with_settled(query: MatchQuery, library: Library) -> MatchQuery:
    assert query.source_kind is not None
    settled = library.settled.get((query.source_kind, query.source_id))
    return query if settled is None else replace(query, settled=settled)
