"""One account: what it is, what it may, and what an administrator does with it."""

from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.filters import path_id
from api.console.messages import accounts as zh
from api.console.notices import Undo
from api.console.pages.accounts.creating import reach_choices, reach_of
from api.console.tokens import TOKEN_DAYS, scopes_offered, token_order
from api.console.visit import Submission, Visit
from recommender.domain.accounts import STATE_LABELS, Account, AccountChange, Permission, Role
from recommender.domain.errors import MatchmakerError
from recommender.domain.tokens import scopes_named

router = APIRouter()
_TEMPLATE: Final = "accounts/show.html"
_WITH_REACH: Final = frozenset({Role.OFFICER, Role.SERVICE})


@router.get("/accounts/{account_id}")
def show_account(visit: Annotated[Visit, page(Permission.ACCOUNTS_MANAGE)], account_id: str) -> Response:
    """The account."""
    account = visit.served.accounts.get(visit.actor, account_id)
    return visit.render(_TEMPLATE, **_shown(visit, account))


@router.post("/accounts/{account_id}")
def change_account(sent: Annotated[Submission, form(Permission.ACCOUNTS_MANAGE)], account_id: str) -> Response:
    """Change name or reach."""
    account = sent.served.accounts.get(sent.actor, account_id)
    reach = reach_of(sent.fields) if account.role in _WITH_REACH else None
    try:
        change = AccountChange(display_name=sent.fields.text("display_name"), reach=reach)
        changed = sent.served.accounts.change(sent.actor, account.id, change, version=sent.fields.version())
    except MatchmakerError as error:
        shown = _shown(sent, account) | {"typed": dict(sent.fields)}
        if reach is not None:
            shown |= {"reach": reach}
        return sent.again(_TEMPLATE, error, **shown)
    return sent.go(_address(account), notice=zh.SAVED.format(login_name=changed.login_name))


@router.post("/accounts/{account_id}/disable")
def disable_account(sent: Annotated[Submission, form(Permission.ACCOUNTS_MANAGE)], account_id: str) -> Response:
    """Let nobody act with the account."""
    try:
        account = sent.served.accounts.disable(sent.actor, account_id)
    except MatchmakerError as error:
        account = sent.served.accounts.get(sent.actor, account_id)
        return sent.again(_TEMPLATE, error, **_shown(sent, account))
    notice = zh.DISABLED.format(login_name=account.login_name)
    return sent.go(_address(account), notice=notice, undo=Undo(action=f"{_address(account)}/enable"))


@router.post("/accounts/{account_id}/enable")
def enable_account(sent: Annotated[Submission, form(Permission.ACCOUNTS_MANAGE)], account_id: str) -> Response:
    """Take that back."""
    account = sent.served.accounts.enable(sent.actor, account_id)
    return sent.go(_address(account), notice=zh.ENABLED.format(login_name=account.login_name))


@router.post("/accounts/{account_id}/password")
def reset_password(sent: Annotated[Submission, form(Permission.ACCOUNTS_MANAGE)], account_id: str) -> Response:
    """Give it another first password, shown once."""
    made = sent.served.accounts.reset_password(sent.actor, account_id)
    return sent.render("accounts/password.html", made=made, is_new=False)


@router.post("/accounts/{account_id}/tokens")
def create_token(sent: Annotated[Submission, form(Permission.ACCOUNTS_MANAGE)], account_id: str) -> Response:
    """Make a token for a program, shown once."""
    account = sent.served.accounts.get(sent.actor, account_id)
    fields = sent.fields
    try:
        new = sent.served.tokens.create(
            sent.actor,
            fields.text("name"),
            scopes_named(fields.texts("scopes")),
            days=fields.whole("days", label=zh.LABELS["days"]) or 0,
            account_id=account.id,
        )
    except MatchmakerError as error:
        ticked = {"name": fields.text("name"), "days": fields.text("days"), "scopes": fields.texts("scopes")}
        return sent.again(_TEMPLATE, error, **(_shown(sent, account) | {"token_typed": ticked}))
    return sent.render(_TEMPLATE, **(_shown(sent, account) | {"new_token": new}))


@router.post("/accounts/{account_id}/tokens/{token_id}/revoke")
def revoke_token(
    sent: Annotated[Submission, form(Permission.ACCOUNTS_MANAGE)], account_id: str, token_id: str
) -> Response:
    """Take a token out of force."""
    account = sent.served.accounts.get(sent.actor, account_id)
    sent.served.tokens.revoke(sent.actor, token_id, account_id=account.id)
    return sent.go(_address(account), notice=zh.REVOKED)


def _address(account: Account) -> str:
    return f"/console/accounts/{path_id(account.id)}"


def _shown(visit: Visit, account: Account) -> dict[str, Any]:
    """Everything on the page; what was typed is put over it."""
    served, actor = visit.served, visit.actor
    tokens = served.tokens.of(actor, account.id)
    return {
        "shown": account,
        "firm": served.accounts.firms(actor, [account]).get(account.enterprise_code, ""),
        "has_reach": account.role in _WITH_REACH,
        "is_own": account.id == actor.id,
        "is_program": account.role is Role.SERVICE,
        "state_labels": STATE_LABELS,
        "typed": {"display_name": account.display_name},
        **reach_choices(visit, account.reach),
        **token_order(tokens),
        "offered": scopes_offered(account),
        "permissions": [zh.PERMISSIONS[each] for each in sorted(account.permissions)],
        "max_days": served.settings.max_token_days,
        "token_typed": {"name": "", "days": str(TOKEN_DAYS), "scopes": ()},
        "new_token": None,
    }
