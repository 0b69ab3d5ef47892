"""``python -m tests.benchmarks.joint_tuning --dataset A --dataset B … --out FILE``: all numbers at once.

``matchmaker evaluate sweep`` varies one number of the ranking at a time. Here a seeded search changes one to
three of them in the best setting so far and keeps what is better on the whole: the mean gain over the figures
wanted, each against the settings as they stand, where no figure may lose more than ``TOLERANCE``. Collections of
one name and different numbers (withheld-0, withheld-1 …) count as one. Every trial is written down, so that what
was looked at is known.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from recommender.bootstrap import Application
from recommender.domain.kinds import EntityKind
from recommender.evaluation.dataset import Dataset
from recommender.evaluation.metrics import MRR, NDCG, RECALL
from recommender.evaluation.retrieval import TestCollection, open_collection
from recommender.evaluation.tuning import measure
from recommender.matching.config import MatchConfig
from recommender.settings import Settings

TOLERANCE: Final = 0.003
SPACE: Final[Mapping[str, tuple[float, ...]]] = {
    "dense_weight": (0.75, 0.8, 0.85),
    "finding_dense_weight": (0.6, 0.65, 0.7, 0.75, 0.8),
    "finding_part_weight": (0.3, 0.5, 0.7, 1.0),
    "finding_pair_weight": (0.5, 0.7, 1.0, 1.5),
    "finding_rarity": (0.5, 1.0, 1.5, 2.0),
    "title_share": (0.2, 0.3, 0.4, 0.5, 0.6, 0.7),
    "body_term_weight": (0.5, 0.7, 1.0),
    "background_term_weight": (0.0, 0.3, 0.5, 1.0),
    "centring": (0.25, 0.5, 0.75, 1.0),
    "feedback_share": (0.2, 0.3, 0.4),
    "feedback_passages": (5, 10, 15),
    "passage_discount": (0.2, 0.3, 0.4, 0.5),
    "platform_discount": (0.5, 0.6, 0.7, 0.8),
}
"""``body_chars`` stays: more of them cost every request time, and gain nothing."""
_WANTED: Final[Mapping[EntityKind, tuple[str, ...]]] = {
    EntityKind.EXPERT: (MRR,),
    EntityKind.PLATFORM: (MRR,),
    EntityKind.ACHIEVEMENT: (NDCG, RECALL),
}
Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Trial:
    """One setting: what it changes, its figures, their mean gain and the least one."""

    changed: Mapping[str, float]
    figures: Figures
    gain: float
    least: float

    @property
    def is_allowed(self) -> bool:
        """Whether nothing loses much."""
        return self.least >= -TOLERANCE


def figures_of(collections: Sequence[TestCollection], config: MatchConfig) -> Figures:
    """The wanted figures, collections of one name averaged."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for collection in collections:
        for point in measure(collection, config):
            name = point.dataset.rstrip("0123456789").rstrip("-")
            for metric in _WANTED.get(point.kind, ()):
                found[f"{name} {point.kind.value} {metric}"].append(point.figures[metric])
    return {name: float(np.mean(values)) for name, values in sorted(found.items())}


def search(
    collections: Sequence[TestCollection], base: MatchConfig, *, n_trials: int, rng: random.Random
) -> list[Trial]:
    """The trials in order; the first changes nothing."""
    start = figures_of(collections, base)
    trials = [Trial({}, start, 0.0, 0.0)]
    best, seen = trials[0], {frozenset[tuple[str, float]]()}
    while len(trials) < n_trials:
        changed = dict(best.changed)
        for name in rng.sample(sorted(SPACE), rng.randint(1, 3)):
            changed[name] = rng.choice(SPACE[name])
        changed = {name: value for name, value in changed.items() if value != getattr(base, name)}
        if (key := frozenset(changed.items())) in seen:
            continue
        seen.add(key)
        varied: dict[str, Any] = changed
        figures = figures_of(collections, replace(base, **varied))
        gains = [figures[name] - start[name] for name in start]
        trial = Trial(changed, figures, float(np.mean(gains)), min(gains))
        trials.append(trial)
        is_better = trial.is_allowed and trial.gain > best.gain
        best = trial if is_better else best
        shown = " ".join(f"{value:.4f}" for value in figures.values())
        mark = "*" if is_better else " "
        print(f"{len(trials)}/{n_trials} {trial.gain:+.4f} {shown} {mark} {changed}", flush=True)
    return trials


def rounded(trial: Trial) -> dict[str, object]:
    """A trial as it is written."""
    figures = {name: round(value, 5) for name, value in trial.figures.items()}
    return {
        "changed": dict(trial.changed),
        "figures": figures,
        "gain": round(trial.gain, 5),
        "least": round(trial.least, 5),
    }


def main() -> None:
    """Read the command line, search, write the trials."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", type=Path, action="append", required=True, help="BEIR folder; repeatable")
    parser.add_argument("--trials", type=int, default=150)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--encoder", help="another encoder than the configured one")
    parser.add_argument("--out", type=Path, required=True, help="JSON of all trials")
    arguments = parser.parse_args()
    application = Application(Settings())
    encoder = application.open_encoder(arguments.encoder or application.settings.encoder)
    with ExitStack() as stack:
        collections = [
            stack.enter_context(
                open_collection(Dataset.read(folder), encoder, application.segmenter, on_progress=lambda *_: None)
            )
            for folder in arguments.dataset
        ]
        trials = search(
            collections, application.match_config, n_trials=arguments.trials, rng=random.Random(arguments.seed)
        )
    content = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "encoder": encoder.encoder_id,
        "seed": arguments.seed,
        "configuration": asdict(application.match_config),
        "trials": [rounded(trial) for trial in trials],
    }
    arguments.out.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
