"""``matchmaker serve``: one process, or several workers that share a socket and the index in memory."""

import ipaddress
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from recommender.bootstrap import Application
from recommender.cli.context import application
from recommender.cli.messages import serving as zh
from recommender.cli.output import notice
from recommender.domain.errors import MatchmakerError
from recommender.settings import PREFIX, Settings

METRICS_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where the workers leave their figures for whichever of them is asked; read when the library is imported."""

_DATA_IS_WRONG: Final = 1
_THREAD_VARIABLES: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option("--host", help=zh.OPTION_HOST)] = None,
    port: Annotated[int | None, typer.Option("--port", help=zh.OPTION_PORT, min=1, max=65535)] = None,
    workers: Annotated[int | None, typer.Option("--workers", help=zh.OPTION_WORKERS, min=1, max=64)] = None,
) -> None:
    """Serve HTTP until interrupted."""
    app = application(ctx)
    changed = {"host": host, "port": port, "workers": workers}
    settings = app.settings.model_copy(update={k: v for k, v in changed.items() if v is not None})
    notice(zh.SERVE_NOTE.format(host=settings.host, port=settings.port))
    if not _is_loopback(settings.host):
        notice(zh.SERVE_EXPOSED.format(host=settings.host), style="yellow")
    _tell_without_accounts(app)
    if settings.workers == 1:
        raise typer.Exit(_alone(app, settings))
    raise typer.Exit(_several(settings))


def _tell_without_accounts(app: Application) -> None:
    """Whoever starts a service that nobody can use yet is told how to make the first account."""
    try:
        if app.accounts.exist():
            return
    except MatchmakerError as error:
        notice(str(error), style="yellow")
        return
    notice(zh.SERVE_NO_ACCOUNTS, style="yellow")


def _alone(app: Application, settings: Settings) -> int:
    os.environ.pop(METRICS_VARIABLE, None)
    from api import worker

    return worker.serve(app if settings == app.settings else Application(settings))


def _several(settings: Settings) -> int:
    environment = worker_environment(settings, os.environ)
    _emptied(Path(environment[METRICS_VARIABLE]))
    from recommender.cli.workers import Workers

    try:
        workers = Workers(settings, environment)
    except OSError as error:
        notice(
            zh.SERVE_NO_SOCKET.format(host=settings.host, port=settings.port, reason=error.strerror), style="red"
        )
        return _DATA_IS_WRONG
    return workers.run()


def worker_environment(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """What the workers find in their environment: the settings in force, and their share of the threads."""
    if "n_threads" not in settings.model_fields_set:
        n_threads = max(1, (os.cpu_count() or 1) // settings.workers)
        settings = settings.model_copy(update={"n_threads": n_threads})
    threads = dict.fromkeys(_THREAD_VARIABLES, str(settings.n_threads))
    figures = {METRICS_VARIABLE: str(settings.metrics_dir.resolve())}
    return threads | dict(environment) | _variables(settings) | figures


def _variables(settings: Settings) -> dict[str, str]:
    """The settings as environment variables, as far as they are not the default."""
    defaults = Settings.model_fields
    return {
        f"{PREFIX}{name.upper()}": str(value.resolve() if isinstance(value, Path) else value)
        for name, value in settings
        if value != defaults[name].default
    }


def _emptied(folder: Path) -> None:
    """What an earlier server left there would be counted again."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
