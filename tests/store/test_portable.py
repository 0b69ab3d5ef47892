"""A whole database as lines, and back, into either kind of database."""

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from recommender.domain.backups import TableContent
from recommender.domain.entities import Achievement, Enterprise, Expert, Platform
from recommender.domain.errors import Conflict, InvalidData, Unavailable
from recommender.domain.kinds import EntityKind
from recommender.domain.match import AuditEntry
from recommender.store import Database, schema
from recommender.store.address import Address
from recommender.store.engine import migrating, open_engine, reading, writing
from recommender.store.portable.dump import Dump
from recommender.store.portable.forms import shape_of
from recommender.store.tables import Base
from recommender.store.vault import WITHOUT_KEYS, Vault

from .records import achievements, enterprises, experts, facts, platforms

AT = datetime(2026, 11, 28, 7, 5, 0, 120_000, tzinfo=UTC)
Taken = list[tuple[TableContent, list[bytes]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without tables, of either kind, whatever the first one is."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'target' / 'fresh.db'}"
        return
    cluster = request.getfixturevalue("cluster")
    name = cluster.create_database()
    yield cluster.url(name)
    cluster.drop_database(name)


def taken(database: Database) -> Taken:
    """Every table with its lines and what a manifest would say of it."""
    found = []
    with database.dump() as dump:
        for shape in dump.tables:
            blocks = list(dump.blocks(shape))
            content = b"".join(lines for _, lines in blocks)
            lines = content.splitlines(keepends=True)
            assert sum(n for n, _ in blocks) == len(lines)
            digest = hashlib.sha256(content).hexdigest()
            found.append((TableContent(shape, len(lines), digest, dump.last_number(shape)), lines))
    return found


@contextmanager
def restored(
    url: str, backup: Taken, *, replace: bool = False, vault: Vault = WITHOUT_KEYS
) -> Iterator[Database]:
    """A database made of what was taken, opened for a block."""
    target = Database.open(url, vault=vault)
    try:
        with target.load(schema.head_revision()) as load:
            load.prepare(replace=replace)
            for content, lines in backup:
                assert [*load.fill(content, lines)][-1:] == [content.n_rows][: content.n_rows]
            for content, _ in backup:
                load.verify(content)
            load.finish()
        yield target
    finally:
        target.close()


def rows(database_url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table as the models read it."""
    engine = open_engine(Address.parse(database_url))
    with reading(engine).begin() as connection:
        found = {
            name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for name, table in Base.metadata.tables.items()
        }
    engine.dispose()
    return found


def fill(database: Database) -> None:
    """A little of everything that is awkward: NULL, empty, dates, truth, floats, JSON, bytes, counted rows."""
    with database.write() as unit:
        unit.experts.upsert(
            [
                Expert(id="é", name="林\n一\t舟\\", response_ratio=0.1, verified_on=date(1, 1, 1)),
                Expert(id="Z", name="\u2028", research_fields=("轧制", "\"'"), capacity=0),
                Expert(id="😀", name="", consent_withdrawn_on=date(9999, 12, 31)),
            ]
        )
        unit.platforms.upsert([Platform(id="P|1", name="平台")])
        made = Achievement(id="A", type="论文", title="题", author_ids=("😀", "é"), price_wan=1e300, year=2024)
        unit.achievements.upsert([made])
        for n in range(3):
            detail: dict[str, object] = {"n": n, "keys": ["甲", None, 1.5]}
            unit.audit.append(AuditEntry(at=AT, actor="a", action="b", target="c", detail=detail))


def test_every_column_has_a_form() -> None:
    shapes = {name: shape_of(table) for name, table in Base.metadata.tables.items()}
    assert all(shape.key for shape in shapes.values())
    assert {shapes["audit"].counted, shapes["expert"].counted} == {"id", ""}


def test_what_comes_back_is_what_was_there(database: Database, url: str, target_url: str) -> None:
    fill(database)
    backup = taken(database)
    with restored(target_url, backup) as target:
        assert rows(target_url) == rows(url)
        assert [content for content, _ in taken(target)] == [content for content, _ in backup]
        with target.read() as unit:
            assert unit.achievements.get("A").author_ids == ("😀", "é")  # type: ignore[union-attr]
            assert [entry.at for entry in unit.audit.tail(9)] == [AT] * 3


_any_records = st.tuples(
    st.lists(enterprises(), max_size=2, unique_by=lambda record: record.id),
    st.lists(experts(), max_size=3, unique_by=lambda record: record.id),
    st.lists(platforms(), max_size=2, unique_by=lambda record: record.id),
    st.lists(achievements(), max_size=3, unique_by=lambda record: record.id),
    st.lists(facts("91-f"), max_size=2, unique_by=lambda record: record.id),
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=_any_records)
def test_any_records_come_back(database: Database, target_url: str, records: tuple[list, ...]) -> None:
    companies, people, places, works, figures = records
    with database.write() as unit:
        for kind in EntityKind:
            unit.of(kind).remove([record.id for record in unit.of(kind).iterate()])
        unit.enterprises.upsert([*companies, Enterprise(code="91-f", name="有数据的企业")])
        unit.experts.upsert(people)
        unit.platforms.upsert(places)
        unit.achievements.upsert(works)
        unit.enterprise_facts.upsert(figures)
    backup = taken(database)
    with restored(target_url, backup, replace=True, vault=database.vault) as target:
        assert [content for content, _ in taken(target)] == [content for content, _ in backup]
        with target.read() as unit:
            assert list(unit.experts.iterate()) == sorted(people, key=lambda record: record.id)
            assert list(unit.achievements.iterate()) == sorted(works, key=lambda record: record.id)


def test_numbers_are_not_given_out_again(database: Database, url: str, target_url: str) -> None:
    fill(database)
    engine = open_engine(Address.parse(url))
    with writing(engine).begin() as connection:
        audit = Base.metadata.tables["audit"]
        connection.execute(audit.delete().where(audit.c.id > 1))
    engine.dispose()
    with restored(target_url, taken(database)) as target:
        for opened in (database, target):
            with opened.write() as unit:
                unit.audit.append(AuditEntry(at=AT, actor="a", action="b", target="next", detail={}))
    assert [row[0] for row in rows(target_url)["audit"]] == [1, 4]
    assert rows(target_url)["audit"] == rows(url)["audit"]


def test_a_database_with_rows_is_refused_and_left_alone(database: Database, url: str) -> None:
    fill(database)
    backup, before = taken(database), rows(url)
    with pytest.raises(Conflict, match="audit") as caught, restored(url, backup):
        pass
    assert caught.value.code == "backup.not_empty"
    assert rows(url) == before


def test_what_was_there_goes_where_it_may(database: Database, url: str) -> None:
    backup = taken(database)
    fill(database)
    with restored(url, backup, replace=True) as target:
        assert [content for content, _ in taken(target)] == [content for content, _ in backup]
    assert not any(rows(url).values())


@pytest.mark.parametrize("harm", ["a line missing", "a value changed", "no JSON", "a value too many"])
def test_damage_is_noticed_and_nothing_changes(database: Database, url: str, harm: str) -> None:
    fill(database)
    backup, before = taken(database), rows(url)
    (place,) = (n for n, (content, _) in enumerate(backup) if content.shape.name == "expert")
    content, lines = backup[place]
    changed = {
        "a line missing": lines[:-1],
        "a value changed": [lines[0].replace(b'"Z"', b'"Y"'), *lines[1:]],
        "no JSON": [lines[0][:-3] + b"\n", *lines[1:]],
        "a value too many": [lines[0][:-2] + b",1]\n", *lines[1:]],
    }[harm]
    assert changed != lines
    backup[place] = (content, changed)
    with pytest.raises(InvalidData, match="expert") as caught, restored(url, backup, replace=True):
        pass
    assert caught.value.code == "backup.damaged"
    assert rows(url) == before


def test_a_table_that_does_not_read_back_the_same_is_noticed(database: Database) -> None:
    fill(database)
    backup = taken(database)
    content = next(item for item, _ in backup if item.shape.name == "expert")
    with database.load(schema.head_revision()) as load:
        load.verify(content)
        other = TableContent(content.shape, content.n_rows, "0" * 64)
        with pytest.raises(InvalidData, match="expert") as caught:
            load.verify(other)
    assert caught.value.code == "backup.not_the_same"


def test_a_row_that_points_to_nothing_is_refused(database: Database, target_url: str) -> None:
    fill(database)
    backup = [
        (TableContent(content.shape, 0, EMPTY), []) if content.shape.name == "expert" else (content, lines)
        for content, lines in taken(database)
    ]
    with pytest.raises(InvalidData), restored(target_url, backup):
        pass


EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_others_write_meanwhile(database: Database) -> None:
    fill(database)
    with database.dump() as dump:
        shape = next(item for item in dump.tables if item.name == "expert")
        before = list(dump.blocks(shape))
        with database.write() as unit:
            unit.experts.upsert([Expert(id="later", name="后来的人")])
        assert list(dump.blocks(shape)) == before
    with database.read() as unit:
        assert unit.experts.count() == 4


def test_a_backup_of_an_earlier_revision_is_brought_up_to_date(database: Database, target_url: str) -> None:
    """The tables of a backup are those of its time; restored, they become those of this program."""
    fill(database)
    older = [(content, lines) for content, lines in taken(database) if content.shape.name == "audit"]
    target = Database.open(target_url)
    with closing(target):
        with target.load("0003") as load:
            load.prepare(replace=False)
            for content, lines in older:
                list(load.fill(content, lines))
            load.finish()
        assert target.schema_state().at_head
        with target.read() as unit:
            assert [entry.detail["n"] for entry in unit.audit.tail(9)] == [0, 1, 2]


def test_tables_of_another_program_are_not_dumped(database: Database, url: str) -> None:
    engine = open_engine(Address.parse(url))
    schema.downgrade(engine, "0005")
    with migrating(engine).begin() as connection:
        assert Dump(connection).revision == "0005"
    engine.dispose()
    with pytest.raises(Unavailable, match="matchmaker init"), database.dump():
        pass
