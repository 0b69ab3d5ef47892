"""Matches on a board and in a table, what came of them in figures, and steps that many take at once."""

from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.attachments import CSV, attachment
from api.console.case_query import CaseQuery, Shape
from api.console.deadlines import Deadline, waited
from api.console.messages import cases as zh
from api.console.notices import Undo
from api.console.visit import Submission, Visit
from recommender.bootstrap import now
from recommender.domain.accounts import Permission, Role
from recommender.domain.case_groups import CaseGroup, StateCount
from recommender.domain.case_lists import CaseLine, CaseSort, CaseView
from recommender.domain.cases import Case
from recommender.domain.errors import BatchConflict, InvalidInput, MatchmakerError
from recommender.domain.figures import STAGE_LABELS, FigureRequest, Figures, Stage
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.workflow import CaseState, ReasonCode
from recommender.review.cases import CASES
from recommender.services.review.case_table import case_csv
from recommender.services.review.cases import Choice
from recommender.services.review.tracking import followed

router = APIRouter()

LIST: Final = "/console/cases"
_PER_COLUMN: Final = 8
_KINDS: Final = (EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT, EntityKind.ENTERPRISE)
_FUNNEL: Final = tuple(stage for stage in Stage if stage is not Stage.OPENED)
"""From what was confirmed on: what is followed here."""
_SINGLE: Final = frozenset({CaseState.SIGNED, CaseState.EVALUATED, CaseState.IN_REVIEW, CaseState.ADJUSTED})
"""Steps that are taken one by one: each asks for something of its own."""


@router.get("/cases")
def list_cases(visit: Annotated[Visit, page(Permission.CASES_READ)]) -> Response:
    """Matches within reach; an enterprise's own."""
    query = CaseQuery.of(visit.actor, visit.request.query_params)
    if visit.actor.role is Role.ENTERPRISE:
        return visit.render("cases/own.html", **_own(visit, query))
    return visit.render("cases/list.html", **_listed(visit, query))


@router.get("/cases/export")
def export_cases(visit: Annotated[Visit, page(Permission.CASES_READ)]) -> Response:
    """The same list as a table for spreadsheets."""
    query = CaseQuery.of(visit.actor, visit.request.query_params)
    lines = visit.served.tracking.export(visit.actor, query.wanted, sort=query.request.sort)
    name = f"{zh.EXPORT_NAME}-{now().astimezone():%Y%m%d-%H%M}.csv"
    return Response(case_csv(lines), media_type=CSV, headers=attachment(name))


@router.post("/cases/decisions")
def decide_cases(sent: Annotated[Submission, form(Permission.CASES_REVIEW)]) -> Response:
    """One step for several matches, all of them or none."""
    back = sent.fields.text("back")
    try:
        choice = _choice(sent)
        items = [_item(text) for text in sent.fields.texts("item")]
        batch_id, cases = sent.served.cases.decide_many(sent.actor, items, choice)
    except MatchmakerError as error:
        query = CaseQuery.of(sent.actor, dict(parse_qsl(back)))
        faults = error.faults if isinstance(error, BatchConflict) else ()
        shown = _listed(sent, query) | {"faults": faults, "typed": dict(sent.fields)}
        ticked = frozenset(sent.fields.texts("item"))
        return sent.again("cases/list.html", error, **shown | {"ticked": ticked})
    notice = zh.MOVED_MANY.format(n=len(cases), state=choice.to.value)
    undo = Undo(action=f"{LIST}/batches/{batch_id}/undo", fields={"back": back})
    return sent.go(f"{LIST}?{back}" if back else LIST, notice=notice, undo=undo)


@router.post("/cases/batches/{batch_id}/undo")
def undo_batch(batch_id: str, sent: Annotated[Submission, form(Permission.CASES_REVIEW)]) -> Response:
    """Take back what was decided on together."""
    cases = sent.served.undo.undo_batch(sent.actor, batch_id)
    back = sent.fields.text("back")
    return sent.go(f"{LIST}?{back}" if back else LIST, notice=zh.TAKEN_BACK_MANY.format(n=len(cases)))


def _listed(visit: Visit, query: CaseQuery) -> dict[str, Any]:
    """What the page of an officer shows."""
    tracking, actor = visit.served.tracking, visit.actor
    board = found = None
    if query.shape is Shape.BOARD:
        board = tracking.board(actor, query.wanted, per_column=_PER_COLUMN)
    else:
        found = visit.served.queue.page(actor, followed(query.wanted), query.request)
    lines = found.items if found else ()
    return _frame(visit, query) | {
        "board": board,
        "found": found,
        "officers": tracking.officers(actor),
        "offered": _offered(visit, lines),
        "funnel": _funnel(visit, query),
        "faults": (),
        "typed": {},
        "ticked": frozenset(),
    }


