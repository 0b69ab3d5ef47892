"""First tables: entities and their links, match runs with suggestions, audit.

Written out rather than taken from the models, which will move on while this revision stays.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create everything."""
    _create_enterprise()
    _create_need()
    _create_expert()
    _create_platform()
    _create_achievement()
    _create_links()
    _create_match_run()
    _create_suggestion()
    _create_audit()


def downgrade() -> None:
    """Drop everything, what points to others first."""
    for table in (
        "audit",
        "suggestion",
        "match_run",
        "achievement_platform",
        "achievement_author",
        "achievement",
        "platform",
        "expert",
        "need",
        "enterprise",
    ):
        op.drop_table(table)


def _stamps() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
    ]


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _lists(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.JSON(), nullable=False) for name in names]


def _code_length(table: str, column: str = "id") -> sa.CheckConstraint:
    return _check(table, f"{column}_length", f"length({column}) BETWEEN 1 AND 200")


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _primary_key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _foreign_key(table: str, column: str, target: str, *, ondelete: str) -> sa.ForeignKeyConstraint:
    target_table = target.partition(".")[0]
    name = op.f(f"fk_{table}_{column}_{target_table}")
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=ondelete)


def _create_enterprise() -> None:
    op.create_table(
        "enterprise",
        sa.Column("code", CODE, nullable=False),
        *_texts("name", "town", "industry", "industry_chain"),
        sa.Column("founded_on", sa.Date(), nullable=True),
        *_texts("registered_capital", "province", "city"),
        *_lists("qualifications"),
        *_texts("main_products", "business_scope"),
        *_stamps(),
        _primary_key("enterprise", "code"),
        _code_length("enterprise", "code"),
    )


def _create_need() -> None:
    op.create_table(
        "need",
        sa.Column("id", CODE, nullable=False),
        *_texts("title"),
        sa.Column("enterprise_code", CODE, nullable=True),
        *_texts("industry_chain"),
        sa.Column("cooperation_mode", sa.Text(), nullable=True),
        sa.Column("target_trl", sa.Integer(), nullable=True),
        sa.Column("budget_wan", sa.Float(53), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        *_lists("keywords"),
        *_texts("description"),
        *_stamps(),
        _primary_key("need", "id"),
        _code_length("need"),
        _check("need", "target_trl_range", "target_trl BETWEEN 1 AND 9"),
        _check("need", "budget_wan_range", "budget_wan >= 0"),
        _foreign_key("need", "enterprise_code", "enterprise.code", ondelete="SET NULL"),
    )
    op.create_index(op.f("ix_need_enterprise_code"), "need", ["enterprise_code"])


def _create_expert() -> None:
    op.create_table(
        "expert",
        sa.Column("id", CODE, nullable=False),
        *_texts("name", "organisation", "province", "city", "industry_chain"),
        *_lists("cooperation_modes"),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("n_active_engagements", sa.Integer(), nullable=False),
        *_texts("willingness"),
        sa.Column("consent_withdrawn_on", sa.Date(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        *_texts("data_source", "department", "job_title", "discipline"),
        *_lists("avoided_enterprises", "research_fields"),
        *_texts("honours", "solvable_problems", "biography"),
        *_stamps(),
        _primary_key("expert", "id"),
        _code_length("expert"),
        _check("expert", "capacity_range", "capacity >= 0"),
        _check("expert", "n_active_engagements_range", "n_active_engagements >= 0"),
    )


def _create_platform() -> None:
    op.create_table(
        "platform",
        sa.Column("id", CODE, nullable=False),
        *_texts("name", "type", "level", "host_organisation"),
        *_texts("province", "city", "industry_chain", "director"),
        *_lists("certifications", "research_fields"),
        *_texts("services", "equipment"),
        *_stamps(),
        _primary_key("platform", "id"),
        _code_length("platform"),
    )


def _create_achievement() -> None:
    op.create_table(
        "achievement",
        sa.Column("id", CODE, nullable=False),
        *_texts("type", "title", "organisation"),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("trl", sa.Integer(), nullable=True),
        *_texts("industry_chain", "application_industry"),
        *_lists("transfer_modes", "keywords"),
        *_texts("abstract"),
        *_stamps(),
        _primary_key("achievement", "id"),
        _code_length("achievement"),
        _check("achievement", "trl_range", "trl BETWEEN 1 AND 9"),
    )
    op.create_index(op.f("ix_achievement_year"), "achievement", ["year"])


def _create_links() -> None:
    op.create_table(
        "achievement_author",
        sa.Column("achievement_id", CODE, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("expert_id", CODE, nullable=False),
        _primary_key("achievement_author", "achievement_id", "position"),
        sa.UniqueConstraint(
            "achievement_id", "expert_id", name=op.f("uq_achievement_author_achievement_id_expert_id")
        ),
        _check("achievement_author", "position_range", "position >= 1"),
        _foreign_key("achievement_author", "achievement_id", "achievement.id", ondelete="CASCADE"),
        _foreign_key("achievement_author", "expert_id", "expert.id", ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_achievement_author_expert_id"), "achievement_author", ["expert_id"])
    op.create_table(
        "achievement_platform",
        sa.Column("id", CODE, nullable=False),
        sa.Column("achievement_id", CODE, nullable=False),
        sa.Column("platform_id", CODE, nullable=False),
        *_stamps(),
        _primary_key("achievement_platform", "id"),
        sa.UniqueConstraint(
            "achievement_id", "platform_id", name=op.f("uq_achievement_platform_achievement_id_platform_id")
        ),
        _foreign_key("achievement_platform", "achievement_id", "achievement.id", ondelete="CASCADE"),
        _foreign_key("achievement_platform", "platform_id", "platform.id", ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_achievement_platform_platform_id"), "achievement_platform", ["platform_id"])


def _create_match_run() -> None:
    op.create_table(
        "match_run",
        sa.Column("id", CODE, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        *_texts("state", "snapshot_id", "encoder_id", "configuration_hash"),
        sa.Column("n_sources", sa.Integer(), nullable=False),
        _primary_key("match_run", "id"),
        _code_length("match_run"),
        _check("match_run", "n_sources_range", "n_sources >= 0"),
    )
    op.create_index(op.f("ix_match_run_started_at"), "match_run", ["started_at"])


def _create_suggestion() -> None:
    op.create_table(
        "suggestion",
        sa.Column("run_id", CODE, nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", CODE, nullable=False),
        sa.Column("target_kind", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target_id", CODE, nullable=False),
        sa.Column("score", sa.Float(53), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        *_texts("reason"),
        *_lists("evidence_ids"),
        _primary_key("suggestion", "run_id", "source_kind", "source_id", "target_kind", "position"),
        sa.UniqueConstraint(
            *("run_id", "source_kind", "source_id", "target_kind", "target_id"),
            name=op.f("uq_suggestion_target"),
        ),
        _check("suggestion", "position_range", "position >= 1"),
        _code_length("suggestion", "source_id"),
        _code_length("suggestion", "target_id"),
        _foreign_key("suggestion", "run_id", "match_run.id", ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_suggestion_source_kind_source_id"), "suggestion", ["source_kind", "source_id"])
    op.create_index(op.f("ix_suggestion_target_kind_target_id"), "suggestion", ["target_kind", "target_id"])


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        *_texts("actor", "action", "target"),
        sa.Column("detail", sa.JSON(), nullable=False),
        _primary_key("audit", "id"),
        sqlite_autoincrement=True,
    )
