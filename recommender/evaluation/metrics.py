"""The figures of a run, query by query.

``nDCG@10`` looks only at entities somebody has judged (the condensed list), with gain ``2^grade - 1``: a match
nobody looked at is not known to be wrong. ``MRR@10`` and ``R@100`` look at everything that was ranked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recommender.domain.kinds import EntityKind
from recommender.evaluation.dataset import Dataset
from recommender.evaluation.run import Ranking

NDCG: Final = "nDCG@10"
MRR: Final = "MRR@10"
RECALL: Final = "R@100"
METRICS: Final = (NDCG, MRR, RECALL)

HUB_DEPTH: Final = 10
_MEASURED_DEPTH: Final = 100


PerQuery = Mapping[str, Mapping[str, float]]
"""Query id → metric → value in [0, 1], higher is better."""


@dataclass(frozen=True, slots=True)
class Hubness:
    """How evenly the first ten places are shared out, over all queries.

    Attributes:
        skewness: of how often each entity stands among the first ten; 0 is even, high means that a few stand
            in front whatever is asked.
        coverage: share of the entities that stand among somebody's first ten.
    """

    skewness: float
    coverage: float


def per_query(dataset: Dataset, kind: EntityKind, rankings: Mapping[str, Ranking]) -> PerQuery:
    """Figures of every query for which something relevant of the kind was judged."""
    threshold = dataset.relevant_from
    judged = {query: _of_kind(dataset, query, kind, ranking) for query, ranking in rankings.items()}
    return _measured(
        {
            query: grades
            for query, grades in judged.items()
            if any(grade >= threshold for grade in grades.values())
        },
        rankings,
        threshold,
    )


def means(values: PerQuery) -> dict[str, float]:
    """Each metric's mean over the queries; empty where there are none."""
    return {metric: float(np.mean([value[metric] for value in values.values()])) for metric in METRICS if values}


def places_in_front(rankings: Mapping[str, Ranking]) -> npt.NDArray[np.int64]:
    """``(entities,)`` how often each stands among the first ten, over rankings that share their entity ids."""
    counts = np.zeros(len(next(iter(rankings.values())).entity_ids), dtype=np.int64)
    for ranking in rankings.values():
        counts[ranking.rows[:HUB_DEPTH]] += 1
    return counts


def hubness(rankings: Mapping[str, Ranking]) -> Hubness:
    """Measured over rankings that share their entity ids."""
    counts = places_in_front(rankings)
    deviation = float(counts.std())
    skewness = float((((counts - counts.mean()) / deviation) ** 3).mean()) if deviation > 0 else 0.0
    return Hubness(skewness, float((counts > 0).mean()))


def _of_kind(dataset: Dataset, query: str, kind: EntityKind, ranking: Ranking) -> dict[str, int]:
    """Judgements about entities of the kind: those ranked, and those the dataset takes for such."""
    grades = dataset.qrels.get(query, {})
    ranked = ranking.positions(grades)
    return {
        entity: grade for entity, grade in grades.items() if entity in ranked or dataset.kind_of(entity) is kind
    }


def _measured(
    qrels: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Ranking], threshold: int
) -> dict[str, dict[str, float]]:
    import ir_measures  # with scipy behind it: only who measures waits for it

    if not qrels:
        return {}
    top_grade = max(grade for grades in qrels.values() for grade in grades.values())
    gains = {grade: 2**grade - 1 for grade in range(top_grade + 1)}
    names = {
        ir_measures.nDCG(gains=gains, judged_only=True) @ 10: NDCG,
        ir_measures.RR(rel=threshold) @ 10: MRR,
        ir_measures.R(rel=threshold) @ 100: RECALL,
    }
    judgements = [
        ir_measures.Qrel(query, entity, grade)
        for query, grades in qrels.items()
        for entity, grade in grades.items()
    ]
    ranked = [
        ir_measures.ScoredDoc(query, entity, -float(position))
        for query, grades in qrels.items()
        for entity, position in _positions(rankings[query], grades).items()
    ]
    values: dict[str, dict[str, float]] = {query: dict.fromkeys(METRICS, 0.0) for query in qrels}
    for metric in ir_measures.iter_calc(list(names), judgements, ranked):
        values[metric.query_id][names[metric.measure]] = float(metric.value)
    return values


def _positions(ranking: Ranking, grades: Mapping[str, int]) -> dict[str, int]:
    """The first entities and all judged ones; positions keep our order where scores are equal."""
    positions = {entity: position for position, (entity, _) in enumerate(ranking.top(_MEASURED_DEPTH))}
    return positions | ranking.positions(grades)
