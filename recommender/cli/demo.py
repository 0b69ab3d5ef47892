"""``matchmaker demo``: the whole way from files to explained matches, on the samples."""

from typing import Final

import typer
from rich.rule import Rule
from rich.text import Text

from recommender.bootstrap import Application, now
from recommender.cli.context import acting, actor, application
from recommender.cli.index import built_sentence
from recommender.cli.match_table import render_answer
from recommender.cli.messages import common
from recommender.cli.messages import main as zh
from recommender.cli.output import answer, answers, notice, stage_progress
from recommender.cli.wrapping import Wrapped
from recommender.domain.entities import Need
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.exchange.report import ImportReport
from recommender.services.matching import MatchRequest

_FILES: Final = (
    ("enterprises", "enterprises.xlsx"),
    ("experts", "experts.xlsx"),
    ("platforms", "platforms.xlsx"),
    ("achievements", "achievements.xlsx"),
    ("achievement-platforms", "achievement_platforms.xlsx"),
    ("needs", "needs.xlsx"),
)
_SHOWN_NEEDS: Final = ("XQ2026001", "XQ2026006", "XQ2026012")
_SHOWN_ACHIEVEMENT: Final = "CG0001"
_SHOWN_K: Final = 3


def demo(ctx: typer.Context) -> None:
    """Import the samples, index, match all needs, show three."""
    app = application(ctx)
    app.database.upgrade()
    reports = [_import(app, kind, name) for kind, name in _FILES]
    if any(report.n_written for report in reports) or not app.readiness.check().ready:
        with stage_progress() as progress:
            built = app.indexing.build(actor=actor(), on_progress=progress)
        answer(built_sentence(built))
    with stage_progress() as progress:
        run = app.matching.match_all_needs(
            acting(),
            MatchRequest(SUPPLY_KINDS),
            now=now,
            on_progress=lambda done, total: progress(common.STAGE_MATCH, done, total),
        )
    answer(common.RUN_DONE.format(run=run.id, n=run.n_sources))
    for need_id in _SHOWN_NEEDS:
        _show(app, need_id)
    answer(zh.DEMO_NEXT.format(var_dir=app.settings.var_dir, achievement=_SHOWN_ACHIEVEMENT))


def _import(app: Application, kind: str, name: str) -> ImportReport:
    path = app.settings.data_dir / "samples" / name
    report = app.imports.apply(kind, path, actor=acting())
    answer(report.summary)
    if not report.applied:
        for error in report.errors:
            notice(f"{error.row} {error.column} {error.message}")
        raise typer.Exit(1)
    return report


def _show(app: Application, need_id: str) -> None:
    need = app.library.get(acting(), EntityKind.NEED, need_id)
    assert isinstance(need, Need)
    answers.print(Rule(f"{need.id} {need.title}"))
    answers.print(Wrapped(Text(need.description, style="italic")))
    answers.print(render_answer(app.matching.match_need(acting(), need_id, MatchRequest(SUPPLY_KINDS, _SHOWN_K))))
