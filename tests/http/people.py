"""One account of every kind, and clients that act for them."""

from dataclasses import dataclass, replace
from typing import Final

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.security.cookies import SessionCookie
from api.security.origins import CSRF_HEADER
from recommender.bootstrap import Application
from recommender.domain.accounts import GRANTS, AccountDraft, Actor, Permission, Reach, Role
from recommender.domain.errors import NotFound
from recommender.domain.tokens import TOKEN_PERMISSIONS
from tests.actors import TESTER
from tests.http.library import ENTERPRISES, MILL

PASSWORD: Final = "秋水共长天一色-落霞孤鹜"
HTTPS: Final = "https://testserver"
"""Cookies of sessions go over HTTPS only."""


NOWHERE: Final = Reach()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    login_name: str
    role: Role
    reach: Reach = NOWHERE
    enterprise_code: str = ""


ADMIN: Final = Person("admin", Role.ADMIN)
OFFICER: Final = Person("officer", Role.OFFICER, Reach(towns=frozenset({"北港镇"})))
"""In whose town the mill is."""
FAR_OFFICER: Final = Person("far-officer", Role.OFFICER, Reach(towns=frozenset({"塘桥镇"})))
CITY_OFFICER: Final = Person("city-officer", Role.OFFICER, Reach(whole_city=True))
ENTERPRISE: Final = Person("mill", Role.ENTERPRISE, enterprise_code=MILL)
OTHER_ENTERPRISE: Final = Person("weaver", Role.ENTERPRISE, enterprise_code=ENTERPRISES[1].code)
SERVICE: Final = Person("service", Role.SERVICE)

PEOPLE: Final = (ADMIN, OFFICER, FAR_OFFICER, CITY_OFFICER, ENTERPRISE, OTHER_ENTERPRISE, SERVICE)


def account_id(application: Application, person: Person) -> str:
    """Id of a person's account, which is made where absent."""
    try:
        return application.accounts.get(TESTER, person.login_name).id
    except NotFound:
        draft = AccountDraft(
            login_name=person.login_name,
            display_name=person.login_name,
            role=person.role,
            reach=person.reach,
            enterprise_code=person.enterprise_code,
        )
        password = None if person.role is Role.SERVICE else PASSWORD
        return application.accounts.create(TESTER, draft, password).account.id


def owner_of(application: Application, person: Person) -> Actor:
    """The person as who deals with their own account; a program gets its tokens by this way, too."""
    account = application.accounts.get(TESTER, account_id(application, person))
    return replace(account.actor(session="tests"), permissions=frozenset({Permission.ACCOUNT_OWN}))


def session_headers(application: Application, person: Person) -> dict[str, str]:
    """Cookie and token of a new session, as a browser would send them."""
    account_id(application, person)
    new = application.sign_in.sign_in(person.login_name, PASSWORD, address="", user_agent="tests")
    cookie = SessionCookie(application.settings)
    return {"Cookie": f"{cookie.name}={new.secret}", CSRF_HEADER: new.signed_in.csrf_token}


def token_headers(
    application: Application, person: Person = SERVICE, scopes: frozenset[Permission] | None = None
) -> dict[str, str]:
    """A new token of a person's account; with everything that it may do where no scopes are given."""
    owner = owner_of(application, person)
    chosen = GRANTS[person.role] & TOKEN_PERMISSIONS if scopes is None else scopes
    new = application.tokens.create(owner, "tests", chosen, days=1)
    return {"Authorization": f"Bearer {new.secret}"}


def client_of(app: FastAPI, headers: dict[str, str] | None = None) -> TestClient:
    """A client that sends these headers with every request; nobody's where there are none."""
    return TestClient(app, base_url=HTTPS, headers=headers, raise_server_exceptions=False)
