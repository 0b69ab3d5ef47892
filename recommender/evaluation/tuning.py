"""Sweeps: one number of the configuration varied at a time, everything else as it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from recommender.domain.kinds import EntityKind
from recommender.evaluation.metrics import hubness, means, per_query
from recommender.evaluation.retrieval import TestCollection
from recommender.matching.config import MatchConfig
from recommender.matching.fusion import Normalisation

SWEEPS: Final[Mapping[str, tuple[float | str, ...]]] = {
    "dense_weight": (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 1.0),
    "finding_dense_weight": (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.8, 0.9, 1.0),
    "finding_part_weight": (0.0, 0.3, 0.5, 0.7, 1.0),
    "finding_pair_weight": (0.0, 0.5, 0.7, 1.0, 1.5, 2.0),
    "finding_rarity": (0.0, 0.5, 1.0, 1.5, 2.0),
    "normalisation": tuple(Normalisation),
    "title_share": (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 1.0),
    "body_chars": (0, 20, 40, 60, 80, 120, 200),
    "body_term_weight": (0.0, 0.1, 0.2, 0.3, 0.5, 1.0),
    "background_term_weight": (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0),
    "centring": (0.0, 0.125, 0.25, 0.375, 0.5, 0.75, 1.0),
    "feedback_share": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5),
    "feedback_passages": (1, 3, 5, 10, 20),
    "passage_discount": (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8),
    "platform_discount": (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8),
    "max_passages": (1, 2, 3, 5, 8, 16, 50),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One setting measured on one kind of one dataset."""

    dataset: str
    kind: EntityKind
    parameter: str
    value: float | str
    figures: Mapping[str, float]
    hub_skewness: float


def sweep(
    collections: Sequence[TestCollection],
    base: MatchConfig,
    parameter: str,
    values: Sequence[float | str],
    *,
    on_point: Callable[[Point], None] = lambda _: None,
) -> list[Point]:
    """Measure every value of a parameter on every collection.

    Raises:
        TypeError: the configuration has no such parameter.
    """
    points = []
    for value in values:
        varied: dict[str, Any] = {parameter: value}
        for collection in collections:
            for point in measure(collection, replace(base, **varied), parameter=parameter, value=value):
                points.append(point)
                on_point(point)
    return points


def measure(
    collection: TestCollection, config: MatchConfig, *, parameter: str = "", value: float | str = ""
) -> list[Point]:
    """One configuration on one collection, a point for every kind."""
    run = collection.run(config, on_progress=lambda *_: None)
    return [
        Point(
            dataset=collection.dataset.name,
            kind=kind,
            parameter=parameter,
            value=value,
            figures=means(per_query(collection.dataset, kind, rankings)),
            hub_skewness=hubness(rankings).skewness,
        )
        for kind, rankings in run.rankings.items()
    ]
