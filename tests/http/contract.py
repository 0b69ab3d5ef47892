"""Asks every operation of the OpenAPI document everything that the document allows, and much that it does not.

What is asked and what is checked is schemathesis' business; here is who asks, and what they find.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

import schemathesis
from fastapi import FastAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from api.security.cookies import SessionCookie
from recommender.bootstrap import Application
from recommender.domain.errors import NotSignedIn
from tests.http.people import Person, session_headers
from tests.http.walk_objects import OBJECTS

MAX_RESPONSE_BYTES: Final = 2000
_REFUSALS: Final = ["400", "401", "403", "404", "405", "408", "409", "412", "413", "415", "422", "428", "429"]
"""How the service says no. What a schema cannot say (an account that exists, a version in force) is answered so
too, hence it is no contradiction that something which fits the schema is refused."""

Headers = dict[str, str]


@dataclass(slots=True)
class Findings:
    """What was found.

    Attributes:
        n_cases: requests that were made and checked.
        statuses: how often each status was answered.
        operations: those that were asked.
        failures: one text for each contradiction, with the request and the answer.
    """

    n_cases: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    operations: set[str] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)


class Lasting:
    """Somebody after whom there is always another of the kind: requests may end a session or reset a password."""

    def __init__(self, application: Application, person: Person) -> None:
        self._application = application
        self._person = person
        self._n = 0
        self._headers: Headers = {}

    def headers(self) -> Headers:
        """Headers of a session that is good now."""
        if not self._is_good():
            self._n += 1
            person = replace(self._person, login_name=f"contract-{self._person.login_name}-{self._n}")
            self._headers = session_headers(self._application, person)
        return self._headers

    def _is_good(self) -> bool:
        if not self._headers:
            return False
        name = SessionCookie(self._application.settings).name
        try:
            found = self._application.sessions.resume(self._headers["Cookie"].removeprefix(f"{name}="))
        except NotSignedIn:
            return False
        return not found.account.must_change_password


def contradictions(
    app: FastAPI,
    *,
    credentials: Callable[[], Headers] | None,
    phases: tuple[str, ...],
    max_examples: int,
    objects: dict[str, str] | None = None,
    seed: int = 1,
) -> Findings:
    """Ask and check.

    Args:
        credentials: headers for each request; nobody asks where there are none.
        phases: of schemathesis: ``examples``, ``coverage``, ``fuzzing``, ``stateful``.
        max_examples: requests in each of the last two, for each operation.
        objects: ids for path parameters, by name; invented where there are none.
        seed: the same asks the same.
    """
    if credentials is not None:
        _sign_in_with(credentials)
    try:
        schema = schemathesis.openapi.from_asgi(
            "/openapi.json", app, config=_config(phases, max_examples, objects, seed)
        )
        return _collected(from_schema(schema).execute())
    finally:
        schemathesis.auths.unregister()


def objects_of(application: Application) -> dict[str, str]:
    """Ids of objects that are there."""
    return {name: found.make(application) for name, found in OBJECTS.items()}


def _sign_in_with(credentials: Callable[[], Headers]) -> None:
    @schemathesis.auth(refresh_interval=None)
    class _Credentials:
        def get(self, _case: schemathesis.Case, _context: schemathesis.AuthContext) -> Headers:
            return credentials()

        def set(self, case: schemathesis.Case, data: Headers, _context: schemathesis.AuthContext) -> None:
            case.headers = {**(case.headers or {}), **data}


def _config(
    phases: tuple[str, ...], max_examples: int, objects: dict[str, str] | None, seed: int
) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "continue-on-failure": True,
            "workers": 1,
            "parameters": {f"path.{name}": value for name, value in (objects or {}).items()},
            "phases": {
                name: {"enabled": name in phases} for name in ("examples", "coverage", "fuzzing", "stateful")
            },
            "generation": {"max-examples": max_examples, "no-shrink": True, "database": "none"},
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", *_REFUSALS]},
                "negative_data_rejection": {"expected-statuses": _REFUSALS},
                "missing_required_header": {"expected-statuses": _REFUSALS},
            },
        }
    )


def _collected(happened: Iterator[Any]) -> Findings:
    findings = Findings()
    for event in happened:
        if isinstance(event, events.ScenarioFinished) and event.is_test_scenario:
            findings.operations.add(event.label or "")
            _add_scenario(findings, event)
        elif isinstance(event, events.NonFatalError):
            findings.failures.setdefault(f"{event.label}: error", repr(event.value)[:MAX_RESPONSE_BYTES])
        elif isinstance(event, events.FatalError):
            raise event.exception
    return findings


def _add_scenario(findings: Findings, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    for interaction in recorder.interactions.values():
        if interaction.response is not None:
            findings.n_cases += 1
            status = interaction.response.status_code
            findings.statuses[status] = findings.statuses.get(status, 0) + 1
    for checks in recorder.checks.values():
        for check in checks:
            if check.status is Status.FAILURE and check.failure_info is not None:
                failure = check.failure_info
                text = f"{failure.failure}\n{failure.code_sample}"[:MAX_RESPONSE_BYTES]
                findings.failures.setdefault(f"{event.label}: {check.name}: {failure.failure.title}", text)
