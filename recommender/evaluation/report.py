"""What an evaluation tells: figures by kind, and the queries it did worst on, with their texts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from recommender.domain.kinds import EntityKind
from recommender.evaluation.dataset import Dataset, TestQuery
from recommender.evaluation.metrics import MRR, NDCG, Hubness, PerQuery, hubness, means, per_query
from recommender.evaluation.retrieval import Retriever
from recommender.evaluation.run import Ranking, Run
from recommender.matching.config import MatchConfig

N_WORST: Final = 5
_N_SHOWN: Final = 5
_SHOWN_TEXT: Final = 160


@dataclass(frozen=True, slots=True)
class RankedEntity:
    """An entity in a report.

    Attributes:
        position: from 1; ``None`` where it was not ranked.
        grade: as judged; ``None`` where nobody judged it.
        title: of one of its passages.
    """

    id: str
    title: str
    position: int | None
    grade: int | None


@dataclass(frozen=True, slots=True)
class WorstQuery:
    """A query whose ranking a person should look at.

    Attributes:
        value: of the kind's leading metric.
        first: what was ranked first.
        missed: the relevant entities, best position first.
    """

    id: str
    title: str
    text: str
    value: float
    first: tuple[RankedEntity, ...]
    missed: tuple[RankedEntity, ...]


@dataclass(frozen=True, slots=True)
class KindReport:
    """Figures of one kind.

    Attributes:
        leading_metric: what the worst queries are chosen by: nDCG@10 where grades differ, else MRR@10.
    """

    kind: EntityKind
    n_queries: int
    n_entities: int
    figures: Mapping[str, float]
    hubness: Hubness
    leading_metric: str
    worst: tuple[WorstQuery, ...]
    per_query: PerQuery


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """One system on one dataset."""

    dataset: str
    n_queries: int
    n_passages: int
    retriever: Retriever
    encoder_id: str
    segmenter_id: str
    configuration_hash: str
    configuration: Mapping[str, object]
    kinds: tuple[KindReport, ...]


def report(
    dataset: Dataset,
    run: Run,
    *,
    retriever: Retriever,
    encoder_id: str,
    segmenter_id: str,
    config: MatchConfig,
) -> EvaluationReport:
    """Measure a run and pick the queries to look at."""
    return EvaluationReport(
        dataset=dataset.name,
        n_queries=len(dataset.queries),
        n_passages=len(dataset.passages),
        retriever=retriever,
        encoder_id=encoder_id,
        segmenter_id=segmenter_id,
        configuration_hash=config.hash,
        configuration=asdict(config),
        kinds=tuple(_kind_report(dataset, kind, rankings) for kind, rankings in sorted(run.rankings.items())),
    )


def _kind_report(dataset: Dataset, kind: EntityKind, rankings: Mapping[str, Ranking]) -> KindReport:
    values = per_query(dataset, kind, rankings)
    leading = NDCG if dataset.relevant_from > 1 else MRR
    worst = sorted(values, key=lambda query: (values[query][leading], query))[:N_WORST]
    queries = {query.id: query for query in dataset.queries}
    titles = _titles(dataset, kind)
    return KindReport(
        kind=kind,
        n_queries=len(values),
        n_entities=len(titles),
        figures=means(values),
        hubness=hubness(rankings),
        leading_metric=leading,
        worst=tuple(
            _worst(dataset, queries[query], rankings[query], values[query][leading], titles) for query in worst
        ),
        per_query=values,
    )


def _titles(dataset: Dataset, kind: EntityKind) -> dict[str, str]:
    titles: dict[str, str] = {}
    for passage in dataset.passages:
        for entity in passage.owners.get(kind.value, ()):
            titles.setdefault(entity, passage.title or passage.text[:_SHOWN_TEXT])
    return titles


def _worst(
    dataset: Dataset, query: TestQuery, ranking: Ranking, value: float, titles: Mapping[str, str]
) -> WorstQuery:
    grades = dataset.qrels.get(query.id, {})
    relevant = {entity for entity, grade in grades.items() if grade >= dataset.relevant_from and entity in titles}
    positions = ranking.positions(relevant)
    missed = sorted(relevant, key=lambda entity: (positions.get(entity, len(titles)), entity))[:_N_SHOWN]

    def shown(entity: str, position: int | None) -> RankedEntity:
        at = None if position is None else position + 1
        return RankedEntity(entity, titles[entity], at, grades.get(entity))

    return WorstQuery(
        id=query.id,
        title=query.title,
        text=query.text[:_SHOWN_TEXT],
        value=value,
        first=tuple(shown(entity, place) for place, (entity, _) in enumerate(ranking.top(_N_SHOWN))),
        missed=tuple(shown(entity, positions.get(entity)) for entity in missed),
    )
