"""The list of accounts."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import page
from api.console.choices import chosen
from api.console.messages import accounts as zh
from api.console.visit import Visit
from recommender.domain.accounts import STATE_LABELS, AccountFilter, AccountState, Permission, Role
from recommender.domain.paging import PageRequest

router = APIRouter()


@router.get("/accounts")
def list_accounts(
    visit: Annotated[Visit, page(Permission.ACCOUNTS_MANAGE)],
    q: str = "",
    role: str = "",
    state: str = "",
    sort: str = "",
    cursor: str = "",
) -> Response:
    """Who has an account."""
    wanted = AccountFilter(
        role=chosen(role, Role, label=zh.LABELS["role"]),
        state=chosen(state, AccountState, label=zh.LABELS["state"]),
        text=q.strip(),
    )
    accounts = visit.served.accounts
    found = accounts.page(visit.actor, PageRequest(cursor=cursor, sort=sort), wanted)
    return visit.render(
        "accounts/list.html",
        found=found,
        firms=accounts.firms(visit.actor, found.items),
        roles=tuple(Role),
        states=tuple(STATE_LABELS.items()),
        state_labels=STATE_LABELS,
        is_filtered=bool(q or role or state),
    )
