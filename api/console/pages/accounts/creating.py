"""Making an account."""

import re
from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.filters import path_id
from api.console.forms import Form
from api.console.messages import accounts as zh
from api.console.visit import Submission, Visit
from recommender.domain.accounts import AccountDraft, Permission, Reach, Role
from recommender.domain.errors import InvalidInput, MatchmakerError

router = APIRouter()
_TEMPLATE: Final = "accounts/new.html"
_NAMES: Final = re.compile(r"[、，,；;\n]+")


@router.get("/accounts/new")
def new_account(visit: Annotated[Visit, page(Permission.ACCOUNTS_MANAGE)], role: str = "") -> Response:
    """The form."""
    role = role if role in set(Role) else Role.OFFICER.value
    return visit.render(_TEMPLATE, **_shown(visit, {"role": role}, Reach()))


@router.get("/accounts/enterprises")
def enterprise_options(visit: Annotated[Visit, page(Permission.ACCOUNTS_MANAGE)], q: str = "") -> Response:
    """Enterprises that may be meant, for the field in which one is typed."""
    return visit.render("accounts/enterprises.html", found=visit.served.accounts.enterprises(visit.actor, q))


@router.post("/accounts")
def create_account(sent: Annotated[Submission, form(Permission.ACCOUNTS_MANAGE)]) -> Response:
    """Make the account; its first password is shown once."""
    fields = sent.fields
    reach = reach_of(fields)
    try:
        role = fields.choice("role", Role, label=zh.LABELS["role"])
        if role is None:
            raise InvalidInput("account.role", role="", known="、".join(Role))
        draft = AccountDraft(
            login_name=fields.text("login_name"),
            display_name=fields.text("display_name") or fields.text("login_name"),
            role=role,
            reach=reach,
            enterprise_code=fields.text("enterprise_chosen") or fields.text("enterprise"),
        )
        made = sent.served.accounts.create(sent.actor, draft)
    except MatchmakerError as error:
        typed = dict(fields)
        found = sent.served.accounts.enterprises(sent.actor, typed.get("enterprise", ""))
        return sent.again(_TEMPLATE, error, **_shown(sent, typed, reach, found=found))
    if not made.password:
        to = f"/console/accounts/{path_id(made.account.id)}"
        return sent.go(to, notice=zh.CREATED_PROGRAM.format(login_name=made.account.login_name))
    return sent.render("accounts/password.html", made=made, is_new=True)


def reach_of(fields: Form) -> Reach:
    """What was ticked, and what was typed beside it."""
    return Reach(
        whole_city=fields.flag("whole_city"),
        towns=frozenset((*fields.texts("towns"), *_names(fields.text("other_towns")))),
        chains=frozenset((*fields.texts("chains"), *_names(fields.text("other_chains")))),
    )


def reach_choices(visit: Visit, reach: Reach) -> dict[str, Any]:
    """Towns and chains to be ticked, with those that an account has although nobody knows them any more."""
    known = visit.served.accounts.choices(visit.actor)
    return {"towns": _with(known.towns, reach.towns), "chains": _with(known.chains, reach.chains), "reach": reach}


def _with(known: tuple[str, ...], held: frozenset[str]) -> tuple[str, ...]:
    return (*known, *sorted(held - set(known)))


def _names(text: str) -> list[str]:
    return [name.strip() for name in _NAMES.split(text) if name.strip()]


def _shown(visit: Visit, typed: dict[str, str], reach: Reach, *, found: tuple[Any, ...] = ()) -> dict[str, Any]:
    """What the form shows; what was typed beside the boxes stays typed, so that it can be put right."""
    known = visit.served.accounts.choices(visit.actor)
    return {
        "typed": typed,
        "reach": reach,
        "towns": known.towns,
        "chains": known.chains,
        "found": found,
        "roles": tuple(Role),
    }
