"""What it costs to know who asks: a look-up for each request, a password now and then.

Run ``python -m tests.benchmarks.accounts``; it takes a minute and needs nothing. A thousand accounts with a
session and a token each, on SQLite and on PostgreSQL; times in milliseconds, as percentiles of single calls.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx2

from recommender.bootstrap import Application
from recommender.domain.accounts import Permission, Role
from recommender.services.accounts.passwords import PasswordHasher
from recommender.settings import Settings
from tests.http import library
from tests.http.people import CITY_OFFICER, PASSWORD, session_headers, token_headers
from tests.http.server import running_server
from tests.store.people import Accounts
from tests.store.postgres import Cluster

N_ACCOUNTS: Final = 1000
N_CALLS: Final = 2000
N_PASSWORDS: Final = 50
_MATCH: Final = frozenset({Permission.MATCH})


def milliseconds(call: Callable[[], object], n: int) -> str:
    """Median and 95th percentile of ``n`` calls."""
    for _ in range(n // 10):
        call()
    times = []
    for _ in range(n):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    cuts = statistics.quantiles(times, n=20)
    return f"p50 {cuts[9]:.2f}, p95 {cuts[18]:.2f}"


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """Addresses of an empty database of each kind."""
    cluster = Cluster()
    try:
        yield {
            "SQLite": f"sqlite:///{folder / 'accounts.db'}",
            "PostgreSQL": cluster.url(cluster.create_database()),
        }
    finally:
        cluster.stop()


def measure(name: str, url: str, folder: Path) -> None:
    """Print the figures of one database."""
    application = Application(Settings(var_dir=folder, database_url=url))
    application.database.upgrade()
    crowd = Accounts(application.database)
    for n in range(N_ACCOUNTS):
        account = crowd.make(f"user-{n}", Role.OFFICER)
        crowd.tokens.create(account.actor(session="x"), "x", _MATCH, days=1)
        crowd.sign_ins.sign_in(f"user-{n}", PASSWORD, address="")
    by_token, by_cookie = token_headers(application), session_headers(application, CITY_OFFICER)
    token, cookie = by_token["Authorization"].split()[1], by_cookie["Cookie"].partition("=")[2]
    print(f"{name}: a token is recognised in {milliseconds(lambda: application.tokens.resume(token), N_CALLS)}")
    print(
        f"{name}: a session is recognised in {milliseconds(lambda: application.sessions.resume(cookie), N_CALLS)}"
    )

    def sign_in() -> object:
        return application.sign_in.sign_in(CITY_OFFICER.login_name, PASSWORD, address="192.0.2.1")

    print(f"{name}: signing in takes {milliseconds(sign_in, N_PASSWORDS)}")
    application.database.close()


def measure_requests(folder: Path) -> None:
    """Print what a request over a socket takes, with and without anybody behind it."""
    application = Application(Settings(var_dir=folder))
    library.fill(application.database)
    application.indexing.build(actor="benchmark")
    headers = session_headers(application, CITY_OFFICER)
    application.database.close()
    unlimited = running_server(folder, rate_per_minute="0", address_rate_per_minute="0")
    with unlimited as server, httpx2.Client(base_url=server.url, timeout=30) as client:
        print(f"GET /healthz: {milliseconds(lambda: client.get('/healthz'), N_CALLS)}")
        print(f"GET /v1/me: {milliseconds(lambda: client.get('/v1/me', headers=headers), N_CALLS)}")


def main() -> None:
    """Measure everything."""
    hasher = PasswordHasher()
    kept = hasher.hash(PASSWORD)
    print(f"a password is checked in {milliseconds(lambda: hasher.verify(PASSWORD, kept), N_PASSWORDS)}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with databases(folder) as urls:
            for label, url in urls.items():
                measure(label, url, folder / label)
        measure_requests(folder / "served")


if __name__ == "__main__":
    main()
