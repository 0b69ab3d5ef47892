"""Enterprises found for achievements of a synthetic city: how many of the first five work on the same topic.

    matchmaker world --scale 0.02 --seed 7 --out CITY     (then import everything, and matchmaker index build)
    python -m tests.benchmarks.achievements --city CITY --var-dir DIR

Only the text ranks; the features beside it would tell the industry without reading anything.
"""

import argparse
import csv
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Final

from recommender.bootstrap import Application
from recommender.domain.entities import Achievement
from recommender.domain.kinds import EntityKind
from recommender.matching.config import MatchConfig
from recommender.matching.kind_scores import KindScores
from recommender.matching.matcher import Matcher
from recommender.matching.query import EncodedQuery, MatchQuery
from recommender.matching.query_terms import QueryTerms
from recommender.matching.sides import Side
from recommender.settings import Settings

DEPTH: Final = 5
Way = Callable[[Achievement], EncodedQuery]


def ways_of(application: Application, matcher: Matcher) -> dict[str, Way]:
    """How an achievement may ask, by name."""

    def served(achievement: Achievement) -> EncodedQuery:
        return matcher.encode(MatchQuery.of_achievement(achievement))

    def with_abstract(achievement: Achievement) -> EncodedQuery:
        encoded = served(achievement)
        words = Counter(application.segmenter.tokens(achievement.abstract))
        asked = encoded.terms.words
        both = {word: asked.get(word, 0.0) + words[word] for word in {*asked, *words}}
        return replace(encoded, terms=QueryTerms(both))

    def as_a_need(achievement: Achievement) -> EncodedQuery:
        query = MatchQuery.of_achievement(achievement)
        return matcher.encode(replace(query, passage=None))

    return {
        "as served: stored vector, words of title and keywords": served,
        "stored vector, words of title, keywords and abstract": with_abstract,
        "asking as a need does: encoded as a query, all words": as_a_need,
    }


def precision(
    achievements: Sequence[Achievement],
    way: Way,
    matcher: Matcher,
    config: MatchConfig,
    topics: Mapping[tuple[str, str], set[str]],
) -> float:
    """Mean share of the first :data:`DEPTH` enterprises that share a topic with the achievement."""
    side = matcher.sides[Side.DEMAND]
    population = side.populations[EntityKind.ENTERPRISE]
    shares = []
    for achievement in achievements:
        scores = KindScores.of(population, side.scorer.score(way(achievement)), config)
        found = [population.links.entity_ids[row] for row in scores.best_first(None)[:DEPTH]]
        own = topics[EntityKind.ACHIEVEMENT, achievement.id]
        shares.append(mean(bool(own & topics[EntityKind.ENTERPRISE, code]) for code in found))
    return mean(shares)


def main() -> None:
    """Print one line a way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--city", type=Path, required=True, help="folder of the synthetic city")
    parser.add_argument("--var-dir", type=Path, required=True, help="where it was imported and indexed")
    parser.add_argument("--n", type=int, default=1000, help="achievements asked for")
    options = parser.parse_args()
    with (options.city / "topics.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    topics = {(row["kind"], row["id"]): set(row["topics"].split(";")) for row in rows}
    application = Application(Settings(var_dir=options.var_dir))
    with application.database.read() as unit:
        achievements = list(unit.achievements.iterate())
    chosen = random.Random(7).sample(achievements, min(options.n, len(achievements)))
    matcher = application.index_server.current().matcher
    for name, way in ways_of(application, matcher).items():
        print(f"{name}: {precision(chosen, way, matcher, application.match_config, topics):.3f}")


if __name__ == "__main__":
    main()
