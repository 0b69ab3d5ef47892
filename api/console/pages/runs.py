"""Runs: how each goes, what it changed, what it suggests, and which one readers see."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.messages import runs as zh
from api.console.notices import Undo
from api.console.visit import Submission, Visit
from recommender.bootstrap import now
from recommender.domain.accounts import Permission
from recommender.domain.errors import MatchmakerError
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.domain.paging import PageRequest
from recommender.domain.run_lists import RunLineFilter
from recommender.domain.runs import MatchRun, RunState, ShardStage
from recommender.nightly.digest import Change
from recommender.nightly.sources import SOURCE_KINDS
from recommender.services.nightly.options import NightStage
from recommender.services.nightly.watching import RunStory

router = APIRouter()

LIST: Final = "/console/runs"
_PAGE_ROWS: Final = 30
_LINES: Final = 60
_ENTERPRISES: Final = 50


@router.get("/runs")
def list_runs(visit: Annotated[Visit, page(Permission.RUNS_READ)], cursor: str = "") -> Response:
    """Runs, newest first, and how what readers see has changed."""
    watch, actor = visit.served.run_watch, visit.actor
    found = watch.page(actor, PageRequest(limit=_PAGE_ROWS, cursor=cursor))
    history, names = watch.history(actor)
    return visit.render(
        "runs/list.html",
        found=found,
        history=history,
        names=names,
        may_manage=actor.may(Permission.RUNS_MANAGE),
        is_running=any(line.run.state is RunState.RUNNING and not line.is_interrupted for line in found.items),
        **_words(),
    )


@router.get("/runs/rollback")
def ask_to_roll_back(visit: Annotated[Visit, page(Permission.RUNS_MANAGE)]) -> Response:
    """What going back would change."""
    return visit.render("runs/rollback.html", **_way_back(visit))


@router.post("/runs/rollback")
def roll_back(sent: Annotated[Submission, form(Permission.RUNS_MANAGE)]) -> Response:
    """Let readers see again what they saw before."""
    replaced = sent.fields.text("replacing")
    try:
        published = sent.served.runs.roll_back(actor=sent.actor, replacing=replaced)
    except MatchmakerError as error:
        return sent.again("runs/rollback.html", error, **_way_back(sent))
    undo = Undo(
        label=zh.UNDO_ROLL_BACK, action=f"{LIST}/{replaced}/publish", fields={"replacing": published.run_id}
    )
    return sent.go(LIST, notice=zh.ROLLED_BACK.format(run=published.run_id), undo=undo)


@router.get("/runs/{run_id}")
def show_run(run_id: str, visit: Annotated[Visit, page(Permission.RUNS_READ)], tab: str = "") -> Response:
    """One run."""
    story = visit.served.run_watch.one(visit.actor, run_id)
    tab = tab if tab in _TABS else "overview"
    template, more = _TABS[tab]
    return visit.render(
        template,
        story=story,
        run=story.run,
        tab=tab,
        tab_names=zh.TABS,
        may_manage=visit.actor.may(Permission.RUNS_MANAGE),
        may_publish=_may_publish(visit, story),
        is_running=story.run.state is RunState.RUNNING and not story.line.is_interrupted,
        **_words(),
        **more(visit, story),
    )


@router.get("/runs/{run_id}/publish")
def ask_to_publish(run_id: str, visit: Annotated[Visit, page(Permission.RUNS_MANAGE)]) -> Response:
    """What publishing a run would change."""
    return visit.render("runs/publish.html", **_publication(visit, run_id))


@router.post("/runs/{run_id}/publish")
def publish(run_id: str, sent: Annotated[Submission, form(Permission.RUNS_MANAGE)]) -> Response:
    """Let readers see a run."""
    try:
        published = sent.served.runs.publish(run_id, actor=sent.actor, replacing=sent.fields.text("replacing"))
    except MatchmakerError as error:
        return sent.again("runs/publish.html", error, **_publication(sent, run_id))
    undo = None
    if published.previous_run_id is not None:
        undo = Undo(label=zh.UNDO_PUBLISH, action=f"{LIST}/rollback", fields={"replacing": published.run_id})
    return sent.go(f"{LIST}/{run_id}", notice=zh.PUBLISHED.format(run=run_id), undo=undo)


def _way_back(visit: Visit) -> dict[str, Any]:
    """The present run, the one below, and how they differ; ``None`` where there is no way back."""
    found = visit.served.run_watch.below(visit.actor)
    shown: dict[str, Any] = {"present": None, "below": None, "comparison": None, **_words()}
    if found is None:
        return shown
    present, below = found
    compare = visit.served.run_comparison.compare
    changes = compare(visit.actor, present.id, below.id, at_most=_ENTERPRISES)
    return shown | {"present": present, "below": below, "comparison": changes}


def _publication(visit: Visit, run_id: str) -> dict[str, Any]:
    """A run that may be published, what is published now, and how they differ."""
    story = visit.served.run_watch.one(visit.actor, run_id)
    present = visit.served.run_watch.published(visit.actor)
    comparison = None
    if present is not None and present.id != run_id:
        compare = visit.served.run_comparison.compare
        comparison = compare(visit.actor, present.id, run_id, at_most=_ENTERPRISES)
    return {
        "story": story,
        "run": story.run,
        "present": present,
        "comparison": comparison,
        "may_publish": _may_publish(visit, story),
        **_words(),
    }


def _may_publish(visit: Visit, story: RunStory) -> bool:
    is_whole = story.run.state in (RunState.DONE, RunState.PARTIAL) and not story.run.scope
    return is_whole and not story.line.is_published and visit.actor.may(Permission.RUNS_MANAGE)


def _overview(_visit: Visit, story: RunStory) -> dict[str, Any]:
    report = story.run.report
    return {
        "stages": _stages(story),
        "sources": _mapping(report.get("sources")),
        "counted": [(label, report[name]) for name, label in zh.COUNTED.items() if name in report],
        "why": _mapping(report.get("computed_because")),
        "exposure": _exposure(report),
        "exposure_names": zh.EXPOSURE,
    }


def _changes(visit: Visit, story: RunStory) -> dict[str, Any]:
    asked = visit.request.query_params
    recent = visit.served.run_watch.page(visit.actor, PageRequest(limit=_PAGE_ROWS)).items
    others = [
        line.run for line in recent if line.run.id != story.run.id and line.run.state is not RunState.RUNNING
    ]
    known = {run.id for run in others}
    usual = story.former.id if story.former else next(iter(known), "")
    against = asked["against"] if asked.get("against") in known else usual
    code = asked.get("enterprise", "")
    comparison = changes = None
    if against:
        comparing = visit.served.run_comparison
        comparison = comparing.compare(visit.actor, against, story.run.id, at_most=_ENTERPRISES)
        if code:
            changes = comparing.changes_of(visit.actor, against, story.run.id, code)
    return {
        "others": others,
        "against": against,
        "comparison": comparison,
        "changes": changes,
        "chosen": code,
        "Change": Change,
    }


def _suggestions(visit: Visit, story: RunStory) -> dict[str, Any]:
    asked = visit.request.query_params
    source = _kind(asked.get("source", ""), SOURCE_KINDS) or EntityKind.NEED
    targets = (EntityKind.ENTERPRISE,) if source is EntityKind.ACHIEVEMENT else SUPPLY_KINDS
    target = _kind(asked.get("target", ""), targets)
    wanted = RunLineFilter(source_kind=source, target_kind=target, text=asked.get("q", "").strip())
    request = PageRequest(limit=_LINES, cursor=asked.get("cursor", ""))
    found = visit.served.run_watch.suggestions(visit.actor, story.run.id, wanted, request)
    return {"found": found, "wanted": wanted, "source_kinds": SOURCE_KINDS, "target_kinds": targets}


def _kind(text: str, allowed: tuple[EntityKind, ...]) -> EntityKind | None:
    return EntityKind(text) if text in set(allowed) else None


def _stages(story: RunStory) -> list[dict[str, Any]]:
    """Every stage with how far it is and how long it took, as far as that is known."""
    seconds = _mapping(story.run.report.get("seconds"))
    shards = {NightStage.CANDIDATES: ShardStage.CANDIDATES, NightStage.STORE: ShardStage.STORE}
    found = []
    for stage in NightStage:
        progress = story.progress.get(shards[stage]) if stage in shards else None
        found.append({"stage": stage, "progress": progress, "seconds": seconds.get(stage.name.lower())})
    here = _present(story)
    for place, each in enumerate(found):
        each["standing"] = "done" if place < here else "now" if place == here else "ahead"
    return found


def _present(story: RunStory) -> int:
    """Place of the stage that is under way; beyond the last one once the run has ended."""
    stages = list(NightStage)
    if story.run.state is not RunState.RUNNING:
        return len(stages)
    candidates = story.progress.get(ShardStage.CANDIDATES)
    stored = story.progress.get(ShardStage.STORE)
    if candidates is None or candidates.n_done + candidates.n_quarantined < candidates.n_shards:
        return stages.index(NightStage.CANDIDATES)
    if stored is None or not stored.n_done:
        return stages.index(NightStage.ALLOCATE)
    is_stored = stored.n_done + candidates.n_quarantined >= stored.n_shards
    return stages.index(NightStage.PUBLISH if is_stored else NightStage.STORE)


def _exposure(report: Mapping[str, object]) -> list[dict[str, Any]]:
    """Figures by kind of target, before and after sharing out."""
    exposure = _mapping(report.get("exposure"))
    return [
        {"kind": EntityKind(kind), "before": _mapping(pair.get("before")), "after": _mapping(pair.get("after"))}
        for kind, pair in ((kind, _mapping(value)) for kind, value in exposure.items())
    ]


_TABS: Final[Mapping[str, tuple[str, Callable[[Visit, RunStory], dict[str, Any]]]]] = {
    "overview": ("runs/overview.html", _overview),
    "changes": ("runs/changes.html", _changes),
    "suggestions": ("runs/suggestions.html", _suggestions),
}


def _mapping(value: object) -> Mapping[str, Any]:
    """What a report holds under a name; empty where it is none."""
    return value if isinstance(value, dict) else {}


def _words() -> dict[str, Any]:
    """How times and actors are written."""
    moment = now()
    return {"took": lambda run: _took(run, moment), "who": _who, "State": RunState}


def _took(run: MatchRun, moment: datetime) -> float:
    """Seconds from the start to the end, or until now."""
    return ((run.finished_at or moment) - run.started_at).total_seconds()


def _who(actor: str, names: Mapping[str, str]) -> str:
    """What an actor is called: an account by its name, who is none by where it sits."""
    if actor in names:
        return names[actor]
    place, _, name = actor.partition(":")
    return f"{zh.BY_CLOCK[place]} {name}".strip() if place in zh.BY_CLOCK else actor
