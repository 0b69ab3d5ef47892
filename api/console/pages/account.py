"""One's own account: password, sessions, tokens."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.browsers import browser_name
from api.console.messages import accounts as zh
from api.console.tokens import TOKEN_DAYS, scopes_offered, token_order
from api.console.visit import Submission, Visit
from api.security.cookies import SessionCookie
from api.security.upkeep import UPKEEP, Upkeep
from api.v1.dependencies import client_address
from recommender.domain.accounts import Permission
from recommender.domain.errors import InvalidInput, MatchmakerError
from recommender.domain.passwords import MAX_LENGTH, MIN_LENGTH
from recommender.domain.tokens import scopes_named

router = APIRouter()
_PATH: Final = "/console/account"
_TEMPLATE: Final = "account/show.html"

Own = Annotated[Submission, form(Permission.ACCOUNT_OWN)]


@router.get("/account")
def own_account(visit: Annotated[Visit, page(Permission.ACCOUNT_OWN)]) -> Response:
    """The page."""
    return visit.render(_TEMPLATE, **_shown(visit))


@router.post("/account/password")
def change_password(sent: Own) -> Response:
    """Change the password; the session gets another cookie, all others end."""
    fields = sent.fields
    try:
        if fields.secret("new") != fields.secret("repeated"):
            raise InvalidInput("account.password_differs")
        new = sent.served.sign_in.change_password(
            sent.actor, fields.secret("current"), fields.secret("new"), address=client_address(sent.request)
        )
    except MatchmakerError as error:
        return sent.again(_TEMPLATE, error, **_shown(sent))
    cookie = SessionCookie(sent.served.settings)
    setattr(sent.request.state, UPKEEP, Upkeep(set_cookie=cookie.header(new.secret)))
    # What is said next is sealed for the session as it is now.
    return replace(sent, signed_in=new.signed_in).go(_PATH, notice=zh.PASSWORD_CHANGED)


@router.post("/account/sessions/{session_id}/end")
def end_session(sent: Own, session_id: str) -> Response:
    """End one of the other sessions."""
    sent.served.sessions.end(sent.actor, session_id)
    return sent.go(_PATH, notice=zh.SESSION_ENDED)


@router.post("/account/sessions/end-others")
def end_other_sessions(sent: Own) -> Response:
    """End all sessions but this one."""
    n = sent.served.sessions.end_others(sent.actor)
    return sent.go(_PATH, notice=zh.OTHERS_ENDED.format(n=n) if n else zh.NO_OTHERS)


@router.post("/account/tokens")
def create_token(sent: Own) -> Response:
    """Make a token for a program of one's own, shown once."""
    fields = sent.fields
    try:
        new = sent.served.tokens.create(
            sent.actor,
            fields.text("name"),
            scopes_named(fields.texts("scopes")),
            days=fields.whole("days", label=zh.LABELS["days"]) or 0,
        )
    except MatchmakerError as error:
        ticked = {"name": fields.text("name"), "days": fields.text("days"), "scopes": fields.texts("scopes")}
        return sent.again(_TEMPLATE, error, **(_shown(sent) | {"token_typed": ticked}))
    return sent.render(_TEMPLATE, **(_shown(sent) | {"new_token": new}))


@router.post("/account/tokens/{token_id}/revoke")
def revoke_token(sent: Own, token_id: str) -> Response:
    """Take a token out of force."""
    sent.served.tokens.revoke(sent.actor, token_id)
    return sent.go(_PATH, notice=zh.REVOKED)


def _shown(visit: Visit) -> dict[str, Any]:
    served, actor, account = visit.served, visit.actor, visit.signed_in.account
    return {
        "sessions": served.sessions.own(actor),
        "browser_name": browser_name,
        "policy": served.sessions.policy,
        "must_change": account.must_change_password,
        "minimum": MIN_LENGTH,
        "maximum": MAX_LENGTH,
        **token_order(served.tokens.of(actor)),
        "offered": scopes_offered(account),
        "max_days": served.settings.max_token_days,
        "token_typed": {"name": "", "days": str(TOKEN_DAYS), "scopes": ()},
        "new_token": None,
    }
