"""What the operations take from a request besides its parameters."""

from email.message import Message
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from recommender.bootstrap import Application

_UNSUPPORTED_MEDIA_TYPE: Final = 415


async def _application(request: Request) -> Application:
    application: Application = request.app.state.application
    return application


async def require_json(request: Request) -> None:
    """Refuse a body that does not say it is JSON.

    Beside being clear, it makes a browser ask before a foreign page may send one.
    """
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    subtype = header.get_content_subtype()
    is_json = subtype == "json" or subtype.endswith("+json")
    if header.get_content_maintype() != "application" or not is_json:
        raise HTTPException(_UNSUPPORTED_MEDIA_TYPE)


def client_address(request: Request) -> str:
    """Where a request comes from; behind a proxy on this machine, what the proxy says."""
    return request.client.host if request.client else ""


Served = Annotated[Application, Depends(_application)]
"""The application; its parts are built inside the operation, which may take its time."""
