"""Who may open a page or send a form: each names the one permission it asks for, as operations do."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request

from api.console.forms import TOKEN_FIELD, Form
from api.console.visit import Submission, Visit
from api.security.access import ANY_ACCOUNT, PERMISSION_ATTRIBUTE, permitted
from api.security.credentials import TOKEN_IN_FORM
from api.security.origins import CSRF_HEADER
from recommender.domain.accounts import Permission
from recommender.domain.credentials import is_same
from recommender.domain.errors import Forbidden, NotSignedIn
from recommender.services.accounts.signed_in import SignedIn


def page(permission: Permission | None = None) -> Any:
    """A dependency that gives the :class:`Visit` of who may open a page; ``None`` admits every account.

    Use as ``visit: Annotated[Visit, page(Permission.NEEDS_READ)]``.

    Raises (in the request):
        NotSignedIn: nobody is signed in; they are sent to the page for that.
        Forbidden: they lack the permission.
    """

    def visiting(request: Request) -> Visit:
        return Visit(request, request.app.state.application, _by_session(request, permission))

    setattr(visiting, PERMISSION_ATTRIBUTE, permission or ANY_ACCOUNT)
    return Depends(visiting)


def form(permission: Permission | None = None) -> Any:
    """A dependency that gives the :class:`Submission` of who may send a form.

    Use as ``sent: Annotated[Submission, form(Permission.NEEDS_WRITE)]``. Who sends is known before the form is
    read, so that strangers cannot send large ones.

    Raises (in the request):
        NotSignedIn, Forbidden: as of :func:`page`; or the form does not come from a page of this session.
    """

    def sending(request: Request) -> SignedIn:
        setattr(request.state, TOKEN_IN_FORM, True)
        return _by_session(request, permission)

    setattr(sending, PERMISSION_ATTRIBUTE, permission or ANY_ACCOUNT)

    async def submitted(
        request: Request, signed_in: Annotated[SignedIn, Depends(sending)]
    ) -> AsyncIterator[Submission]:
        async with request.form() as data:
            given = request.headers.get(CSRF_HEADER) or data.get(TOKEN_FIELD, "")
            if not isinstance(given, str) or not is_same(given, signed_in.csrf_token):
                raise Forbidden("session.csrf")
            yield Submission(request, request.app.state.application, signed_in, Form(data))

    return Depends(submitted)


def _by_session(request: Request, permission: Permission | None) -> SignedIn:
    found = permitted(request, permission)
    if found.session is None:
        raise NotSignedIn("account.not_signed_in")
    if found.account.must_change_password and permission is not Permission.ACCOUNT_OWN:
        raise Forbidden("account.change_password_first")
    return found
