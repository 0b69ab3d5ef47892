"""The guide, and the form by which whoever is signed in objects."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.console.access import form, page
from api.console.messages import settings as zh
from api.console.templating import whole
from api.console.visit import Submission, Visit, frame_of
from api.security.access import open_to_all
from api.security.credentials import known
from api.v1.dependencies import Served
from recommender.domain.accounts import Permission
from recommender.domain.errors import InvalidInput, MatchmakerError
from recommender.domain.kinds import KIND_LABELS, SUPPLY_KINDS
from recommender.domain.objections import (
    MAX_ABOUT_CHARS,
    MAX_OBJECTION_CHARS,
    MIN_OBJECTION_CHARS,
    ObjectionDraft,
    ObjectionSubject,
)
from recommender.domain.paging import PageRequest

router = APIRouter()
_FORM: Final = "help/objection.html"
_FORM_PATH: Final = "/console/help/objection"
_NEWEST_FIRST: Final = "-number"


@router.get("/help")
def guide(visit: Annotated[Visit, page()]) -> Response:
    """Where to begin."""
    return _told(visit, "help/start.html")


@router.get("/help/matching")
def matching(visit: Annotated[Visit, page()]) -> Response:
    """What is compared, and what a score is made of."""
    return _told(visit, "help/matching.html", kinds=[(kind, KIND_LABELS[kind]) for kind in SUPPLY_KINDS])


@router.get("/help/steps")
def steps(visit: Annotated[Visit, page()]) -> Response:
    """What happens with needs and matches, from the tables of steps."""
    return _told(visit, "help/steps.html", undo_minutes=visit.served.settings.undo_minutes)


@router.get("/help/rights")
def rights(visit: Annotated[Visit, page()]) -> Response:
    """Who sees what, and how one objects, refuses, asks for one's data."""
    return _told(visit, "help/rights.html", reveal_minutes=visit.served.settings.reveal_minutes)


@router.get("/help/terms")
def terms(visit: Annotated[Visit, page()]) -> Response:
    """Words and keys."""
    return _told(visit, "help/terms.html")


@router.get("/help/persons", dependencies=[open_to_all()])
def persons(request: Request, served: Served) -> Response:
    """For people who are named in the data and have no account."""
    context = frame_of(request, known(request)) | {
        "contact": served.settings.operator_contact,
        "days": served.settings.objection_days,
    }
    return HTMLResponse(whole("help/persons.html", context))


@router.get("/help/objection")
def objection_form(
    visit: Annotated[Visit, page(Permission.ACCOUNT_OWN)], about: str = "", subject: str = "", cursor: str = ""
) -> Response:
    """The form, and what became of one's own objections."""
    return visit.render(_FORM, **_form(visit, {"about": about, "subject": subject}, cursor))


@router.post("/help/objection")
def send_objection(sent: Annotated[Submission, form(Permission.ACCOUNT_OWN)]) -> Response:
    """Object."""
    fields = sent.fields
    try:
        subject = fields.choice("subject", ObjectionSubject, label=zh.LABELS["subject"])
        if subject is None:
            raise InvalidInput(
                "form.choice", label=zh.LABELS["subject"], text="", known="、".join(ObjectionSubject)
            )
        draft = ObjectionDraft(subject=subject, about=fields.text("about"), text=fields.text("text"))
        objection = sent.served.objections.raise_objection(sent.actor, draft)
    except MatchmakerError as error:
        return sent.again(_FORM, error, **_form(sent, dict(fields)))
    said = zh.OBJECTION_RAISED.format(id=objection.id, due=f"{objection.due_on:%Y-%m-%d}")
    return sent.go(_FORM_PATH, notice=said)


@router.post("/help/objection/{objection_id}/withdraw")
def withdraw_objection(sent: Annotated[Submission, form(Permission.ACCOUNT_OWN)], objection_id: str) -> Response:
    """Take it back."""
    objection = sent.served.objections.withdraw(sent.actor, objection_id)
    return sent.go(_FORM_PATH, notice=zh.OBJECTION_WITHDRAWN.format(id=objection.id))


def _told(visit: Visit, template: str, **more: Any) -> Response:
    """A page of the guide, with what holds now."""
    settings = visit.served.settings
    return visit.render(
        template,
        guide=visit.served.guide.guide(),
        contact=settings.operator_contact,
        days=settings.objection_days,
        **more,
    )


def _form(visit: Visit, typed: dict[str, str], cursor: str = "") -> dict[str, Any]:
    request = PageRequest(limit=20, cursor=cursor, sort=_NEWEST_FIRST)
    return {
        "typed": typed,
        "own": visit.served.objections.own(visit.actor, request),
        "today": visit.served.objections.today(),
        "subjects": tuple(ObjectionSubject),
        "days": visit.served.objections.days,
        "minimum": MIN_OBJECTION_CHARS,
        "maximum": MAX_OBJECTION_CHARS,
        "max_about": MAX_ABOUT_CHARS,
    }
