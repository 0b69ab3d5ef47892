"""Certificates of erasure."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import page
from api.console.visit import Visit
from recommender.domain.accounts import Permission
from recommender.domain.personal import ErasureState
from recommender.services.personal.certificates import certificate_text

router = APIRouter()


@router.get("/settings/erasures")
def erasures(visit: Annotated[Visit, page(Permission.PERSONS_MANAGE)]) -> Response:
    """The last certificates."""
    return visit.render(
        "settings/erasures.html",
        certificates=visit.served.erasures.certificates(visit.actor),
        State=ErasureState,
    )


@router.get("/settings/erasures/{certificate_id}/certificate.txt")
def erasure_text(visit: Annotated[Visit, page(Permission.PERSONS_MANAGE)], certificate_id: str) -> Response:
    """A certificate as a file."""
    certificate = visit.served.erasures.certificate(visit.actor, certificate_id)
    headers = {"Content-Disposition": f"attachment; filename={certificate.id}.txt"}
    return Response(certificate_text(certificate), media_type="text/plain; charset=utf-8", headers=headers)
