"""Writes decisions as a collection to train and evaluate with, in BEIR layout."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from heapq import merge
from pathlib import Path
from typing import Any, Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.cases import Decision
from recommender.domain.entities import Entity
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.personal import Activity, LegalBasis, Processing
from recommender.evaluation.dataset import write_dataset, write_qrels
from recommender.evaluation.library_dataset import supply_passages
from recommender.feedback.propensity import PositionBias
from recommender.feedback.rows import QUERY_KINDS, FeedbackRow, feedback_rows, judgements
from recommender.feedback.splits import Split
from recommender.services.feedback.collections import (
    MASKED_FOLDER,
    Show,
    appearing,
    queries,
    supply,
    unmasked,
    without_persons,
)
from recommender.services.messages import FEEDBACK_CATEGORIES, FEEDBACK_PURPOSE
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

FEEDBACK_FILE: Final = "feedback.jsonl"
MANIFEST_FILE: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class FeedbackReport:
    """What was exported.

    Attributes:
        n_decisions, n_cases: decisions, and the matches they belong to.
        n_ungraded: matches that say nothing about relevance; they are in ``feedback.jsonl`` only.
        n_judgements: pairs with a grade, by split.
        n_passages, n_queries: of the collection.
        eta, clip: of the position-bias model.
    """

    folder: str
    n_decisions: int
    n_cases: int
    n_ungraded: int
    n_judgements: dict[str, int]
    n_passages: int
    n_queries: int
    eta: float
    clip: float


class FeedbackExportService:
    """Turns what officers and enterprises decided into data."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def export(
        self,
        actor: Actor,
        folder: Path,
        *,
        bias: PositionBias | None = None,
        replacing: bool = False,
        purpose: str = "",
    ) -> FeedbackReport:
        """Write all decisions, and once more without who decided in ``masked/``.

        Persons are masked in both, and of confidential needs there is only what is public, unless a purpose is
        given for which the texts are needed as they are; then only ``masked/`` is without.

        Each of the two holds ``corpus.jsonl``, ``queries.jsonl``, ``qrels/train.tsv``, ``dev.tsv`` and
        ``test.tsv``, and ``feedback.jsonl`` with every decision. The folder appears when it is complete, and
        after the audit trail has it.

        Args:
            actor: who exports.
            folder: new, or empty.
            bias: of the weights; by default that of :class:`PositionBias`.
            replacing: whether a folder of that name may be replaced.
            purpose: for which persons may be seen; it goes to the processing log.

        Raises:
            Forbidden: the actor may not export feedback, or with a purpose may not see persons.
            Conflict: the folder holds something.
        """
        actor.require(Permission.FEEDBACK_EXPORT)
        if purpose:
            actor.require(Permission.REVEAL)
        bias = bias or PositionBias()
        with appearing(folder, replacing=replacing) as unfinished:
            with self._database.read() as unit:
                rows = _in_library(feedback_rows(decisions(unit), bias), unit)
                asked = {(row.source_kind, row.source_id) for row in rows if row.source_kind in QUERY_KINDS}
                n_passages, n_queries, n_persons = _write(
                    unfinished, rows, asked, unit, show=unmasked if purpose else without_persons
                )
                hidden = _without_officers(rows)
                _write(unfinished / MASKED_FOLDER, hidden, asked, unit, show=without_persons)
            report = _report(folder, rows, n_passages, n_queries, bias)
            manifest = json.dumps(asdict(report) | {"at": self._now().isoformat()}, ensure_ascii=False, indent=2)
            for part in (unfinished, unfinished / MASKED_FOLDER):
                (part / MANIFEST_FILE).write_text(manifest + "\n", encoding="utf-8")
            self._record(actor, report, n_persons, purpose or FEEDBACK_PURPOSE)
        return report

    def _record(self, actor: Actor, report: FeedbackReport, n_persons: int, purpose: str) -> None:
        counts = {"n_decisions": report.n_decisions, "n_judgements": report.n_judgements}
        with self._database.write() as unit:
            unit.audit.append(
                AuditEntry(
                    at=self._now(),
                    actor=actor.id,
                    action="feedback:dataset:export",
                    target=Path(report.folder).name,
                    detail=dict(counts),
                )
            )
            unit.processing.add(
                Processing(
                    at=self._now(),
                    actor=actor.id,
                    activity=Activity.EXPORT,
                    purpose=purpose,
                    basis=LegalBasis.STATUTORY,
                    categories=FEEDBACK_CATEGORIES,
                    n_persons=n_persons,
                    detail=dict(counts),
                )
            )


def _write(
    folder: Path,
    rows: Sequence[FeedbackRow],
    asked: Collection[tuple[EntityKind, str]],
    unit: UnitOfWork,
    *,
    show: Show,
) -> tuple[int, int, int]:
    """One of the two collections; how many passages, queries and experts it has."""
    qrels = judgements(rows)
    persons = _Persons(supply(unit, show))
    found = queries(unit, asked, show)
    passages = supply_passages(persons, unit.achievement_platforms.iterate())
    n_passages = write_dataset(folder, found, passages, qrels[Split.TEST])
    for split in Split:
        write_qrels(folder / "qrels" / f"{split}.tsv", qrels[split])
    with (folder / FEEDBACK_FILE).open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(_line(row), ensure_ascii=False) + "\n" for row in rows)
    return n_passages, len(found), persons.n_experts


class _Persons:
    """Entities as they go by, and how many experts are among them."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._entities = entities
        self.n_experts = 0

    def __iter__(self) -> Iterator[Entity]:
        for entity in self._entities:
            self.n_experts += entity.kind is EntityKind.EXPERT
            yield entity


def decisions(unit: UnitOfWork) -> Iterator[Decision]:
    """Steps that people took and what enterprises said before, in the order of time.

    A push that was answered by a wish is no decision beside: the wish is.
    """
    return merge(unit.wishes.decisions(), unit.cases.decisions(), key=lambda decision: decision.step.at)


def _in_library(rows: Sequence[FeedbackRow], unit: UnitOfWork) -> list[FeedbackRow]:
    """Without decisions on experts who have withdrawn or were removed, and on others that are gone."""
    present: dict[EntityKind, set[str]] = {}
    for kind in {row.target_kind for row in rows}:
        stored = unit.of(kind).get_many([row.target_id for row in rows if row.target_kind is kind])
        present[kind] = {
            id for id, entity in stored.items() if getattr(entity, "consent_withdrawn_on", None) is None
        }
    return [row for row in rows if row.target_id in present[row.target_kind]]


def _without_officers(rows: Sequence[FeedbackRow]) -> list[FeedbackRow]:
    names = {
        officer: f"o{n}" for n, officer in enumerate(sorted({row.officer for row in rows if row.officer}), 1)
    }
    return [replace(row, officer=names.get(row.officer, "")) for row in rows]


def _line(row: FeedbackRow) -> dict[str, Any]:
    return asdict(row) | {"at": row.at.isoformat()}


def _report(
    folder: Path, rows: Sequence[FeedbackRow], n_passages: int, n_queries: int, bias: PositionBias
) -> FeedbackReport:
    grades = {row.case_id: row.grade for row in rows}
    counts = Counter({split.value: 0 for split in Split})
    for split, qrels in judgements(rows).items():
        counts[split.value] = sum(map(len, qrels.values()))
    return FeedbackReport(
        folder=str(folder),
        n_decisions=len(rows),
        n_cases=len(grades),
        n_ungraded=sum(grade is None for grade in grades.values()),
        n_judgements=dict(counts),
        n_passages=n_passages,
        n_queries=n_queries,
        eta=bias.eta,
        clip=bias.clip,
    )
