"""The service keeps to its OpenAPI document, whoever asks and whatever: no server error, no contradiction.

The short form asks each operation some dozens of times. ``CONTRACT_EXAMPLES=200`` (``make reliability``) adds as
many invented requests to each, and sequences of requests that use what earlier ones answered.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI

from api.app import create_app
from recommender.bootstrap import Application
from tests.http.contract import Findings, Headers, Lasting, contradictions, objects_of
from tests.http.people import ADMIN, CITY_OFFICER, ENTERPRISE, Person
from tests.http.walk_objects import library_to_walk

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "0"))
pytestmark = pytest.mark.timeout(300 if EXAMPLES == 0 else 3600)


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """A library of its own, with something behind every path; it is changed at will."""
    built = library_to_walk(tmp_path_factory.mktemp("contract") / "var")
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def app(application: Application) -> FastAPI:
    return create_app(application)


@pytest.fixture(scope="module")
def admin(application: Application) -> Callable[[], Headers]:
    return Lasting(application, ADMIN).headers


def n_operations(app: FastAPI) -> int:
    return sum(len(methods) for methods in app.openapi()["paths"].values())


def check(findings: Findings, app: FastAPI) -> None:
    assert findings.failures == {}
    assert not [status for status in findings.statuses if status >= 500]
    assert len(findings.operations) >= n_operations(app)


def test_who_may_do_everything(application: Application, app: FastAPI, admin: Callable[[], Headers]) -> None:
    found = contradictions(
        app,
        credentials=admin,
        phases=("examples", "coverage"),
        max_examples=1,
        objects=objects_of(application),
    )
    check(found, app)
    assert found.n_cases > 20 * n_operations(app)
    assert found.statuses[200] > 200


def test_who_has_proved_nothing(app: FastAPI) -> None:
    found = contradictions(app, credentials=None, phases=("examples",), max_examples=1)
    check(found, app)
    assert found.statuses[401] > n_operations(app) / 2


def test_invented_requests(app: FastAPI, admin: Callable[[], Headers]) -> None:
    found = contradictions(app, credentials=admin, phases=("fuzzing",), max_examples=max(3, EXAMPLES))
    check(found, app)


@pytest.mark.skipif(EXAMPLES == 0, reason="the long form, by CONTRACT_EXAMPLES=N")
@pytest.mark.parametrize("person", [None, ENTERPRISE, CITY_OFFICER])
def test_all_that_a_role_may_ask(app: FastAPI, application: Application, person: Person | None) -> None:
    credentials = None if person is None else Lasting(application, person).headers
    phases = ("examples", "coverage", "fuzzing")
    check(contradictions(app, credentials=credentials, phases=phases, max_examples=EXAMPLES), app)


@pytest.mark.skipif(EXAMPLES == 0, reason="the long form, by CONTRACT_EXAMPLES=N")
def test_sequences_of_requests(app: FastAPI, admin: Callable[[], Headers]) -> None:
    found = contradictions(app, credentials=admin, phases=("stateful",), max_examples=EXAMPLES)
    assert found.failures == {}
    assert not [status for status in found.statuses if status >= 500]
