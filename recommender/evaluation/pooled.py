"""Figures of systems on a pool that people judged: what nobody looked at counts neither for nor against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from embeddings.passages.passage import Passage
from recommender.domain.judging import System
from recommender.domain.kinds import EntityKind
from recommender.evaluation.comparison import MetricComparison, compare
from recommender.evaluation.dataset import Dataset
from recommender.evaluation.metrics import PerQuery, means, per_query
from recommender.evaluation.run import Ranking

Qrels = Mapping[str, Mapping[str, int]]
"""Need → entity → grade."""
Lists = Mapping[str, Sequence[str]]
"""Need → entities, best first."""


@dataclass(frozen=True, slots=True)
class SystemFigures:
    """One system on one kind.

    Attributes:
        n_queries: needs for which something relevant was judged.
        figures: metric → mean over these, in [0, 1], higher is better; empty where there are none.
        against_served: every metric compared with the system that serves users; empty for itself.
    """

    system: System
    kind: EntityKind
    n_queries: int
    figures: Mapping[str, float]
    against_served: tuple[MetricComparison, ...]


def pooled_figures(
    qrels: Mapping[EntityKind, Qrels], lists: Mapping[System, Mapping[EntityKind, Lists]]
) -> tuple[SystemFigures, ...]:
    """The figures of every system and kind, kinds in order, within a kind in the order of :class:`System`.

    Args:
        qrels: what people said, by kind of candidate.
        lists: what each system put into the pool.
    """
    found = []
    for kind in sorted(qrels):
        dataset = _dataset(kind, qrels[kind])
        measured = {
            system: per_query(dataset, kind, _rankings(lists[system].get(kind, {}), qrels[kind]))
            for system in System
            if system in lists
        }
        served = measured.get(System.HYBRID, {})
        for system, values in measured.items():
            against = () if system is System.HYBRID else _compared(served, values)
            found.append(SystemFigures(system, kind, len(values), means(values), against))
    return tuple(found)


def _rankings(lists: Lists, qrels: Qrels) -> dict[str, Ranking]:
    """A ranking for every judged need; a system that listed nothing has an empty one."""
    return {need: Ranking.of([(id, -float(n)) for n, id in enumerate(lists.get(need, ()))]) for need in qrels}


def _dataset(kind: EntityKind, qrels: Qrels) -> Dataset:
    entities = sorted({entity for grades in qrels.values() for entity in grades})
    owners = [Passage(entity, entity, "", "", None, {kind.value: (entity,)}) for entity in entities]
    return Dataset("pool", (), tuple(owners), qrels)


def _compared(first: PerQuery, second: PerQuery) -> tuple[MetricComparison, ...]:
    return compare(first, second) if first.keys() & second.keys() else ()
