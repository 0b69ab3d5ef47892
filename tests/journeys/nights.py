"""Nights on the sample library, told in one line each."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from recommender.bootstrap import Application
from recommender.domain.entities import Entity
from recommender.domain.runs import MatchRun, Suggestion
from recommender.nightly.sources import Scope
from recommender.services.nightly.options import NightOptions, NightProgress, silent
from recommender.settings import Settings

TODAY: Final = date(2026, 11, 28)
NOW: Final = datetime(2026, 11, 28, 1, tzinfo=UTC)
SHARD_SIZE: Final = 16
"""Small enough for the samples to make a dozen shards."""

Libraries = Callable[..., Application]
"""Gives a private copy of the sample library, indexed, with any settings."""


def run(
    application: Application,
    *,
    as_of: date = TODAY,
    resume: bool = False,
    on_progress: NightProgress = silent,
    **options: Any,
) -> MatchRun:
    """One night."""
    return application.nightly.run(
        NightOptions(as_of=as_of, **options), actor="test", resume=resume, on_progress=on_progress
    )


def part_of_the_city(*expressions: str) -> Scope:
    """As a user writes it."""
    return Scope.parse(expressions)


def content(application: Application, run_id: str) -> str:
    """Hash of all that a run suggests."""
    with application.database.read() as unit:
        return unit.runs.content_hash(run_id)


def suggestions(application: Application, run_id: str | None = None) -> list[Suggestion]:
    """All that a run suggests; the published one by default."""
    with application.database.read() as unit:
        return unit.runs.suggestions(run_id)


def published(application: Application) -> str | None:
    """The run that readers see."""
    with application.database.read() as unit:
        shown = unit.runs.published()
        return shown.run_id if shown else None


def change(application: Application, entity: Entity, **values: Any) -> None:
    """Store an entity with other values."""
    with application.database.write() as unit:
        unit.of(entity.kind).upsert([replace(entity, **values)])


def copied(template: Path, folder: Path, **settings: Any) -> Application:
    """An application on a copy of a run-time folder that nobody has open."""
    shutil.copytree(template, folder)
    return Application(Settings(var_dir=folder, **({"shard_size": SHARD_SIZE} | settings)))