def _own(visit: Visit, query: CaseQuery) -> dict[str, Any]:
    """What the page of an enterprise shows: its own matches in plain words."""
    found = visit.served.queue.page(visit.actor, query.wanted, query.request)
    counts = visit.served.tracking.counts(visit.actor, query.viewed(CaseView.ALL))
    waiting = counts.get(CaseState.PUSHED, StateCount()).n
    moment = now()
    return _frame(visit, query) | {
        "found": found,
        "n_waiting": waiting,
        "situation": situation_of,
        "deadline": lambda case: Deadline.of(case.due_at, moment, is_ours=waits_for_enterprise(case)),
    }


def _frame(visit: Visit, query: CaseQuery) -> dict[str, Any]:
    """What both pages show: the question, the tabs with counts, and how to write of time."""
    views = [view for view in zh.VIEWS if view is not CaseView.MINE or visit.actor.role is not Role.ENTERPRISE]
    counts = visit.served.tracking.views(visit.actor, query.wanted)
    moment = now()
    return {
        "question": query,
        "asked": query.asked,
        "path": LIST,
        "tabs": [(view, zh.VIEWS[view], counts[view]) for view in views],
        "groups": zh.GROUPS,
        "kinds": _KINDS,
        "states": [state for state in CaseState if state in followed(query.wanted).states or not query.group],
        "sorts": CaseSort,
        "Group": CaseGroup,
        "deadline": lambda case: Deadline.of(case.due_at, moment),
        "waited": lambda case: waited(case, moment),
    }


def _offered(visit: Visit, lines: tuple[CaseLine, ...]) -> dict[str, Any]:
    """Steps that some of the matches shown can take together, and the reasons that negative ones need."""
    possible = {
        step.target: step.negative for line in lines for step in visit.served.cases.steps(visit.actor, line.case)
    }
    usual = [state for state in CaseState if state in possible and state not in _SINGLE]
    return {
        "steps": [(state, zh.STEPS[state], possible[state]) for state in usual],
        "reasons": tuple(ReasonCode),
    }


def _funnel(visit: Visit, query: CaseQuery) -> list[dict[str, Any]]:
    """How many matches came how far, by what figures can be narrowed down to; empty where nothing was pushed."""
    wanted = query.wanted
    request = FigureRequest(town=wanted.town, industry_chain=wanted.industry_chain, officer=wanted.officer)
    found = visit.served.figures.read(visit.actor, request)
    return _funnel_steps(found[0]) if found else []


def _funnel_steps(figures: Figures) -> list[dict[str, Any]]:
    counts = [figures.counts.get(stage, 0) for stage in _FUNNEL]
    first = counts[0]
    return [
        {
            "label": STAGE_LABELS[stage],
            "n": n,
            "share": n / first if first else 0.0,
            "from_before": n / before if before else None,
        }
        for stage, n, before in zip(_FUNNEL, counts, [0, *counts], strict=False)
    ]


def _choice(sent: Submission) -> Choice:
    to = sent.fields.choice("to", CaseState, label=zh.FIELDS["to"])
    if to is None:
        raise InvalidInput("review.step_missing")
    step_takes_reason = any(step.target is to and step.negative for step in CASES.steps)
    reason = sent.fields.choice("reason", ReasonCode, label=zh.FIELDS["reason"]) if step_takes_reason else None
    return Choice(to=to, reason=reason, note=sent.fields.text("note"))


def _item(text: str) -> tuple[str, int]:
    """Id and version of a ticked match."""
    version, _, id = text.partition(":")
    if not (version.isascii() and version.isdigit()) or not id:
        raise InvalidInput("form.version")
    return id, int(version)


def waits_for_enterprise(case: Case) -> bool:
    """Whether it is the enterprise that is to act."""
    return zh.SITUATIONS.get(case.state, zh.RECALLED).who == zh.ENTERPRISE


def situation_of(line: CaseLine) -> zh.Situation:
    """What an enterprise is told of where a match stands."""
    found = zh.SITUATIONS.get(line.case.state, zh.RECALLED)
    return found._replace(happened=found.happened.format(kind=KIND_LABELS[line.case.pair.target_kind]))
