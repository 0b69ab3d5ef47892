"""How evenly runs suggest experts."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from recommender.domain.cockpit import ExposureLine
from recommender.domain.kinds import EntityKind
from recommender.domain.runs import MatchRun, RunState
from recommender.nightly.allocation.exposure import gini
from recommender.store.unit_of_work import UnitOfWork

_ENDED: Final = (RunState.DONE, RunState.PARTIAL)
_LOOKED_AT: Final = 100
_COUNTED_HERE: Final = 5_000
"""Sources of a run that is counted here; a larger one is a night, which reports."""


def exposure_of(unit: UnitOfWork, n: int) -> tuple[ExposureLine, ...]:
    """The last ``n`` whole runs of the city, first to last.

    A night reports the figures as it shares experts out. Of a run without a report they are counted here, but for
    congestion: what limits held is not known any more.
    """
    published = unit.runs.published()
    shown = published.run_id if published else None
    runs = [run for run in unit.runs.newest(_LOOKED_AT) if run.state in _ENDED and not run.scope][:n]
    return tuple(_line(unit, run, is_published=run.id == shown) for run in reversed(runs))


def _line(unit: UnitOfWork, run: MatchRun, *, is_published: bool) -> ExposureLine:
    told = _reported(run)
    at = run.finished_at or run.started_at
    if told is not None:
        return ExposureLine(
            run_id=run.id,
            at=at,
            is_published=is_published,
            gini=told["gini"],
            coverage=told["coverage"],
            congestion=told["congestion"],
            most=told["most"],
        )
    counts = unit.coverage.lists_per_expert(run.id) if run.n_sources <= _COUNTED_HERE else []
    n_experts = max(unit.experts.count(), len(counts))
    if not counts:
        return ExposureLine(run_id=run.id, at=at, is_published=is_published)
    spread = np.zeros(n_experts, dtype=np.int64)
    spread[-len(counts) :] = counts
    return ExposureLine(
        run_id=run.id,
        at=at,
        is_published=is_published,
        gini=gini(spread),
        coverage=len(counts) / n_experts,
        most=counts[-1],
    )


def _reported(run: MatchRun) -> Mapping[str, Any] | None:
    """What the report says of experts after sharing out, ``None`` where it says nothing."""
    exposure = run.report.get("exposure")
    of_experts = exposure.get(EntityKind.EXPERT.value) if isinstance(exposure, dict) else None
    found = of_experts.get("after") if isinstance(of_experts, dict) else None
    return found if isinstance(found, dict) else None
