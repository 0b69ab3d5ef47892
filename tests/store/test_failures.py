"""Every way a database can be unusable has a sentence that says what to do, and none shows a password."""

import logging
import os
import socket
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from recommender.domain.entities import Expert
from recommender.domain.errors import InvalidInput, MatchmakerError, Unavailable
from recommender.store import Database
from recommender.store.address import Address
from recommender.store.engine import BUSY_TIMEOUT_MS, checked_sqlite, open_engine, reading, writing

from .postgres import Cluster

SECRET = "geheim-Passwort"


def failure_of(url: str) -> MatchmakerError:
    """What a first look at the database raises."""
    with pytest.raises(MatchmakerError) as caught:
        database = Database.open(url)
        try:
            with database.read() as unit:
                unit.experts.count()
        finally:
            database.close()
    return caught.value


def test_a_missing_file_is_not_created(tmp_path: Path) -> None:
    path = tmp_path / "absent.db"
    failure = failure_of(f"sqlite:///{path}")
    assert failure.code == "store.missing"
    assert str(path) in str(failure)
    assert "matchmaker init" in str(failure)
    database = Database.open(f"sqlite:///{path}")
    assert database.schema_state().current is None
    assert not path.exists()


def test_upgrade_creates_the_folder_and_a_private_file(tmp_path: Path) -> None:
    path = tmp_path / "var" / "数据 库?#%20.db"
    database = Database.open(Address.parse("sqlite://").url.set(database=str(path)).render_as_string())
    database.upgrade()
    assert database.schema_state().at_head
    assert path.stat().st_mode & 0o777 == 0o600
    database.close()


def test_another_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    content = "这不是数据库。\n" * 1000
    path.write_text(content, encoding="utf-8")
    database = Database.open(f"sqlite:///{path}")
    for use in (database.upgrade, database.schema_state):
        with pytest.raises(Unavailable, match="不是数据库") as caught:
            use()
        assert caught.value.code == "store.not_a_database"
    assert failure_of(f"sqlite:///{path}").code == "store.not_a_database"
    assert path.read_text(encoding="utf-8") == content


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert failure_of(f"sqlite:///{tmp_path}").code == "store.cannot_open"


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with pytest.raises(Unavailable, match="无法打开数据库文件") as caught:
        Database.open(f"sqlite:///{tmp_path / 'var' / 'matchmaker.db'}").upgrade()
    assert caught.value.code == "store.cannot_open"


