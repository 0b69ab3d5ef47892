"""All operations, asked by everybody: deny by default, and what is not for somebody is not there.

The operations come from the OpenAPI document, so that one which is added is walked without being named here;
what stands in their paths comes from :mod:`tests.http.walk_objects`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import quote

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from api.app import OPENAPI_PATH, create_app
from api.console.assets import VERSION
from api.docs import ASSETS_PATH, START_PATH
from api.operations import CONSOLE_FILES, SECRET_ANSWER
from api.security.access import ANY_ACCOUNT, PUBLIC, declared
from api.security.credentials import SAFE_METHODS
from api.security.description import PERMISSION_KEY
from api.security.headers import DOCS_PATH
from recommender.bootstrap import Application
from recommender.domain.accounts import GRANTS, Permission
from recommender.domain.tokens import TOKEN_PERMISSIONS
from recommender.settings import Settings
from tests.actors import TESTER
from tests.http.library import ENTERPRISES, NEEDS
from tests.http.people import (
    ADMIN,
    HTTPS,
    PEOPLE,
    SERVICE,
    Person,
    account_id,
    session_headers,
    token_headers,
)
from tests.http.problems import problem_of
from tests.http.walk_objects import MILLS, OBJECTS, library_to_walk, object_at

OPEN_PAGES: Final = {
    DOCS_PATH,
    START_PATH,
    OPENAPI_PATH,
    f"{ASSETS_PATH}/{{path}}",
    f"{CONSOLE_FILES}{VERSION}/{{path}}",
}
"""The documentation, and styles and scripts: they hold nothing of anybody's."""

NOBODY_HAS: Final = "no-such-object"
WORDS_OF_THE_MILL: Final = (
    ENTERPRISES[0].name,
    ENTERPRISES[0].main_products,
    NEEDS[0].title,
    NEEDS[0].description,
)
VALID_ELSEWHERE: Final = {"content-type": "application/json", "if-match": '"1"'}
"""What an operation may ask for beside permission, so that nothing else is in the way of the answer."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the OpenAPI document."""

    method: str
    path: str
    permission: str
    example: Any
    query: Mapping[str, Any]

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(re.findall(r"{(\w+)}", self.path))

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def operations() -> list[Operation]:
    document = create_app(Application(Settings())).openapi()
    return [
        Operation(
            method.upper(),
            path,
            described.get(PERMISSION_KEY, ""),
            example_of(described, document),
            {
                parameter["name"]: (parameter.get("examples") or parameter["schema"].get("examples") or ["1"])[0]
                for parameter in described.get("parameters", ())
                if parameter["in"] == "query" and parameter["required"]
            },
        )
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]


