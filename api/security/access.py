"""Who asks, and whether they may: every operation names the one permission that it needs, or that it needs none.

An operation that declares nothing fails a test; nothing is open because somebody forgot.
"""

from typing import Any, Final

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant

from api.idempotency import begin
from api.security.credentials import signed_in_of
from api.traffic.arrivals import arrived
from recommender.domain.accounts import Actor, Permission
from recommender.domain.errors import Forbidden
from recommender.services.accounts.signed_in import SignedIn

PERMISSION_ATTRIBUTE: Final = "required_permission"
PUBLIC: Final = "public"
"""Declared by what anybody may ask."""


def allowed(permission: Permission) -> Any:
    """A dependency that gives the :class:`Actor` behind a request, if they hold a permission.

    Use as ``actor: Annotated[Actor, allowed(Permission.NEEDS_READ)]``.

    Raises (in the request):
        NotSignedIn: 401, nobody is known to ask.
        Forbidden: 403, they lack the permission, or a page of another site asks through their browser.
    """

    def acting(request: Request) -> Actor:
        return permitted(request, permission).actor

    setattr(acting, PERMISSION_ATTRIBUTE, permission)
    return Depends(acting)


def signed_in(permission: Permission | None = None) -> Any:
    """As :func:`allowed`, with the account and the session too; ``None`` admits every account.

    Use as ``signed_in: Annotated[SignedIn, signed_in(Permission.ACCOUNT_OWN)]``.
    """

    def known(request: Request) -> SignedIn:
        return permitted(request, permission)

    setattr(known, PERMISSION_ATTRIBUTE, permission or ANY_ACCOUNT)
    return Depends(known)


ANY_ACCOUNT: Final = "signed-in"
"""Declared by what every account may ask, whatever else it may do."""


def open_to_all() -> Any:
    """Declares an operation that needs no account: ``dependencies=[open_to_all()]``."""

    async def everybody() -> None:
        return None

    setattr(everybody, PERMISSION_ATTRIBUTE, PUBLIC)
    return Depends(everybody)


def declared(dependant: Dependant) -> set[str]:
    """What an operation and its dependencies declare: permissions, :data:`PUBLIC`, :data:`ANY_ACCOUNT`."""
    found = {str(value)} if (value := getattr(dependant.call, PERMISSION_ATTRIBUTE, None)) else set()
    return found.union(*(declared(inner) for inner in dependant.dependencies))


def permitted(request: Request, permission: Permission | None) -> SignedIn:
    """Who asks, if they hold a permission; ``None`` asks only that they are known.

    Raises:
        NotSignedIn, Forbidden: as of :func:`allowed`.
    """
    found = signed_in_of(request)
    arrived(request, found.actor)
    if permission is None:
        begin(request, found.actor)
        return found
    if found.account.must_change_password and permission is not Permission.ACCOUNT_OWN:
        raise Forbidden("account.change_password_first")
    found.actor.require(permission)
    begin(request, found.actor)
    return found
