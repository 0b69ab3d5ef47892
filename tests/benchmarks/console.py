"""Server time and weight of every page of the console, on an existing var folder.

    python -m tests.benchmarks.console --var-dir DIR [--json FILE]

The library of the folder gets accounts, a night, needs of an enterprise and matches in many states; then one
server process answers each kind of page over and over, one request after the other, as an administrator, an
officer and an enterprise see it. Times are those of the client, so they include the way over the loopback.

Ends with 1 where the 95th percentile of a page or its weight is over its limit.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx2
from fastapi import FastAPI

from api.app import create_app
from recommender.bootstrap import Application
from recommender.domain.accounts import Actor, Role
from recommender.domain.case_lists import CaseFilter, CaseView
from recommender.domain.cases import Case
from recommender.domain.errors import MatchmakerError, NotFound
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import CaseState, NeedState
from tests.benchmarks.steps import hardware, write_figures
from tests.console import stage
from tests.console.conftest import client_of
from tests.console.crawling import crawl
from tests.console.pages import Page
from tests.console.people import ADMIN, ENTERPRISE, OFFICER, PASSWORD, Person
from tests.http.server import running_server

P95_LIMIT_MS: Final = 200.0
WEIGHT_LIMIT: Final = 300_000
N_ROUNDS: Final = 25
N_CASES: Final = 300
N_NEEDS: Final = 12
CHARTS: Final = "plotly"
READERS: Final = (ADMIN, OFFICER, ENTERPRISE)
STATES: Final = (
    CaseState.PUSHED,
    CaseState.REJECTED,
    CaseState.ENTERPRISE_INTERESTED,
    CaseState.CONTACT,
    CaseState.CONFIRMED,
    CaseState.EVALUATED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFigures:
    """One kind of page as one reader sees it; times in milliseconds, weight in bytes with styles and scripts."""

    reader: str
    template: str
    address: str
    n_requests: int
    p50_ms: float
    p95_ms: float
    max_ms: float
    n_bytes: int


def prepare(application: Application) -> None:
    """Fill the library with what pages show, where that is not done yet."""
    application.database.upgrade()
    with suppress(NotFound):
        application.accounts.get(Actor.trusted("bench"), OFFICER.login_name)
        return
    with application.database.read() as unit:
        enterprise = next(unit.enterprises.iterate())
    for person in READERS:
        code = enterprise.code if person.role is Role.ENTERPRISE else ""
        _open_account(application, replace(person, enterprise_code=code))
    officer = application.accounts.get(Actor.trusted("bench"), OFFICER.login_name).actor(session="bench")
    owner = application.accounts.get(Actor.trusted("bench"), ENTERPRISE.login_name).actor(session="bench")
    _file_needs(application, owner, officer)
    stage.night(application)
    _move_cases(application, officer)
    application.duplicate_searcher.run(actor="bench")


def _open_account(application: Application, person: Person) -> None:
    application.accounts.create(Actor.trusted("bench"), person.draft(), PASSWORD)


def _file_needs(application: Application, owner: Actor, officer: Actor) -> None:
    """Needs of real enterprises have no owner in the files; the first are written again by one that has."""
    with application.database.read() as unit:
        found = [need for need, _ in zip(unit.needs.iterate(), range(N_NEEDS), strict=False)]
    for need in found:
        detail = application.needs.create(owner, {"title": need.title[:80], "description": need.description})
        for state, actor in ((NeedState.SUBMITTED, owner), (NeedState.PUBLISHED, officer)):
            detail = application.needs.move(actor, detail.need.id, state, version=detail.progress.version)


def _move_cases(application: Application, officer: Actor) -> None:
    desk = stage.Desk.of(application)
    moved = 0
    for case in _suggestions(application, officer):
        desk.clock.at = datetime.now(UTC)
        with suppress(MatchmakerError):  # An expert whose places are taken takes no more.
            stage.move_case(desk, officer, case, STATES[moved % len(STATES)], days=0)
            moved += 1
        if moved == N_CASES:
            return


def _suggestions(application: Application, officer: Actor) -> list[Case]:
    found: list[Case] = []
    request = PageRequest(limit=200)
    while True:
        page = application.queue.page(officer, CaseFilter(view=CaseView.UNREVIEWED), request)
        found += [line.case for line in page.items]
        if not page.next_cursor:
            return found[::5]
        request = PageRequest(limit=200, cursor=page.next_cursor)


def addresses(app: FastAPI, person: Person) -> dict[str, str]:
    """One page of every handler that a reader can reach."""
    found: dict[str, str] = {}
    for seen in crawl(client_of(app, person), app):
        if seen.is_page and seen.response.status_code == 200:
            found.setdefault(seen.template, seen.address)
    return found


def measure(client: httpx2.Client, person: Person, template: str, address: str) -> PageFigures:
    """Ask for a page :data:`N_ROUNDS` times after a first one that counts for nothing."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    seconds = []
    for _ in range(N_ROUNDS):
        started = time.perf_counter()
        client.get(address)
        seconds.append(time.perf_counter() - started)
    ordered = sorted(1000 * value for value in seconds)
    return PageFigures(
        reader=person.login_name,
        template=template,
        address=address,
        n_requests=N_ROUNDS,
        p50_ms=round(ordered[len(ordered) // 2], 1),
        p95_ms=round(ordered[round(0.95 * (len(ordered) - 1))], 1),
        max_ms=round(ordered[-1], 1),
        n_bytes=_weight(client, response),
    )


def _weight(client: httpx2.Client, response: httpx2.Response) -> int:
    sources = [source for source in Page(response.text).sources if CHARTS not in source]
    return len(response.content) + sum(len(client.get(source).content) for source in sources)


@contextmanager
def _signed_in(url: str, person: Person) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=url, timeout=60, follow_redirects=True) as client:
        client.post("/console/sign-in", data={"login_name": person.login_name, "password": PASSWORD})
        yield client


def table(figures: Sequence[PageFigures]) -> str:
    """Slowest first."""
    lines = [f"{'p50':>8} {'p95':>8} {'max ms':>8} {'kB':>6}  page"]
    lines += [
        f"{each.p50_ms:8.1f} {each.p95_ms:8.1f} {each.max_ms:8.1f} {each.n_bytes / 1000:6.0f}  "
        f"{each.template} ({each.reader})"
        for each in sorted(figures, key=lambda each: -each.p95_ms)
    ]
    return "\n".join(lines)


def main() -> None:
    """Prepare, serve, measure, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--var-dir", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    application = Application(stage.settings_in(options.var_dir))
    prepare(application)
    app = create_app(application)
    found = {person: addresses(app, person) for person in READERS}
    application.database.close()
    settings: dict[str, Any] = {"secure_cookies": "false", "rate_per_minute": "0", "address_rate_per_minute": "0"}
    figures = []
    with running_server(options.var_dir, **settings) as server:
        for person, pages in found.items():
            with _signed_in(server.url, person) as client:
                figures += [measure(client, person, template, address) for template, address in pages.items()]
    print(hardware())
    print(table(figures))
    if options.json:
        write_figures(options.json, {"pages": figures})
    slow = [each for each in figures if each.p95_ms > P95_LIMIT_MS or each.n_bytes > WEIGHT_LIMIT]
    print(f"{len(figures)} pages, {len(slow)} over {P95_LIMIT_MS:.0f} ms or {WEIGHT_LIMIT:,} bytes")
    sys.exit(1 if slow else 0)


if __name__ == "__main__":
    main()