def example_of(described: dict[str, Any], document: dict[str, Any]) -> Any:
    """A body that the operation takes; nothing where it takes none."""
    content = described.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    schema = content["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return (schema.get("examples") or [{}])[0]


WALK: Final = operations()
CLOSED: Final = [operation for operation in WALK if operation.permission != PUBLIC]
each_operation = pytest.mark.parametrize("operation", WALK, ids=str)
READING: Final = [operation for operation in CLOSED if operation.method in SAFE_METHODS]
WRITING: Final = [
    operation for operation in CLOSED if operation.method not in SAFE_METHODS and operation.example is not None
]
each_reading_operation = pytest.mark.parametrize("operation", READING, ids=str)
each_writing_operation = pytest.mark.parametrize("operation", WRITING, ids=str)
each_closed_operation = pytest.mark.parametrize("operation", CLOSED, ids=str)


class Walker:
    """Asks operations for people."""

    def __init__(self, client: TestClient, application: Application) -> None:
        self._client = client
        self._application = application
        self._headers = {person: self._of(person) for person in PEOPLE}
        self._id_at = cache(lambda path, name: object_at(path, name).make(application))

    def _of(self, person: Person) -> dict[str, str]:
        make = token_headers if person is SERVICE else session_headers
        return make(self._application, person)

    def ask(
        self,
        operation: Operation,
        headers: Mapping[str, str],
        *,
        missing: bool = False,
        body: Sequence[str] | None = None,
    ) -> httpx2.Response:
        """The answer; with ``missing`` about objects that are not there, with ``body`` to something else."""
        values = {
            name: NOBODY_HAS if missing else self._id_at(operation.path, name) for name in operation.parameters
        }
        path = operation.path.format_map({name: quote(value, safe="/") for name, value in values.items()})
        return self._client.request(
            operation.method,
            path,
            headers={**VALID_ELSEWHERE, **headers},
            params=dict(operation.query),
            json=operation.example if body is None else body,
        )

    def ask_for(self, operation: Operation, person: Person, **how: Any) -> httpx2.Response:
        return self.ask(operation, self._headers[person], **how)


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """A library of its own: the walk must find something behind every path."""
    built = library_to_walk(tmp_path_factory.mktemp("walk") / "var")
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def walker(application: Application) -> Iterator[Walker]:
    with TestClient(create_app(application), base_url=HTTPS, raise_server_exceptions=False) as client:
        yield Walker(client, application)


@pytest.fixture(scope="module")
def scoped(application: Application) -> dict[Permission, dict[str, str]]:
    """A token of the administrator's for each single permission."""
    return {
        permission: token_headers(application, ADMIN, frozenset({permission})) for permission in TOKEN_PERMISSIONS
    }


@pytest.fixture(scope="module")
def dead(application: Application) -> dict[str, dict[str, str]]:
    """What was good once, and what never was."""
    gone = Person("gone", SERVICE.role)
    of_disabled = token_headers(application, gone)
    application.accounts.disable(TESTER, account_id(application, gone))
    revoked = token_headers(application, ADMIN)
    owner = account_id(application, ADMIN)
    newest = application.tokens.of(TESTER, owner)[0]
    application.tokens.revoke(TESTER, newest.id, account_id=owner)
    cookie = session_headers(application, ADMIN)["Cookie"]
    return {
        "token of a disabled account": of_disabled,
        "revoked token": revoked,
        "unknown token": {"Authorization": "Bearer smx_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
        "password in place of a token": {"Authorization": "Basic YWRtaW46YWRtaW4="},
        "cookie cut short": {"Cookie": cookie[:-1]},
    }


def kind_of(response: httpx2.Response) -> tuple[int, str]:
    """Status and code; what is said of a query or a body belongs to neither object."""
    is_problem = response.headers.get("content-type", "").startswith("application/problem")
    return response.status_code, response.json()["code"] if is_problem else ""


def may(person: Person, permission: str) -> bool:
    return permission == ANY_ACCOUNT or (
        permission in GRANTS[person.role] and (person is not SERVICE or permission in TOKEN_PERMISSIONS)
    )


def test_every_route_declares_one_thing(application: Application) -> None:
    """Whatever is not in the OpenAPI document must be one of the pages that are open on purpose."""
    undeclared = []
    app: FastAPI = create_app(application)
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        found = set() if dependant is None else declared(dependant)
        if len(found) != 1 and route.path_format not in OPEN_PAGES:
            undeclared.append((route.path_format, sorted(found)))
    assert undeclared == []


@each_operation
def test_every_operation_says_what_it_asks_for(operation: Operation) -> None:
    assert operation.permission in {PUBLIC, ANY_ACCOUNT, *Permission}


def test_what_is_public_is_little() -> None:
    assert {str(operation) for operation in WALK if operation.permission == PUBLIC} == {
        "GET /healthz",
        "GET /readyz",
        "POST /v1/session",
    }


def test_every_path_parameter_has_an_object() -> None:
    """Add a line to ``OBJECTS`` in tests/http/walk_objects.py for what is missing here."""
    asked = {name for operation in WALK for name in operation.parameters}
    assert asked - OBJECTS.keys() == set()


def test_no_copy_is_kept_of_an_answer_that_shows_a_secret() -> None:
    """Whoever repeats such a request under the same key gets no second look."""
    document = create_app(Application(Settings())).openapi()
    secret = {
        name
        for name, schema in document["components"]["schemas"].items()
        if name.endswith("Out") and {"secret", "password"} & schema["properties"].keys()
    }
    assert secret
    careless = [
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method, described in methods.items()
        if any(f"/{name}'" in str(described["responses"]) for name in secret)
        and not SECRET_ANSWER.items() <= described.items()
    ]
    assert careless == []


@each_closed_operation
def test_nobody_gets_in(walker: Walker, operation: Operation) -> None:
    response = walker.ask(operation, {})
    problem_of(response, 401, "account.not_signed_in")
    assert response.headers["www-authenticate"] == 'Bearer realm="matchmaker"'


@each_closed_operation
def test_what_is_no_longer_good_is_no_key(
    walker: Walker, dead: dict[str, dict[str, str]], operation: Operation
) -> None:
    for what, headers in dead.items():
        assert walker.ask(operation, headers).status_code == 401, what


@each_closed_operation
def test_who_lacks_the_permission_is_refused(walker: Walker, operation: Operation) -> None:
    for person in PEOPLE:
        if not may(person, operation.permission):
            document = problem_of(walker.ask_for(operation, person), 403, "account.not_allowed")
            assert operation.permission in document["detail"]


@each_closed_operation
def test_a_token_is_good_for_what_it_was_made_for(
    walker: Walker, scoped: dict[Permission, dict[str, str]], operation: Operation
) -> None:
    for permission, headers in scoped.items():
        if operation.permission not in {permission, ANY_ACCOUNT}:
            problem_of(walker.ask(operation, headers), 403, "account.not_allowed")
        elif operation.method in SAFE_METHODS:
            assert walker.ask(operation, headers).status_code not in {401, 403}


@each_reading_operation
def test_who_has_the_permission_is_heard(walker: Walker, operation: Operation) -> None:
    """Of what changes something, see below."""
    seen_by = [object_at(operation.path, name).seen_by for name in operation.parameters]
    for person in PEOPLE:
        if may(person, operation.permission) and all(person in group for group in seen_by):
            response = walker.ask_for(operation, person)
            assert response.status_code not in {401, 403, 404, 500}, (person.login_name, response.text)


@each_writing_operation
def test_who_has_the_permission_to_change_something_is_heard(walker: Walker, operation: Operation) -> None:
    """What they send is not acceptable, so nothing is changed; but it is that which is said."""
    for person in PEOPLE:
        if may(person, operation.permission):
            response = walker.ask_for(operation, person, body=["not", "an", "object"])
            problem_of(response, 422, "request.invalid")


@each_reading_operation
def test_no_list_and_no_answer_tells_of_others(walker: Walker, operation: Operation) -> None:
    """Words of the mill's own records, looked for in whatever those get who have nothing to do with it."""
    for person in PEOPLE:
        if person not in MILLS:
            text = walker.ask_for(operation, person).text
            assert not [word for word in WORDS_OF_THE_MILL if word in text], person.login_name


def test_the_words_are_there_to_be_found(walker: Walker) -> None:
    asked = [
        operation for operation in WALK if operation.path in {"/v1/needs/{need_id}", "/v1/enterprises/{code}"}
    ]
    shown = "".join(walker.ask_for(operation, ADMIN).text for operation in asked if operation.method == "GET")
    assert [word for word in WORDS_OF_THE_MILL if word not in shown] == []


@each_closed_operation
def test_what_is_for_others_is_not_there(walker: Walker, operation: Operation) -> None:
    """Asked about an object of others, one gets word for word what an object that nobody has would get."""
    seen_by = [object_at(operation.path, name).seen_by for name in operation.parameters]
    hidden_from = {person for person in PEOPLE if any(person not in group for group in seen_by)}
    for person in hidden_from:
        if may(person, operation.permission):
            found = kind_of(walker.ask_for(operation, person))
            assert found == kind_of(walker.ask_for(operation, person, missing=True)), person.login_name
            assert found[0] in ({404} if operation.method in SAFE_METHODS else {404, 422}), person.login_name
