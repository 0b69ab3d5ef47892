"""Use-cases of the index: build from the library, list, verify, roll back."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from recommender.domain.entities import Entity
from recommender.domain.errors import InvalidData
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.personal import Activity, LegalBasis, Processing
from recommender.matching.generations import Generation, GenerationLibrary
from recommender.matching.indexing import BuildProgress, BuildReport, BuildStage, IndexBuilder
from recommender.services.personal.messages import DEFAULT_PURPOSES, INDEXED_CATEGORIES
from recommender.services.recommendable import published_entities
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_RUNS_LOOKED_AT: Final = 1_000
"""More than are ever kept."""


def _silent(stage: BuildStage, done: int, total: int) -> None:
    """Report no progress."""


class IndexService:
    """Builds and manages index generations; every change is in the audit trail."""

    def __init__(
        self,
        database: Database,
        builder: Callable[[], IndexBuilder],
        library: GenerationLibrary,
        *,
        keep: int,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._builder = builder
        self._library = library
        self._keep = keep
        self._now = now

    def build(self, *, actor: str, on_progress: BuildProgress = _silent) -> BuildReport:
        """Index the library as it is now and publish.

        Raises:
            InvalidData: the library is empty.
            SearchUnavailable: see :meth:`recommender.matching.indexing.IndexBuilder.build`.
        """
        with self._database.read() as unit:
            if all(unit.of(kind).count() == 0 for kind in EntityKind):
                raise InvalidData("index.empty_library")
            report = self._builder().build(
                published_entities(unit, _entities(unit)),
                _platform_links(unit),
                keep=self._keep,
                # What was suggested from a generation can be explained as long as the run is kept.
                pinned={run.snapshot_id for run in unit.runs.newest(_RUNS_LOOKED_AT)},
                on_progress=on_progress,
            )
        generation, counts = report.manifest.generation, dict(report.manifest.counts)
        self._record(actor, "index:snapshot:publish", generation, dict(counts))
        with self._database.write() as unit:
            unit.processing.add(self._processing(actor, generation, counts.get(EntityKind.EXPERT.value, 0)))
        return report

    def generations(self) -> list[Generation]:
        """All finished generations, oldest first."""
        return self._library.generations()

    def verify(self, generation: str | None) -> Generation:
        """Check a generation (the current one by default) file by file.

        Raises:
            SearchUnavailable: what is wrong with it.
        """
        return self._library.verify(generation)

    def use(self, generation: str, *, actor: str) -> Generation:
        """Serve another, verified generation.

        Raises:
            SearchUnavailable: it is unknown or not sound.
        """
        chosen = self._library.use(generation)
        self._record(actor, "index:snapshot:use", generation, {})
        return chosen

    def _processing(self, actor: str, generation: str, n_experts: int) -> Processing:
        return Processing(
            at=self._now(),
            actor=actor,
            activity=Activity.INDEX,
            purpose=DEFAULT_PURPOSES[Activity.INDEX],
            basis=LegalBasis.PUBLIC_DATA,
            categories=INDEXED_CATEGORIES,
            n_persons=n_experts,
            detail={"generation": generation},
        )

    def _record(self, actor: str, action: str, target: str, detail: dict[str, object]) -> None:
        entry = AuditEntry(at=self._now(), actor=actor, action=action, target=target, detail=detail)
        with self._database.write() as unit:
            unit.audit.append(entry)


def _entities(unit: UnitOfWork) -> Iterator[Entity]:
    for kind in EntityKind:
        yield from unit.of(kind).iterate()


def _platform_links(unit: UnitOfWork) -> dict[str, tuple[str, ...]]:
    links: defaultdict[str, list[str]] = defaultdict(list)
    for link in unit.achievement_platforms.iterate():
        links[link.achievement_id].append(link.platform_id)
    return {achievement_id: tuple(platforms) for achievement_id, platforms in links.items()}