@pytest.fixture
def as_somebody_else() -> Iterator[None]:
    """File permissions bind everybody but root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that every user may enter and, as long as it stays so, write to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


def test_a_file_that_may_only_be_read(open_folder: Path, request: pytest.FixtureRequest) -> None:
    path = open_folder / "matchmaker.db"
    owner = Database.open(f"sqlite:///{path}")
    owner.upgrade()
    owner.close()
    path.chmod(0o444)
    request.getfixturevalue("as_somebody_else")
    database = Database.open(f"sqlite:///{path}")
    with pytest.raises(Unavailable, match="无法写入") as caught, database.write() as unit:
        unit.experts.upsert([Expert(id="E1", name="甲")])
    assert caught.value.code == "store.not_writable"
    database.close()


def test_a_folder_that_may_not_be_written(open_folder: Path, request: pytest.FixtureRequest) -> None:
    open_folder.chmod(0o555)
    request.getfixturevalue("as_somebody_else")
    with pytest.raises(Unavailable, match="无法打开数据库文件"):
        Database.open(f"sqlite:///{open_folder / 'matchmaker.db'}").upgrade()


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "matchmaker.db"
    database = Database.open(f"sqlite:///{path}")
    database.upgrade()
    with database.write() as unit:
        unit.experts.upsert([Expert(id=f"E{i}", name="甲", biography="长" * 500) for i in range(500)])
    database.close()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 65_536] = os.urandom(65_536)
    path.write_bytes(content)
    with (
        pytest.raises(Unavailable, match="备份") as caught,
        Database.open(f"sqlite:///{path}").read() as unit,
    ):
        list(unit.experts.iterate())
    assert caught.value.code == "store.damaged"


@pytest.mark.parametrize(
    ("version", "safe"), [((3, 40, 1), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 53, 0), True)]
)
def test_an_unsafe_sqlite_is_refused(version: tuple[int, int, int], safe: bool) -> None:
    name = ".".join(map(str, version))
    module = SimpleNamespace(sqlite_version_info=version, sqlite_version=name)
    if safe:
        assert checked_sqlite(module) is module  # type: ignore[arg-type, comparison-overlap]
    else:
        with pytest.raises(Unavailable, match=name) as caught:
            checked_sqlite(module)  # type: ignore[arg-type]
        assert caught.value.code == "store.sqlite_version"


def test_sqlite_settings(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'matchmaker.db'}"
    Database.open(url).upgrade()
    engine = open_engine(Address.parse(url))
    for mode in (reading, writing):
        with mode(engine).begin() as connection:
            settings = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
            }
        assert settings == {
            "journal_mode": "wal", "busy_timeout": BUSY_TIMEOUT_MS, "foreign_keys": 1, "synchronous": 2,
        }  # fmt: skip
    engine.dispose()


def test_a_database_in_memory() -> None:
    database = Database.open("sqlite://")
    database.upgrade()
    with database.write() as unit:
        unit.experts.upsert([Expert(id="E1", name="甲")])
    with database.read() as unit:
        assert unit.experts.count() == 1
    database.close()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (f"mysql://user:{SECRET}@host/name", "store.url_unsupported"),
        (f"postgresql+asyncpg://user:{SECRET}@host/name", "store.url_unsupported"),
        (f"postgresql+psycopg://user:{SECRET}@host:port/name", "store.url_malformed"),
        (f"postgresql://user:{SECRET}@host", "store.url_malformed"),
        (SECRET, "store.url_malformed"),
        ("", "store.url_malformed"),
        ("sqlite://host/name", "store.url_malformed"),
        ("sqlite:///name?mode=ro", "store.url_malformed"),
    ],
)
def test_addresses_that_cannot_be_used(url: str, code: str) -> None:
    failure = failure_of(url)
    assert isinstance(failure, InvalidInput)
    assert failure.code == code
    assert_no_secret(failure)


def assert_no_secret(failure: BaseException) -> None:
    """Neither the sentence nor the traceback with all that led to it shows the password."""
    assert SECRET not in "".join(traceback.format_exception(failure))
    assert SECRET not in repr(failure)


@pytest.mark.parametrize("where", ["postgresql+psycopg", "postgresql"])
def test_an_unreachable_server(where: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        failure = failure_of(f"{where}://officer:{SECRET}@127.0.0.1:{port}/matchmaker")
    assert failure.code == "store.unreachable"
    assert f"127.0.0.1:{port}/matchmaker" in str(failure)
    assert_no_secret(failure)


def test_an_unknown_database(cluster: Cluster) -> None:
    failure = failure_of(cluster.url("nowhere", password=SECRET))
    assert failure.code == "store.unreachable"
    assert 'database "nowhere" does not exist' in str(failure)
    assert_no_secret(failure)


def test_names_and_passwords_are_not_logged(url: str, caplog: pytest.LogCaptureFixture, backend: str) -> None:
    for name in ("", "sqlalchemy", "alembic", "psycopg"):
        caplog.set_level(logging.DEBUG, logger=name)
    if backend == "postgresql":
        url = url.replace("postgres@", f"postgres:{SECRET}@")
    database = Database.open(url)
    with database.write() as unit:
        unit.experts.upsert([Expert(id="E1", name="王某某")])
    database.upgrade()
    assert "INSERT INTO expert" in caplog.text
    assert "王某某" not in caplog.text
    assert SECRET not in caplog.text + repr(database)
    database.close()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", "store.encoding"),
        ("ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", "store.locale"),
        ("LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C'", "store.locale"),
    ],
)
def test_databases_that_do_not_know_chinese_are_refused(cluster: Cluster, options: str, code: str) -> None:
    name = cluster.create_database(options=options)
    assert failure_of(cluster.url(name)).code == code
    cluster.drop_database(name)


def test_the_builtin_locale_of_postgresql_will_do(cluster: Cluster) -> None:
    name = cluster.create_database(options="LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'")
    database = Database.open(cluster.url(name))
    database.upgrade()
    ids = ["a", "B", "_", "啊", "阿", "𠮷", "Z", "é"]
    with database.write() as unit:
        unit.experts.upsert([Expert(id=id, name="甲") for id in ids])
    with database.read() as unit:
        assert [expert.id for expert in unit.experts.iterate(batch_size=2)] == sorted(ids)
    database.close()
    cluster.drop_database(name)


def test_a_lost_connection_is_told_and_replaced(cluster: Cluster, template: str) -> None:
    name = cluster.create_database(template=template)
    database = Database.open(cluster.url(name))
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    with pytest.raises(Unavailable) as caught, database.write() as unit:
        unit.experts.upsert([Expert(id="E1", name="甲")])
        cluster.execute(end)
        unit.experts.count()
    assert caught.value.code == "store.unreachable"
    with database.read() as unit:
        assert unit.experts.count() == 0
    cluster.execute(end)
    with database.read() as unit:
        assert unit.experts.count() == 0
    database.close()
    cluster.drop_database(name)


def test_a_user_without_rights(cluster: Cluster, template: str) -> None:
    name = cluster.create_database(template=template)
    cluster.execute("CREATE ROLE guest LOGIN")
    failure = failure_of(cluster.url(name, user="guest"))
    assert failure.code == "store.not_permitted"
    cluster.drop_database(name)
    cluster.execute("DROP ROLE guest")


def test_a_reading_transaction_on_postgresql_is_read_only(cluster: Cluster, template: str) -> None:
    name = cluster.create_database(template=template)
    engine = open_engine(Address.parse(cluster.url(name)))
    with reading(engine).begin() as connection:
        assert connection.execute(text("SHOW transaction_read_only")).scalar_one() == "on"
        assert connection.execute(text("SHOW transaction_isolation")).scalar_one() == "repeatable read"
    with writing(engine).begin() as connection:
        assert connection.execute(text("SHOW transaction_read_only")).scalar_one() == "off"
        assert connection.execute(text("SHOW transaction_isolation")).scalar_one() == "read committed"
    engine.dispose()
    cluster.drop_database(name)
