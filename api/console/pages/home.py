"""The first page: what waits for the reader."""

from typing import Annotated, Any

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import page
from api.console.messages import home as zh
from api.console.messages import matches
from api.console.messages.cases import GROUPS, RECALLED, SITUATIONS
from api.console.messages.needs import NEXT_FOR_OWNER
from api.console.visit import Visit
from recommender.bootstrap import now
from recommender.domain.accounts import Actor, Permission, Role
from recommender.domain.case_groups import CaseGroup
from recommender.domain.figures import Stage
from recommender.domain.runs import RunState
from recommender.domain.workflow import OPEN_NEED_STATES, NeedState
from recommender.services.review.waiting import MOST_COUNTED, Waiting

router = APIRouter()


@router.get("/")
def home(visit: Annotated[Visit, page()]) -> Response:
    """The first page of a role."""
    if visit.actor.role is Role.ENTERPRISE:
        return visit.render("home/enterprise.html", **_enterprises(visit))
    return visit.render("home/officer.html", **_officers(visit))


def _enterprises(visit: Visit) -> dict[str, Any]:
    return {
        "home": visit.served.enterprise_home.of(visit.actor),
        "open_states": OPEN_NEED_STATES,
        "next_for_owner": NEXT_FOR_OWNER,
        "situations": SITUATIONS,
        "recalled": RECALLED,
        "progress_next": matches.PROGRESS_NEXT,
        "progress_tones": matches.PROGRESS_TONES,
        "case_tones": matches.CASE_TONES,
    }


def _officers(visit: Visit) -> dict[str, Any]:
    waiting = visit.served.waiting.of(visit.actor)
    lines = [_line(*each) for each in (*_objections(visit), *_waiting(waiting, visit.actor))]
    return {
        "waiting": waiting,
        "urgent": [line for line in lines if line["n"]],
        "done": [line for line in lines if not line["n"]],
        "reach": _reach(visit.actor),
        "groups": [(group, GROUPS[group], waiting.groups[group]) for group in CaseGroup],
        "stages": [
            (zh.STAGES[stage], waiting.figures.counts.get(stage, 0)) for stage in Stage if stage in zh.STAGES
        ],
        "today": now().astimezone().date(),
        "night": _night(waiting),
        "may_manage_runs": visit.actor.may(Permission.RUNS_MANAGE),
    }


Counted = tuple[int, str, str, str]
"""A number, what it is, where it is done, and how urgent."""


def _objections(visit: Visit) -> tuple[Counted, ...]:
    """Objections that wait for an answer, for whoever gives it."""
    if not visit.actor.may(Permission.PERSONS_MANAGE):
        return ()
    n_open, n_overdue = visit.served.objections.n_waiting(visit.actor)
    path = "/console/objections"
    return ((n_overdue, "objections_overdue", path, "bad"), (n_open - n_overdue, "objections", path, "accent"))


def _waiting(waiting: Waiting, actor: Actor) -> tuple[Counted, ...]:
    """What can be done about needs and matches, most urgent first."""
    mine = f"&officer={actor.id}"
    needs, needs_in = waiting.needs, "/console/needs?state="
    return (
        (waiting.n_mine_overdue, "mine_overdue", f"/console/cases?as=table&view=overdue{mine}", "bad"),
        (waiting.n_mine_due, "mine_due", f"/console/cases?as=table&view=due{mine}", "warn"),
        (needs.get(NeedState.SUBMITTED, 0), "submitted", f"{needs_in}{NeedState.SUBMITTED.value}", "accent"),
        (needs.get(NeedState.DIAGNOSIS, 0), "diagnosis", f"{needs_in}{NeedState.DIAGNOSIS.value}", "accent"),
        (waiting.n_returned, "returned", "/console/cases?as=table&view=returned", "accent"),
        (waiting.n_wished, "wished", "/console/review?view=wished", "accent"),
        (waiting.n_high_score, "high_score", "/console/review?view=high_score", "accent"),
        (waiting.n_unreviewed, "unreviewed", "/console/review?view=unreviewed", ""),
        (
            waiting.n_overdue - waiting.n_mine_overdue,
            "others_overdue",
            "/console/cases?as=table&view=overdue",
            "",
        ),
    )


def _line(n: int, key: str, href: str, tone: str) -> dict[str, Any]:
    """One thing to do as the page shows it."""
    return {
        "n": max(n, 0),
        "is_capped": n >= MOST_COUNTED,
        "title": zh.LINES[key].title,
        "hint": zh.LINES[key].hint,
        "href": href,
        "tone": tone,
    }


def _reach(actor: Actor) -> str:
    """How far the reader sees, in words."""
    if actor.reach.whole_city:
        return zh.WHOLE_CITY
    return "、".join((*sorted(actor.reach.towns), *sorted(actor.reach.chains))) or zh.NO_REACH


def _night(waiting: Waiting) -> str:
    """A sentence on the last night where something about it wants attention, otherwise ``""``."""
    last, published = waiting.last_run, waiting.published
    if last is None:
        return zh.NO_NIGHT
    if last.state is RunState.RUNNING:
        return zh.NIGHT_RUNNING
    if last.state is RunState.DONE and (last.scope or (published and published.run_id == last.id)):
        hours = (now() - last.started_at).total_seconds() / 3600
        return zh.NIGHT_OLD.format(days=int(hours // 24)) if hours >= zh.NIGHT_OLD_HOURS else ""
    return zh.NIGHT_NOT_PUBLISHED.format(state=last.state.value)
