"""Objects for the walk over all operations: one for each path parameter, and who may see it.

Whoever adds an operation with a new path parameter adds a line to :data:`OBJECTS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from recommender.bootstrap import Application
from recommender.domain.accounts import Permission
from recommender.domain.cases import Pair
from recommender.domain.entities import Expert
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import CaseState
from recommender.services.feedback.judging import PoolDraft
from recommender.services.nightly.options import NightOptions
from recommender.services.review.cases import Choice
from tests.actors import TESTER
from tests.http import library
from tests.http.conftest import settings_in
from tests.http.library import MILL
from tests.http.people import (
    ADMIN,
    CITY_OFFICER,
    ENTERPRISE,
    FAR_OFFICER,
    OFFICER,
    OTHER_ENTERPRISE,
    PASSWORD,
    PEOPLE,
    SERVICE,
    Person,
    account_id,
    owner_of,
)

EVERYBODY: Final = frozenset(PEOPLE)
MILLS: Final = EVERYBODY - {OTHER_ENTERPRISE, FAR_OFFICER}
"""Who deals with the mill: its own account, its officers, and those who reach the whole city."""

assert {ENTERPRISE, OFFICER, CITY_OFFICER, ADMIN, SERVICE} == MILLS


@dataclass(frozen=True, slots=True)
class WalkObject:
    """An object in the place of a path parameter.

    Attributes:
        make: gives its id, made where it is not there yet.
        seen_by: to all others it must look as if it were not there.
    """

    make: Callable[[Application], str]
    seen_by: frozenset[Person] = EVERYBODY


def fixed(id: str, seen_by: frozenset[Person] = EVERYBODY) -> WalkObject:
    """An object of the library that the tests are made on."""
    return WalkObject(lambda _application: id, seen_by)


def _session(application: Application) -> str:
    account_id(application, ENTERPRISE)
    return application.sign_in.sign_in(ENTERPRISE.login_name, PASSWORD, address="").signed_in.actor.session


def _token(application: Application) -> str:
    owner = owner_of(application, ENTERPRISE)
    scopes = frozenset({Permission.NEEDS_READ})
    return application.tokens.create(owner, "walk", scopes, days=1).token.id


WALKED_CASE: Final = Pair(EntityKind.NEED, "XQ-1", EntityKind.EXPERT, "ZJ-1").id


def _case(application: Application) -> str:
    """A match of the mill's that was pushed to it."""
    case = application.cases.get(TESTER, WALKED_CASE).case
    for state in (CaseState.CONFIRMED, CaseState.PUSHED):
        if case.pushed_at is None and case.state is not state:
            case = application.cases.decide(TESTER, WALKED_CASE, Choice(to=state), version=case.version)
    return WALKED_CASE


def _pool(application: Application) -> str:
    for pool in application.judging.page(TESTER, PageRequest()).items:
        return pool.id
    return application.judging.create(TESTER, PoolDraft(title="走一遍", need_ids=["XQ-1"])).id


def _certificate(application: Application) -> str:
    with application.database.write() as unit:
        unit.experts.upsert([Expert(id="ZJ-WALK-ERASED", name="某人", organisation="某单位")])
    return application.erasures.begin(TESTER, "ZJ-WALK-ERASED", "本人来信要求").id


OBJECTS: Final[dict[str, WalkObject]] = {
    "certificate_id": WalkObject(_certificate, frozenset({ADMIN})),
    "account_id": WalkObject(lambda application: account_id(application, ENTERPRISE), frozenset({ADMIN})),
    "achievement_id": fixed("LW-1"),
    "batch_id": fixed("no-batch", frozenset()),
    "case_id": WalkObject(_case, MILLS),
    "code": fixed(MILL, MILLS),
    "expert_id": fixed("ZJ-1"),
    "item_number": fixed("1"),
    "need_id": fixed("XQ-1", MILLS),
    "number": fixed("1", MILLS),
    "platform_id": fixed("PT-1"),
    "pool_id": WalkObject(_pool),
    "run_id": WalkObject(lambda application: application.runs.show().run.id),
    "session_id": WalkObject(_session, frozenset({ENTERPRISE})),
    "token_id": WalkObject(_token, frozenset({ENTERPRISE, ADMIN})),
}
"""By name of the path parameter."""

PLACES: Final[dict[str, dict[str, WalkObject]]] = {
    # Only an enterprise without a need has suggestions of its own.
    "/v1/enterprises/{code}/suggestions": {
        "code": fixed(
            OTHER_ENTERPRISE.enterprise_code, frozenset({OTHER_ENTERPRISE, CITY_OFFICER, ADMIN, SERVICE})
        )
    },
    "/v1/me/tokens/{token_id}": {"token_id": WalkObject(_token, frozenset({ENTERPRISE}))},
}
"""By path, where others see the object than elsewhere."""


def object_at(path: str, parameter: str) -> WalkObject:
    """What stands in a path."""
    return PLACES.get(path, {}).get(parameter) or OBJECTS[parameter]


def library_to_walk(folder: Path) -> Application:
    """The library of these tests after two nights."""
    application = Application(settings_in(folder))
    library.fill(application.database)
    for _ in range(2):
        application.nightly.run(NightOptions(as_of=date(2026, 11, 28)), actor="test")
    return application
