"""Measures the pipeline that serves users, with any encoder, on test collections."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass

from embeddings.encoders.protocol import Encoder
from embeddings.text.segment import Segmenter
from recommender.evaluation.dataset import Dataset
from recommender.evaluation.report import EvaluationReport, report
from recommender.evaluation.retrieval import Progress, Retriever, open_collection
from recommender.evaluation.run import Run
from recommender.evaluation.tuning import SWEEPS, Point, sweep
from recommender.matching.config import MatchConfig
from recommender.matching.failures import translated_failures

_NO_ENCODER = "none"


@dataclass(frozen=True, slots=True)
class Measurement:
    """A system's report and the rankings behind it."""

    report: EvaluationReport
    run: Run


@dataclass(frozen=True, slots=True)
class SweepResult:
    """Points of a sweep and the set-up they share."""

    encoder_id: str
    segmenter_id: str
    configuration: Mapping[str, object]
    points: tuple[Point, ...]


class Evaluator:
    """Indexes datasets the way the library is indexed, and ranks with the matcher's own parts."""

    def __init__(
        self, open_encoder: Callable[[str | None], Encoder], segmenter: Segmenter, config: MatchConfig
    ) -> None:
        """Build the evaluator.

        Args:
            open_encoder: opens an encoder by its setting; ``None`` is the configured one.
            segmenter, config: those that serve users.
        """
        self._open_encoder = open_encoder
        self._segmenter = segmenter
        self._config = config

    def evaluate(
        self, dataset: Dataset, retriever: Retriever, *, encoder_spec: str | None, on_progress: Progress
    ) -> Measurement:
        """Index a dataset, rank for every query, measure.

        Args:
            dataset: what to measure on.
            retriever: which signals rank; ``lexical`` loads no model.
            encoder_spec: another encoder than the configured one.
            on_progress: told how far it is.

        Raises:
            SearchUnavailable: the encoder cannot be used.
        """
        config = retriever.configure(self._config)
        encoder = None if retriever is Retriever.LEXICAL else self._open_encoder(encoder_spec)
        with (
            translated_failures(),
            open_collection(dataset, encoder, self._segmenter, on_progress=on_progress) as collection,
        ):
            run = collection.run(config, on_progress=on_progress)
        measured = report(
            dataset,
            run,
            retriever=retriever,
            encoder_id=_NO_ENCODER if encoder is None else encoder.encoder_id,
            segmenter_id=self._segmenter.id,
            config=config,
        )
        return Measurement(measured, run)

    def sweep(
        self,
        datasets: Sequence[Dataset],
        parameters: Sequence[str],
        *,
        encoder_spec: str | None,
        on_progress: Progress,
        on_point: Callable[[Point], None],
    ) -> SweepResult:
        """Vary the configuration's numbers one at a time.

        Args:
            datasets: what to measure on.
            parameters: keys of :data:`recommender.evaluation.tuning.SWEEPS`.
            encoder_spec: another encoder than the configured one.
            on_progress: told how far indexing is.
            on_point: told every measured point.

        Raises:
            SearchUnavailable: the encoder cannot be used.
        """
        encoder = self._open_encoder(encoder_spec)
        with translated_failures(), ExitStack() as stack:
            collections = [
                stack.enter_context(open_collection(dataset, encoder, self._segmenter, on_progress=on_progress))
                for dataset in datasets
            ]
            points = [
                point
                for parameter in parameters
                for point in sweep(collections, self._config, parameter, SWEEPS[parameter], on_point=on_point)
            ]
        return SweepResult(encoder.encoder_id, self._segmenter.id, asdict(self._config), tuple(points))
