"""All fields of the entities, and yearly facts of enterprises.

Tables grow by columns with a default, so none is written anew. Fingerprints are computed again, since they now
leave out fields at their defaults: otherwise every stored record would look changed at its next import.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
BATCH = 2000

TEXT, LIST, DATE, INTEGER, NUMBER, WORD, TRUTH = "text", "list", "date", "integer", "number", "word", "truth"

ADDED: dict[str, dict[str, str]] = {
    "enterprise": {"former_names": LIST, "nature": TEXT, "size": WORD, "above_scale": TRUTH},
    "need": {
        **dict.fromkeys(("difficulties", "research_content", "foundation", "scenario"), TEXT),
        **dict.fromkeys(("technical_field", "industry", "public_summary", "diagnosis"), TEXT),
        **dict.fromkeys(("indicators", "desired_partners", "intended_experts"), LIST),
        "contract_type": WORD,
        "confidentiality": TEXT,
        "reward_wan": NUMBER,
        "duration_months": INTEGER,
    },
    "expert": {
        **dict.fromkeys(("phone", "email", "source_url", "consent_record"), TEXT),
        "preferred_regions": LIST,
        "category": WORD,
        "collected_on": DATE,
        "response_ratio": NUMBER,
        "acceptance_ratio": NUMBER,
    },
    "platform": {
        **dict.fromkeys(("address", "technical_field", "open_sharing", "assessment"), TEXT),
        **dict.fromkeys(("n_staff", "n_enterprises_served", "recognised_in"), INTEGER),
        "valid_until": DATE,
    },
    "achievement": {
        **dict.fromkeys(("technical_field", "patent_number", "ownership", "role", "proof"), TEXT),
        "indicators": LIST,
        "legal_status": WORD,
        "price_wan": NUMBER,
        "amount_wan": NUMBER,
    },
}
CHECKS = {
    ("need", "reward_wan"): "reward_wan >= 0",
    ("need", "duration_months"): "duration_months >= 0",
    ("expert", "response_ratio"): "response_ratio BETWEEN 0 AND 1",
    ("expert", "acceptance_ratio"): "acceptance_ratio BETWEEN 0 AND 1",
    ("platform", "n_staff"): "n_staff >= 0",
    ("platform", "n_enterprises_served"): "n_enterprises_served >= 0",
    ("achievement", "price_wan"): "price_wan >= 0",
    ("achievement", "amount_wan"): "amount_wan >= 0",
}
DEFAULTS = {("need", "confidentiality"): "内部"}

OPTIONAL_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    WORD: sa.Text(),
    DATE: sa.Date(),
    INTEGER: sa.Integer(),
    NUMBER: sa.Float(53),
    TRUTH: sa.Boolean(),
}

STAMPS = frozenset({"version", "fingerprint", "created_at", "updated_at"})
REQUIRED = {
    "enterprise": frozenset({"code", "name"}),
    "need": frozenset({"id", "title"}),
    "expert": frozenset({"id", "name"}),
    "platform": frozenset({"id", "name"}),
    "achievement": frozenset({"id", "type", "title"}),
    "achievement_platform": frozenset({"achievement_id", "platform_id"}),
}
"""Fields without a default: always part of a fingerprint."""
OTHER_DEFAULTS = {"willingness": "开放", "n_active_engagements": 0}
"""Beside these the defaults of the first revision were no text, an empty list and NULL."""


def upgrade() -> None:
    """Add columns and the table of facts; compute fingerprints as the program now does."""
    for table in REQUIRED:
        _compute_fingerprints(table)
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            _add(table, name, kind)
    _create_enterprise_fact()


def downgrade() -> None:
    """Drop what was added. Fingerprints stay: the next import finds that nothing differs."""
    op.drop_table("enterprise_fact")
    for table, columns in ADDED.items():
        for name in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


def _add(table: str, name: str, kind: str) -> None:
    """Add one column, with its check inside the statement: SQLite adds none later."""
    dialect = op.get_bind().dialect
    column: sa.Column[Any]
    if kind in OPTIONAL_TYPES:
        column = sa.Column(name, OPTIONAL_TYPES[kind], nullable=True)
    else:
        default = DEFAULTS.get((table, name), "[]" if kind == LIST else "")
        column = sa.Column(name, sa.JSON() if kind == LIST else sa.Text(), nullable=False, server_default=default)
    sa.Table(table, sa.MetaData(), column)
    definition = sa.schema.CreateColumn(column).compile(dialect=dialect)
    check = CHECKS.get((table, name))
    named = f" CONSTRAINT ck_{table}_{name}_range CHECK ({check})" if check else ""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {definition}{named}")


def _create_enterprise_fact() -> None:
    table = "enterprise_fact"
    op.create_table(
        table,
        sa.Column("id", CODE, nullable=False),
        sa.Column("enterprise_code", CODE, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(53), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("unit", "status", "evidence")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            *("enterprise_code", "year", "indicator"),
            name=op.f(f"uq_{table}_enterprise_code_year_indicator"),
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_code"],
            ["enterprise.code"],
            name=op.f(f"fk_{table}_enterprise_code_enterprise"),
            ondelete="CASCADE",
        ),
    )


def _compute_fingerprints(name: str) -> None:
    connection = op.get_bind()
    table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    (key,) = table.primary_key.columns
    update = sa.update(table).where(key == sa.bindparam("key")).values(fingerprint=sa.bindparam("mark"))
    read = sa.select(table).order_by(key).limit(BATCH)
    rows = connection.execute(read).mappings().all()
    while rows:
        authors = _authors(connection, name, [row[key.name] for row in rows])
        marks = [
            {"key": row[key.name], "mark": _fingerprint(name, {**row, "author_ids": authors[row[key.name]]})}
            for row in rows
        ]
        connection.execute(update, marks)
        rows = connection.execute(read.where(key > rows[-1][key.name])).mappings().all()


def _authors(connection: sa.Connection, name: str, ids: Sequence[str]) -> defaultdict[str, list[str]]:
    """Author ids by achievement, in the order of the byline; they are part of an achievement's content."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    if name == "achievement":
        links = sa.table("achievement_author", *map(sa.column, ("achievement_id", "position", "expert_id")))
        bylines = sa.select(links.c.achievement_id, links.c.expert_id).where(links.c.achievement_id.in_(ids))
        for achievement_id, expert_id in connection.execute(bylines.order_by(links.c.position)):
            found[achievement_id].append(expert_id)
    return found


def _fingerprint(table: str, row: dict[str, Any]) -> str:
    """As the program computes it: sha256 over the JSON of the fields that are not at their default."""
    hidden = STAMPS | {"id"} if table == "achievement_platform" else STAMPS
    filled = {
        name: value
        for name, value in row.items()
        if name not in hidden and (name in REQUIRED[table] or not _is_default(name, value))
    }
    text = json.dumps(filled, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _is_default(name: str, value: object) -> bool:
    if name in OTHER_DEFAULTS:
        return value == OTHER_DEFAULTS[name]
    return value is None or value in ("", [])
