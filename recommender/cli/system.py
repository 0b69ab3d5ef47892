"""``matchmaker init`` and ``doctor``."""

import os
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from recommender.bootstrap import Application
from recommender.cli.context import application
from recommender.cli.messages import common
from recommender.cli.messages import system as zh
from recommender.cli.output import answer, answers, notice, print_json
from recommender.cli.wrapping import Wrapped
from recommender.domain.errors import MatchmakerError
from recommender.services.readiness import Check
from recommender.settings import PREFIX, Settings

Json = Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)]


def init(ctx: typer.Context, json: Json = False) -> None:
    """Create or upgrade the database."""
    database = application(ctx).database
    database.upgrade()
    state = database.schema_state()
    if json:
        print_json({"revision": state.head, "at_head": state.at_head})
    else:
        answer(zh.INIT_DONE.format(revision=state.head))


def doctor(ctx: typer.Context, json: Json = False) -> None:
    """Check everything and list the settings."""
    app = application(ctx)
    checks = [*app.readiness.diagnose().checks, _var_dir_check(app), *_key_check(app)]
    if json:
        print_json({"checks": checks, "settings": app.settings.shown()})
    else:
        answers.print(_check_table(checks))
        answers.print(_settings_table(app.settings))
        all_ok = all(check.ok for check in checks)
        notice(zh.DOCTOR_OK if all_ok else zh.DOCTOR_NOT_OK)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def _var_dir_check(app: Application) -> Check:
    path = app.settings.var_dir
    writable = os.access(path if path.exists() else path.absolute().parent, os.W_OK)
    sentence = zh.VAR_DIR_OK if writable else zh.VAR_DIR_BAD
    return Check("var_dir", ok=writable, detail=sentence.format(path=path))


def _key_check(app: Application) -> list[Check]:
    """Nothing is said of keys where the database cannot be looked into; that is said already."""
    try:
        return [app.keys.check()]
    except MatchmakerError:
        return []


def _check_table(checks: list[Check]) -> Table:
    table = Table(*zh.CHECK_HEADERS)
    for check in checks:
        table.add_row(zh.CHECK_LABELS[check.name], zh.YES if check.ok else zh.NO, Wrapped(Text(check.detail)))
    return table


def _settings_table(settings: Settings) -> Table:
    values = settings.shown()
    table = Table(*zh.SETTING_HEADERS)
    for name, field in Settings.model_fields.items():
        variable = f"{PREFIX}{name.upper()}"
        table.add_row(variable, values.get(variable, zh.NOT_SHOWN), Wrapped(Text(field.description or "")))
    return table
