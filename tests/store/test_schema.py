"""Models and migrations agree, and the way up and down is open."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, DefaultClause, Engine, MetaData, Text, inspect

from recommender.domain.errors import Unavailable
from recommender.store import Database, schema
from recommender.store.address import Address
from recommender.store.engine import migrating, open_engine, reading
from recommender.store.tables import Base

from .postgres import Cluster


def test_upgrade_brings_an_empty_database_to_head(empty_url: str) -> None:
    database = Database.open(empty_url)
    assert database.schema_state().current is None
    assert not database.schema_state().at_head
    database.upgrade()
    state = database.schema_state()
    assert state.current == state.head
    assert state.at_head
    database.upgrade()
    assert database.schema_state() == state
    database.close()


def test_models_and_migrations_agree(url: str) -> None:
    engine = open_engine(Address.parse(url))
    with reading(engine).begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": _defaults_differ}
        )
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def _defaults_differ(
    context: MigrationContext,
    inspected_column: object,
    metadata_column: Column[object],
    inspected_default: str | None,
    metadata_default: object,
    rendered_metadata_default: str | None,
) -> bool:
    """Alembic asks the database whether both are equal, which PostgreSQL cannot say of JSON."""
    # PostgreSQL reflects a default with its type, as '[]'::json; SQLite one without text as ('').
    found = None if inspected_default is None else inspected_default.partition("::")[0].strip("()")
    wanted = metadata_column.server_default
    expected = None if wanted is None else f"'{wanted.arg}'"  # type: ignore[attr-defined]
    return found != expected


def test_a_default_that_differs_is_noticed(url: str) -> None:
    engine = open_engine(Address.parse(url))
    changed = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.tables.values():
        table.to_metadata(changed)
    changed.tables["need"].c.confidentiality.server_default = DefaultClause("公开")
    with reading(engine).begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": _defaults_differ})
        ((difference,),) = compare_metadata(context, changed)
    engine.dispose()
    assert difference[:4] == ("modify_default", None, "need", "confidentiality")


def test_models_and_migrations_agree_on_what_alembic_does_not_compare(url: str, empty_url: str) -> None:
    """Check constraints, delete rules and collations: tables made from the models are reflected alike."""
    migrated = open_engine(Address.parse(url))
    _touch(empty_url)
    modelled = open_engine(Address.parse(empty_url))
    with migrating(modelled).begin() as connection:
        Base.metadata.create_all(connection)
    for table in Base.metadata.tables:
        assert _shape(migrated, table) == _shape(modelled, table)
    migrated.dispose()
    modelled.dispose()


def _touch(url: str) -> None:
    """An empty SQLite file is a database without tables."""
    path = Address.parse(url).path
    if path is not None:
        path.touch()


def _shape(engine: Engine, table: str) -> dict[str, object]:
    look = inspect(engine)
    return {
        "columns": {
            (c["name"], str(c["type"]), getattr(c["type"], "collation", None), c["nullable"])
            for c in look.get_columns(table)
        },
        "primary key": look.get_pk_constraint(table),
        "checks": {(c["name"], c["sqltext"]) for c in look.get_check_constraints(table)},
        "foreign keys": {
            (c["name"], *c["constrained_columns"], c["referred_table"], c["options"].get("ondelete"))
            for c in look.get_foreign_keys(table)
        },
        "indexes": {(c["name"], *c["column_names"]) for c in look.get_indexes(table)},
        "unique": {(c["name"], *c["column_names"]) for c in look.get_unique_constraints(table)},
    }


def test_codes_sort_by_code_point_on_postgresql(cluster: Cluster, template: str) -> None:
    engine = open_engine(Address.parse(cluster.url(template)))
    look = inspect(engine)
    collations = {
        (table, column["name"]): column["type"].collation
        for table in Base.metadata.tables
        for column in look.get_columns(table)
        if column["name"] in {"id", "code"} or column["name"].endswith(("_id", "_code"))
        if isinstance(column["type"], Text)
    }
    engine.dispose()
    plain = {("match_run", "snapshot_id"), ("match_run", "encoder_id")}
    assert {place for place, collation in collations.items() if collation != "C"} == plain
    assert len(collations) > 30 + len(plain)


def test_every_constraint_has_a_name() -> None:
    unnamed = [
        (table.name, constraint)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert unnamed == []


def test_down_and_up_again(url: str) -> None:
    engine = open_engine(Address.parse(url))
    schema.downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    schema.upgrade(engine)
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()


def test_a_failing_migration_leaves_everything_as_it_was(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_check_foreign_keys", lambda connection: 1 / 0)
    database = Database.open(empty_url)
    with pytest.raises(ZeroDivisionError):
        database.upgrade()
    assert database.schema_state().current is None
    monkeypatch.undo()
    database.upgrade()
    assert database.schema_state().at_head
    database.close()


def test_a_database_of_a_newer_program_is_refused(url: str) -> None:
    database = Database.open(url)
    engine = open_engine(Address.parse(url))
    with migrating(engine).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    assert database.schema_state().current == "9999"
    assert not database.schema_state().at_head
    with pytest.raises(Unavailable, match="9999") as caught:
        database.upgrade()
    assert caught.value.code == "store.schema_unknown"
    database.close()


def test_use_before_upgrade_names_the_command(empty_url: str) -> None:
    database = Database.open(empty_url)
    _touch(empty_url)
    with pytest.raises(Unavailable, match="matchmaker init") as caught, database.read() as unit:
        unit.experts.count()
    assert caught.value.code == "store.not_initialised"
    database.close()
