"""Use-cases of evaluation: measure a system on a test collection, sweep its numbers, compare two measurements."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recommender.domain.errors import InvalidData, InvalidInput
from recommender.domain.kinds import EntityKind
from recommender.evaluation.comparison import MetricComparison, compare
from recommender.evaluation.dataset import Dataset
from recommender.evaluation.evaluator import Evaluator, Measurement, SweepResult
from recommender.evaluation.metrics import PerQuery, per_query
from recommender.evaluation.retrieval import Progress, Retriever
from recommender.evaluation.run import Run
from recommender.evaluation.tuning import SWEEPS, Point


@dataclass(frozen=True, slots=True)
class KindComparison:
    """Two systems compared on one kind."""

    kind: EntityKind
    n_queries: int
    metrics: tuple[MetricComparison, ...]


class EvaluationService:
    """Measures the matcher on datasets that lie in folders."""

    def __init__(self, evaluator: Callable[[], Evaluator]) -> None:
        """Build the service.

        Args:
            evaluator: gives the evaluator; asked only when something is measured, because it loads the
                segmenter's dictionary.
        """
        self._evaluator = evaluator

    def evaluate(
        self, folder: Path, retriever: Retriever, *, encoder_spec: str | None, on_progress: Progress
    ) -> Measurement:
        """Measure one system on one dataset; see :meth:`Evaluator.evaluate`.

        Raises:
            InvalidData: the dataset cannot be read, or nothing in it is judged relevant.
            SearchUnavailable: the encoder cannot be used.
        """
        return self._evaluator().evaluate(
            _measurable(folder), retriever, encoder_spec=encoder_spec, on_progress=on_progress
        )

    def sweep(
        self,
        folders: Sequence[Path],
        parameters: Sequence[str],
        *,
        encoder_spec: str | None,
        on_progress: Progress,
        on_point: Callable[[Point], None],
    ) -> SweepResult:
        """Vary numbers of the configuration; see :meth:`Evaluator.sweep`. No parameter means all.

        Raises:
            InvalidInput: a parameter has no sweep.
            InvalidData: a dataset cannot be read, or nothing in it is judged relevant.
            SearchUnavailable: the encoder cannot be used.
        """
        unknown = [parameter for parameter in parameters if parameter not in SWEEPS]
        if unknown:
            raise InvalidInput("evaluation.parameter_unknown", name=unknown[0], known="、".join(SWEEPS))
        return self._evaluator().sweep(
            [_measurable(folder) for folder in folders],
            parameters or tuple(SWEEPS),
            encoder_spec=encoder_spec,
            on_progress=on_progress,
            on_point=on_point,
        )

    def compare(self, first: Path, second: Path, *, dataset: Path | None) -> tuple[KindComparison, ...]:
        """Compare two measurements, each a report in JSON or a TREC run.

        Args:
            first, second: a report, a run with its report beside it, or any run if ``dataset`` is given.
            dataset: judges runs that have no report.

        Raises:
            InvalidInput: a run without report and no dataset.
            InvalidData: a file cannot be read, or the two have no query in common.
        """
        judged = None if dataset is None else Dataset.read(dataset)
        one, other = _measured(first, judged), _measured(second, judged)
        compared = []
        for kind in sorted(one.keys() & other.keys()):
            n_shared = len(one[kind].keys() & other[kind].keys())
            if n_shared:
                compared.append(KindComparison(kind, n_shared, compare(one[kind], other[kind])))
        if not compared:
            raise InvalidData("evaluation.nothing_shared", first=first, second=second)
        return tuple(compared)


def report_file_of(run_file: Path) -> Path:
    """Where the report of a run file stands: beside it."""
    return run_file.with_name(run_file.name + ".json")


def _measurable(folder: Path) -> Dataset:
    dataset = Dataset.read(folder)
    if not dataset.has_relevant:
        raise InvalidData("evaluation.nothing_relevant", folder=folder, grade=dataset.relevant_from)
    return dataset


def _measured(file: Path, dataset: Dataset | None) -> dict[EntityKind, PerQuery]:
    if not file.is_file():
        raise InvalidData("evaluation.result_missing", file=file)
    with file.open("rb") as stream:
        is_report = stream.read(1) == b"{"
    if is_report:
        return _of_report(file)
    if dataset is not None:
        run = Run.read(file, kind=dataset.kind_of)
        return {kind: per_query(dataset, kind, rankings) for kind, rankings in run.rankings.items()}
    if report_file_of(file).is_file():
        return _of_report(report_file_of(file))
    raise InvalidInput("evaluation.run_needs_dataset", file=file)


def _of_report(file: Path) -> dict[EntityKind, PerQuery]:
    try:
        content: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return {EntityKind(kind["kind"]): kind["per_query"] for kind in content["kinds"]}
    except (ValueError, KeyError, TypeError):
        raise InvalidData("evaluation.report_malformed", file=file) from None
