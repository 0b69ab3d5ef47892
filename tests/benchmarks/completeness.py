"""How complete real needs are, part by part.

    python -m tests.benchmarks.completeness [--data ../shared/data/real] [--show N] [--seed S]

Prints deciles of the score, how often each part is missing, vague or clear, the time a need takes, and with
``--show`` the questions for a few needs drawn at random, to be judged by a person.
"""

import argparse
import csv
import random
import statistics
import time
from collections import Counter
from pathlib import Path

from recommender.bootstrap import Application
from recommender.domain.entities import Need
from recommender.intake.completeness import Completeness, completeness
from recommender.intake.fields import indicators_of
from recommender.settings import Settings
from tests.benchmarks.indicators import DATA


def judged(data: Path) -> tuple[list[tuple[Need, Completeness]], float]:
    """Every need with its result, and the mean time in milliseconds."""
    application = Application(Settings())
    knowledge, words = application.intake_knowledge, application.segmenter.tokens
    with (data / "needs.csv").open(encoding="utf-8-sig", newline="") as stream:
        needs = [
            Need(id=row["需求编号"], title=row["需求名称"], description=row["需求描述"])
            for row in csv.DictReader(stream)
        ]
    completeness(needs[0], indicators_of(needs[0]), words, knowledge)
    start = time.perf_counter()
    found = [(need, completeness(need, indicators_of(need), words, knowledge)) for need in needs]
    return found, (time.perf_counter() - start) / len(needs) * 1000


def main() -> None:
    """Print the distribution."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    found, ms = judged(options.data)
    scores = [result.score for _, result in found]
    mean = statistics.mean(scores)
    deciles = ", ".join(f"{value:.0f}" for value in statistics.quantiles(scores, n=10))
    print(f"{len(found)} needs, {ms:.1f} ms each; mean {mean:.1f}, {min(scores)} to {max(scores)}")
    print(f"deciles {deciles}")
    for place, part in enumerate(found[0][1].parts):
        states = Counter(result.parts[place].state.value for _, result in found)
        print(f"{part.label}\t{part.weight}\t" + "\t".join(f"{state} {n}" for state, n in sorted(states.items())))
    for need, result in random.Random(options.seed).sample(found, options.show):
        print(f"\n{need.id} {need.title} | {result.score} | {result.topic} | {result.industry}")
        for gap in result.gaps:
            print(f"  {gap.label} {gap.state.value}: {gap.question}")


if __name__ == "__main__":
    main()
