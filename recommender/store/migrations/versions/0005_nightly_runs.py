"""Runs with numbers and reports, narrow suggestions, the shards of runs, leases, and which run readers see.

Suggestions are keyed by the number of their run instead of its id. What merges remember of suggestions is
rewritten along with them, so that they can still be undone.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Row = dict[str, Any]


class Change(NamedTuple):
    """What a merge remembers of a suggestion; ``made`` is how the merge left it, if it is still so."""

    place: tuple[int, int]
    key: Row
    before: Row | None
    made: Row | None


def upgrade() -> None:
    """Number the runs in the order of their starts, and move the suggestions to the new table."""
    remembered = _remembered()
    _set_aside()
    _create_match_run()
    op.execute(
        "INSERT INTO match_run (id, started_at, finished_at, state, snapshot_id, encoder_id, configuration_hash,"
        " n_sources, kind, scope, inputs_hash, report) "
        "SELECT id, started_at, finished_at, state, snapshot_id, encoder_id, configuration_hash,"
        " n_sources, '手动', '', '', '{}' FROM old_match_run ORDER BY started_at, id"
    )
    _create_suggestion()
    op.execute(
        "INSERT INTO suggestion (run_number, block, source_kind, source_id, target_kind, position, target_id,"
        " score, parts, reason, evidence_ids) "
        "SELECT run.number, run.number * 10000, old.source_kind, old.source_id, old.target_kind, old.position,"
        " old.target_id, old.score, old.parts, old.reason, old.evidence_ids "
        "FROM old_suggestion AS old JOIN match_run AS run ON run.id = old.run_id "
        "ORDER BY run.number, old.source_kind, old.source_id, old.target_kind, old.position"
    )
    numbers = _pairs("SELECT id, number FROM match_run")
    _rewrite(remembered, lambda row: _with_number(row, numbers))
    _drop("old_suggestion", "old_match_run")
    _create_run_shard()
    _create_lease()
    _create_publication()


def downgrade() -> None:
    """Go back to the ids of runs; reports, shards and what was published are lost."""
    remembered = _remembered()
    ids = _pairs("SELECT number, id FROM match_run")
    _drop("publication", "lease", "run_shard")
    _set_aside()
    _create_first_match_run()
    op.execute(
        "INSERT INTO match_run "
        "SELECT id, started_at, finished_at, state, snapshot_id, encoder_id, configuration_hash, n_sources "
        "FROM old_match_run"
    )
    op.execute("UPDATE match_run SET state = '完成' WHERE state = '部分完成'")
    _create_first_suggestion()
    op.execute(
        "INSERT INTO suggestion (run_id, source_kind, source_id, target_kind, position, target_id, score, parts,"
        " reason, evidence_ids) "
        "SELECT run.id, old.source_kind, old.source_id, old.target_kind, old.position, old.target_id, old.score,"
        " old.parts, old.reason, old.evidence_ids "
        "FROM old_suggestion AS old JOIN old_match_run AS run ON run.number = old.run_number"
    )
    _rewrite(remembered, lambda row: _with_id(row, ids))
    _drop("old_suggestion", "old_match_run")


def _pairs(statement: str) -> dict[Any, Any]:
    return {row[0]: row[1] for row in op.get_bind().exec_driver_sql(statement)}


def _drop(*tables: str) -> None:
    for table in tables:
        op.drop_table(table)


def _set_aside() -> None:
    """Copy both tables and drop them: the new ones need the names of their constraints."""
    op.execute("CREATE TABLE old_suggestion AS SELECT * FROM suggestion")
    op.execute("CREATE TABLE old_match_run AS SELECT * FROM match_run")
    _drop("suggestion", "match_run")


def _remembered() -> list[Change]:
    """What merges remember of suggestions, as the tables are now."""
    suggestions, changes = _reflected("suggestion"), _reflected("merge_change")
    found = []
    for change in op.get_bind().execute(sa.select(changes).where(changes.c.table_name == "suggestion")).all():
        same = sa.and_(*(suggestions.c[name] == value for name, value in change.row_key.items()))
        present = op.get_bind().execute(sa.select(suggestions).where(same)).one_or_none()
        made = None if present is None else dict(present._mapping)
        unchanged = made is not None and _hash(made) == change.after
        place = (change.merge_number, change.position)
        found.append(Change(place, change.row_key, change.before, made if unchanged else None))
    return found


def _rewrite(remembered: Sequence[Change], convert: Callable[[Row], Row | None]) -> None:
    """Write down again what merges remember, as the tables are now; what was of a deleted run goes with it."""
    table = _reflected("merge_change")
    for change in remembered:
        this = sa.and_(table.c.merge_number == change.place[0], table.c.position == change.place[1])
        key = convert(change.key)
        if key is None:
            op.execute(sa.delete(table).where(this))
            continue
        values: Row = {"row_key": key}
        if change.before is not None:
            values["before"] = convert(change.before)
        if change.made is not None:
            values["after"] = _hash(convert(change.made) or {})
        op.execute(sa.update(table).where(this).values(values))


def _with_number(row: Row, numbers: Mapping[str, int]) -> Row | None:
    number = numbers.get(row["run_id"])
    if number is None:
        return None
    block = {"block": number * 10_000} if "target_id" in row else {}
    return {"run_number": number, **{name: row[name] for name in row if name != "run_id"}, **block}


def _with_id(row: Row, ids: Mapping[int, str]) -> Row | None:
    id = ids.get(row["run_number"])
    if id is None:
        return None
    return {"run_id": id, **{name: row[name] for name in row if name not in ("run_number", "block")}}


def _hash(row: Row) -> str:
    """As the journal of merges makes it."""
    said = {name: value for name, value in sorted(row.items()) if value not in (None, "", [])}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _reflected(table: str) -> sa.Table:
    return sa.Table(table, sa.MetaData(), autoload_with=op.get_bind(), resolve_fks=False)


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _codes(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, CODE, nullable=False) for name in names]


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _code_length(table: str, column: str) -> sa.CheckConstraint:
    return _check(table, f"{column}_length", f"length({column}) BETWEEN 1 AND 200")


def _run_number(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_run_number_match_run")
    return sa.ForeignKeyConstraint(["run_number"], ["match_run.number"], name=name, ondelete="CASCADE")


def _create_match_run() -> None:
    table = "match_run"
    op.create_table(
        table,
        sa.Column("number", NUMBER, nullable=False),
        *_codes("id"),
        *_texts("kind"),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        *_texts("state"),
        sa.Column("as_of", sa.Date(), nullable=True),
        *_texts("scope", "snapshot_id", "encoder_id", "configuration_hash", "inputs_hash"),
        sa.Column("n_sources", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("id", name=op.f(f"uq_{table}_id")),
        _code_length(table, "id"),
        _check(table, "n_sources_range", "n_sources >= 0"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{table}_started_at"), table, ["started_at"])


def _suggestion_columns() -> list[Any]:
    table = "suggestion"
    return [
        *_texts("source_kind"),
        *_codes("source_id"),
        *_texts("target_kind"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        *_codes("target_id"),
        sa.Column("score", sa.Float(53), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        *_texts("reason"),
        sa.Column("evidence_ids", sa.JSON(), nullable=False),
        _check(table, "position_range", "position >= 1"),
        _code_length(table, "source_id"),
        _code_length(table, "target_id"),
    ]


def _create_suggestion() -> None:
    table = "suggestion"
    key = ("run_number", "source_kind", "source_id", "target_kind", "position")
    op.create_table(
        table,
        sa.Column("run_number", NUMBER, autoincrement=False, nullable=False),
        *_suggestion_columns(),
        sa.Column("block", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )
    index = ["block", "target_kind", "target_id"]
    op.create_index(op.f(f"ix_{table}_{'_'.join(index)}"), table, index)


def _create_run_shard() -> None:
    table = "run_shard"
    op.create_table(
        table,
        sa.Column("run_number", NUMBER, autoincrement=False, nullable=False),
        *_texts("stage"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_texts("error"),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("run_number", "stage", "number", name=op.f(f"pk_{table}")),
        _run_number(table),
    )


def _create_lease() -> None:
    op.create_table(
        "lease",
        *_texts("name", "holder"),
        sa.Column("token", NUMBER, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )


def _create_publication() -> None:
    table = "publication"
    previous = op.f(f"fk_{table}_previous_number_publication")
    op.create_table(
        table,
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("run_number", NUMBER, nullable=False),
        sa.Column("previous_number", NUMBER, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        *_texts("actor"),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
        _run_number(table),
        sa.ForeignKeyConstraint(["previous_number"], ["publication.number"], name=previous, ondelete="SET NULL"),
        sqlite_autoincrement=True,
    )


def _create_first_match_run() -> None:
    table = "match_run"
    op.create_table(
        table,
        *_codes("id"),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        *_texts("state", "snapshot_id", "encoder_id", "configuration_hash"),
        sa.Column("n_sources", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _code_length(table, "id"),
        _check(table, "n_sources_range", "n_sources >= 0"),
    )
    op.create_index(op.f(f"ix_{table}_started_at"), table, ["started_at"])


def _create_first_suggestion() -> None:
    table = "suggestion"
    key = ("run_id", "source_kind", "source_id", "target_kind")
    run = op.f(f"fk_{table}_run_id_match_run")
    op.create_table(
        table,
        *_codes("run_id"),
        *_suggestion_columns(),
        sa.PrimaryKeyConstraint(*key, "position", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(*key, "target_id", name=op.f("uq_suggestion_target")),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name=run, ondelete="CASCADE"),
    )
    for side in ("source", "target"):
        index = [f"{side}_kind", f"{side}_id"]
        op.create_index(op.f(f"ix_{table}_{'_'.join(index)}"), table, index)
