"""The command ``matchmaker``: parses, calls a service, prints. It decides nothing."""

import logging
import sys

import typer
from pydantic import ValidationError
from typer._click.exceptions import ClickException
from typer.main import get_command

from recommender.bootstrap import Application
from recommender.cli import (
    accounts,
    backups,
    demo,
    duplicates,
    evaluation,
    exporting,
    feedback,
    importing,
    index,
    matching,
    nightly,
    personal,
    review,
    serving,
    system,
    templates,
    world,
)
from recommender.cli.localised import ZhCommand, ZhGroup, usage_sentence
from recommender.cli.messages import feedback as of_feedback
from recommender.cli.messages import main as zh
from recommender.cli.messages import personal as of_persons
from recommender.cli.output import notice
from recommender.domain.errors import MatchmakerError
from recommender.settings import PREFIX, Settings

_DATA_IS_WRONG = 1
_COMMAND_IS_WRONG = 2
_INTERRUPTED = 130


def build_app() -> typer.Typer:
    """The command tree; the application object is the context's ``obj``."""
    app = typer.Typer(
        help=zh.APP_HELP, cls=ZhGroup, add_completion=False, no_args_is_help=True, rich_markup_mode="rich"
    )
    app.command("init", help=zh.INIT_HELP, cls=ZhCommand)(system.init)
    imports = typer.Typer(help=zh.IMPORT_HELP, cls=importing.ImportGroup)
    imports.command("apply", help=zh.IMPORT_APPLY_HELP, cls=ZhCommand)(importing.apply)
    imports.command("check", help=zh.IMPORT_CHECK_HELP, cls=ZhCommand)(importing.check)
    imports.command("undo", help=zh.IMPORT_UNDO_HELP, cls=ZhCommand)(importing.undo)
    imports.command("list", help=zh.IMPORT_LIST_HELP, cls=ZhCommand)(importing.list_batches)
    app.add_typer(imports, name="import")
    app.command("export", help=zh.EXPORT_HELP, cls=ZhCommand)(exporting.export)
    app.command("template", help=zh.TEMPLATE_HELP, cls=ZhCommand)(templates.template)
    pairs = typer.Typer(help=zh.DUPLICATES_HELP, cls=ZhGroup, no_args_is_help=True)
    pairs.command("find", help=zh.DUPLICATES_FIND_HELP, cls=ZhCommand)(duplicates.find)
    pairs.command("list", help=zh.DUPLICATES_LIST_HELP, cls=ZhCommand)(duplicates.list_pairs)
    pairs.command("merge", help=zh.DUPLICATES_MERGE_HELP, cls=ZhCommand)(duplicates.merge)
    pairs.command("reject", help=zh.DUPLICATES_REJECT_HELP, cls=ZhCommand)(duplicates.reject)
    pairs.command("undo", help=zh.DUPLICATES_UNDO_HELP, cls=ZhCommand)(duplicates.undo)
    pairs.command("history", help=zh.DUPLICATES_HISTORY_HELP, cls=ZhCommand)(duplicates.history)
    app.add_typer(pairs, name="duplicates")
    generations = typer.Typer(help=zh.INDEX_HELP, cls=ZhGroup, no_args_is_help=True)
    generations.command("build", help=zh.BUILD_HELP, cls=ZhCommand)(index.build)
    generations.command("list", help=zh.LIST_HELP, cls=ZhCommand)(index.list_generations)
    generations.command("verify", help=zh.VERIFY_HELP, cls=ZhCommand)(index.verify)
    generations.command("use", help=zh.USE_HELP, cls=ZhCommand)(index.use)
    app.add_typer(generations, name="index")
    app.command("match", help=zh.MATCH_HELP, cls=ZhCommand)(matching.match)
    app.command("nightly", help=zh.NIGHTLY_HELP, cls=ZhCommand)(nightly.nightly)
    runs = typer.Typer(help=zh.RUNS_HELP, cls=ZhGroup, no_args_is_help=True)
    runs.command("list", help=zh.RUNS_LIST_HELP, cls=ZhCommand)(nightly.list_runs)
    runs.command("show", help=zh.RUNS_SHOW_HELP, cls=ZhCommand)(nightly.show)
    runs.command("publish", help=zh.RUNS_PUBLISH_HELP, cls=ZhCommand)(nightly.publish)
    runs.command("rollback", help=zh.RUNS_ROLLBACK_HELP, cls=ZhCommand)(nightly.rollback)
    runs.command("digest", help=zh.RUNS_DIGEST_HELP, cls=ZhCommand)(nightly.digest)
    runs.command("explain", help=zh.RUNS_EXPLAIN_HELP, cls=ZhCommand)(nightly.explain)
    app.add_typer(runs, name="runs")
    app.command("remind", help=zh.REMIND_HELP, cls=ZhCommand)(review.remind)
    app.command("figures", help=zh.FIGURES_HELP, cls=ZhCommand)(review.figures)
    measuring = typer.Typer(help=zh.EVALUATE_HELP, cls=evaluation.EvaluateGroup, no_args_is_help=True)
    measuring.command("run", help=zh.EVALUATE_RUN_HELP, cls=ZhCommand)(evaluation.evaluate)
    measuring.command("compare", help=zh.COMPARE_HELP, cls=ZhCommand)(evaluation.compare)
    measuring.command("sweep", help=zh.SWEEP_HELP, cls=ZhCommand)(evaluation.sweep)
    app.add_typer(measuring, name="evaluate")
    _add_people(app)
    _add_feedback(app)
    app.command("serve", help=zh.SERVE_HELP, cls=ZhCommand)(serving.serve)
    app.command("backup", help=zh.BACKUP_HELP, cls=ZhCommand)(backups.backup)
    app.command("restore", help=zh.RESTORE_HELP, cls=ZhCommand)(backups.restore)
    app.command("doctor", help=zh.DOCTOR_HELP, cls=ZhCommand)(system.doctor)
    app.command("world", help=zh.WORLD_HELP, cls=ZhCommand)(world.world)
    app.command("demo", help=zh.DEMO_HELP, cls=ZhCommand)(demo.demo)
    return app


