"""Addresses at which there is nothing; who is signed in keeps the navigation."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.console.access import page
from api.console.visit import Visit

router = APIRouter()


@router.get("/{rest:path}")
def nowhere(_visit: Annotated[Visit, page()], rest: str) -> Response:  # noqa: ARG001 - part of the address
    """Say that there is no such page."""
    raise HTTPException(HTTPStatus.NOT_FOUND)
