"""Certificates of erasure."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.filters import path_id
from api.console.messages import settings as zh
from api.console.visit import Submission, Visit
from recommender.domain.accounts import Permission
from recommender.domain.personal import Certificate, ErasureState
from recommender.services.personal.certificates import certificate_document, certificate_text

router = APIRouter()


@router.get("/settings/erasures")
def erasures(visit: Annotated[Visit, page(Permission.PERSONS_MANAGE)]) -> Response:
    """The last certificates."""
    return visit.render(
        "settings/erasures.html",
        certificates=visit.served.erasures.certificates(visit.actor),
        State=ErasureState,
    )


@router.get("/settings/erasures/{certificate_id}")
def erasure(visit: Annotated[Visit, page(Permission.PERSONS_MANAGE)], certificate_id: str) -> Response:
    """One certificate, to be printed."""
    certificate = visit.served.erasures.certificate(visit.actor, certificate_id)
    return visit.render(
        "settings/erasure.html",
        certificate=certificate,
        sha256=certificate_document(certificate)["sha256"],
        State=ErasureState,
    )


@router.get("/settings/erasures/{certificate_id}/certificate.txt")
def erasure_text(visit: Annotated[Visit, page(Permission.PERSONS_MANAGE)], certificate_id: str) -> Response:
    """The same as a file."""
    certificate = visit.served.erasures.certificate(visit.actor, certificate_id)
    headers = {"Content-Disposition": f"attachment; filename={certificate.id}.txt"}
    return Response(certificate_text(certificate), media_type="text/plain; charset=utf-8", headers=headers)


@router.post("/settings/erasures/{certificate_id}/finish")
def finish_erasure(sent: Annotated[Submission, form(Permission.PERSONS_MANAGE)], certificate_id: str) -> Response:
    """Remove what had to wait, as far as that is possible without indexing anew."""
    certificate = sent.served.erasures.finish(sent.actor, certificate_id, rebuild=False)
    return sent.go(f"/console/settings/erasures/{path_id(certificate.id)}", notice=_said(certificate))


def _said(certificate: Certificate) -> str:
    return zh.ERASURE_DONE if certificate.state is ErasureState.DONE else zh.ERASURE_PENDING