def _add_people(app: typer.Typer) -> None:
    """Who acts, and whose data are kept."""
    app.add_typer(accounts.commands(), name="accounts")
    app.add_typer(personal.persons(), name="persons")
    app.add_typer(personal.keys(), name="keys")
    app.command("retention", help=of_persons.RETENTION_HELP, cls=ZhCommand)(personal.retention)


def _add_feedback(app: typer.Typer) -> None:
    """What learns from decisions and judgements."""
    learning = typer.Typer(help=of_feedback.FEEDBACK_HELP, cls=ZhGroup, no_args_is_help=True)
    # A group of one command would be that command.
    learning.callback()(lambda: None)
    learning.command("export", help=of_feedback.FEEDBACK_EXPORT_HELP, cls=ZhCommand)(feedback.export)
    app.add_typer(learning, name="feedback")
    judging = typer.Typer(help=of_feedback.JUDGING_HELP, cls=ZhGroup, no_args_is_help=True)
    judging.command("pool", help=of_feedback.JUDGING_POOL_HELP, cls=ZhCommand)(feedback.pool)
    judging.command("progress", help=of_feedback.JUDGING_PROGRESS_HELP, cls=ZhCommand)(feedback.progress)
    judging.command("export", help=of_feedback.JUDGING_EXPORT_HELP, cls=ZhCommand)(feedback.export_pool)
    judging.command("close", help=of_feedback.JUDGING_CLOSE_HELP, cls=ZhCommand)(feedback.close)
    app.add_typer(judging, name="judging")


def run(arguments: list[str] | None = None) -> int:
    """Run one command line and return its exit code: 0 ok, 1 the data is wrong, 2 the command is wrong."""
    try:
        application = Application(Settings())
        logging.basicConfig(level=application.settings.log_level, format="%(levelname)s %(message)s")
        result = get_command(build_app()).main(
            args=arguments, prog_name="matchmaker", standalone_mode=False, obj=application
        )
        return result if isinstance(result, int) else 0
    except typer.Exit as stop:
        return int(stop.exit_code)
    except typer.Abort:
        return _INTERRUPTED
    except ClickException as error:
        notice(usage_sentence(error), style="red")
        return _COMMAND_IS_WRONG
    except ValidationError as error:
        notice(_settings_sentence(error), style="red")
        return _COMMAND_IS_WRONG
    except MatchmakerError as error:
        notice(str(error), style="red")
        return error.exit_code
    except Exception as error:  # the last net: a sentence, not a traceback, unless asked for
        logging.getLogger(__name__).debug("unexpected", exc_info=True)
        notice(zh.UNEXPECTED.format(kind=type(error).__name__), style="red")
        return _DATA_IS_WRONG


def _settings_sentence(error: ValidationError) -> str:
    names = "、".join(f"{PREFIX}{str(item['loc'][0]).upper()}" for item in error.errors() if item["loc"])
    return zh.SETTINGS_INVALID.format(names=names)


def main() -> None:
    """Entry point of the console script."""
    sys.exit(run())


if __name__ == "__main__":
    main()
