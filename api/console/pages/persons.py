"""What people may ask for: their consent written down, their data given to them, and their data erased."""

import json
from typing import Annotated, Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.responses import Response

from api.console.access import form, page
from api.console.attachments import attachment
from api.console.filters import path_id
from api.console.messages import library as zh
from api.console.visit import Submission, Visit
from recommender.domain.accounts import Permission
from recommender.domain.entities import Expert
from recommender.domain.errors import InvalidInput, MatchmakerError, NotFound
from recommender.domain.kinds import EntityKind
from recommender.domain.personal import ConsentDecision, ConsentScope
from recommender.services.personal.certificates import certificate_document
from recommender.services.personal.person_export import person_page

_TEMPLATE: Final = "persons/person.html"

router = APIRouter(prefix="/persons")

_Manager = Annotated[Visit, page(Permission.PERSONS_MANAGE)]


@router.get("/certificates/{id}")
def certificate(visit: _Manager, id: str) -> Response:
    """That somebody's data were erased."""
    found = visit.served.erasures.certificate(visit.actor, id)
    document = certificate_document(found)
    return visit.render("persons/certificate.html", certificate=found, sha256=document["sha256"])


@router.post("/certificates/{id}/finish")
def finish(sent: Annotated[Submission, form(Permission.PERSONS_MANAGE)], id: str) -> Response:
    """Do now what had to wait, and check again."""
    sent.served.erasures.finish(sent.actor, id, rebuild=False)
    return sent.go(f"/console/persons/certificates/{path_id(id)}", notice=zh.FINISHED)


@router.get("/export/{id:path}")
def export(visit: _Manager, id: str, format: str = "html") -> Response:
    """Everything that is kept about a person, to be given to them."""
    document = visit.served.persons.collect(visit.actor, id)
    suffix = "json" if format == "json" else "html"
    headers = attachment(zh.PERSON_FILE.format(id=document["id"], suffix=suffix))
    if format == "json":
        return Response(
            json.dumps(document, ensure_ascii=False, indent=1) + "\n",
            media_type=JSONResponse.media_type,
            headers=headers,
        )
    return HTMLResponse(person_page(document), headers=headers)


@router.post("/consent/{id:path}")
def record_consent(sent: Annotated[Submission, form(Permission.CONSENT_RECORD)], id: str) -> Response:
    """Write down what a person said."""
    fields = sent.fields
    try:
        scope = fields.choice("scope", ConsentScope, label=zh.SCOPE)
        decision = fields.choice("decision", ConsentDecision, label=zh.DECISION)
        if scope is None or decision is None:
            raise InvalidInput("personal.consent_choice")
        sent.served.consents.record(
            sent.actor, id, scope, decision, basis=fields.text("basis"), evidence=fields.text("evidence")
        )
    except NotFound:
        raise
    except MatchmakerError as error:
        return sent.again(_TEMPLATE, error, **_person(sent, id, typed=dict(fields)))
    notice = zh.CONSENT_RECORDED.format(scope=scope.value, decision=decision.value)
    return sent.go(f"/console/persons/{path_id(id)}", notice=notice)


@router.post("/erase/{id:path}")
def erase(sent: Annotated[Submission, form(Permission.PERSONS_MANAGE)], id: str) -> Response:
    """Take a person out, for ever."""
    typed = dict(sent.fields)
    try:
        person = sent.served.consents.of(sent.actor, id).person_id
        if sent.fields.text("confirm") != person:
            raise InvalidInput("personal.erasure_confirm", id=person)
        done = sent.served.erasures.begin(sent.actor, person, sent.fields.text("reason"))
    except NotFound:
        raise
    except MatchmakerError as error:
        return sent.again(_TEMPLATE, error, **_person(sent, id, typed=typed))
    return sent.go(f"/console/persons/certificates/{path_id(done.id)}", notice=zh.ERASED.format(id=done.id))


@router.get("/{id:path}")
def person(visit: Annotated[Visit, page(Permission.CONSENT_RECORD)], id: str) -> Response:
    """One person: what they agreed to, and what can be done for them."""
    return visit.render(_TEMPLATE, **_person(visit, id, typed={}))


def _person(visit: Visit, id: str, *, typed: dict[str, str]) -> dict[str, Any]:
    consent = visit.served.consents.of(visit.actor, id)
    try:
        found = visit.served.library.get(visit.actor, EntityKind.EXPERT, consent.person_id)
    except NotFound:
        # Who withdrew consent is shown to nobody, but may think better of it.
        found = None
    record = found if isinstance(found, Expert) else None
    return {"consent": consent, "record": record, "typed": typed, "scopes": tuple(ConsentScope)}
