"""Tables of figures that are kept: how far each match came, and how well each run serves whom."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STAGES: Final[dict[str, tuple[str, ...]]] = {
    "confirmed": ("确认", "调整"),
    "recommended": ("推送",),
    "interested": ("企业有意",),
    "accepted": ("专家接受",),
    "contacted": ("接洽",),
    "signed": ("签约",),
    "completed": ("结题",),
}


def upgrade() -> None:
    """Create the tables and fill them from the steps and the suggestions that are there."""
    _create_case_reach()
    _create_best_score()
    op.create_index("ix_workflow_step_subject_reason_at", "workflow_step", ["subject", "reason", "at"])
    op.execute(_REACHED_ON_SQLITE if op.get_bind().dialect.name == "sqlite" else _REACHED_ON_POSTGRESQL)
    op.execute(_BEST)


def downgrade() -> None:
    """Drop the tables; they follow from others."""
    op.drop_index("ix_workflow_step_subject_reason_at", "workflow_step")
    op.drop_table("best_score")
    op.drop_table("case_reach")


def _create_case_reach() -> None:
    op.create_table(
        "case_reach",
        sa.Column("case_number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("opened", NUMBER, nullable=False),
        *(sa.Column(stage, NUMBER, nullable=True) for stage in _STAGES),
        sa.Column("latest", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"],
            ["match_case.number"],
            name="fk_case_reach_case_number_match_case",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("case_number", name="pk_case_reach"),
    )


def _create_best_score() -> None:
    op.create_table(
        "best_score",
        sa.Column("run_number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", CODE, nullable=False),
        *(sa.Column(kind, sa.Float(53), nullable=True) for kind in ("expert", "platform", "achievement")),
        sa.ForeignKeyConstraint(
            ["run_number"], ["match_run.number"], name="fk_best_score_run_number_match_run", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_number", "source_kind", "source_id", name="pk_best_score"),
        sqlite_with_rowid=False,
    )


def _reached(seconds: str) -> str:
    times = ", ".join(
        f"min(CASE WHEN s.to_state IN ({', '.join(repr(state) for state in states)}) THEN {seconds} END)"
        for states in _STAGES.values()
    )
    return (
        f"INSERT INTO case_reach (case_number, opened, {', '.join(_STAGES)}, latest) "  # noqa: S608
        f"SELECT m.number, min({seconds}), {times}, max({seconds}) FROM workflow_step s "
        "JOIN match_case m ON m.id = s.subject_id LEFT JOIN workflow_step u ON u.undoes = s.number "
        "WHERE s.subject = '对接' AND s.undoes IS NULL AND u.number IS NULL "
        "AND s.to_state NOT IN ('系统推荐', '官员审核', '取消') "
        "GROUP BY m.number"
    )


_REACHED_ON_SQLITE: Final = _reached("unixepoch(s.at)")
_REACHED_ON_POSTGRESQL: Final = _reached("CAST(floor(extract(epoch FROM s.at)) AS bigint)")
_BEST: Final = (
    "INSERT INTO best_score (run_number, source_kind, source_id, expert, platform, achievement) "
    "SELECT s.run_number, s.source_kind, s.source_id, "
    "max(CASE WHEN s.target_kind = 'expert' THEN s.score END), "
    "max(CASE WHEN s.target_kind = 'platform' THEN s.score END), "
    "max(CASE WHEN s.target_kind = 'achievement' THEN s.score END) "
    "FROM suggestion s JOIN match_run r ON r.number = s.run_number "
    "WHERE s.source_kind IN ('enterprise', 'need') AND r.state IN ('完成', '部分完成') "
    "GROUP BY s.run_number, s.source_kind, s.source_id"
)
