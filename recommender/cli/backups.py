"""``matchmaker backup`` and ``matchmaker restore``."""

from pathlib import Path
from typing import Annotated

import typer

from recommender.cli.context import actor, application
from recommender.cli.messages import backups as zh
from recommender.cli.messages import common
from recommender.cli.output import answer, notice, print_json, stage_progress
from recommender.domain.accounts import Actor
from recommender.domain.backups import BackupManifest
from recommender.services.backups.service import Restored

_BYTES_PER_MB = 1_000_000

Json = Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)]
BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help=zh.ARGUMENT_BACKUP)]


def backup(
    ctx: typer.Context,
    file: BackupFile,
    with_key: Annotated[bool, typer.Option("--with-key", help=zh.OPTION_WITH_KEY)] = False,
    force: Annotated[bool, typer.Option("--force", help=common.OPTION_FORCE)] = False,
    json: Json = False,
) -> None:
    """Write the whole database to a file."""
    backups = application(ctx).backups
    with stage_progress() as progress:
        manifest = backups.take(
            file, actor=Actor.trusted(actor()), with_key=with_key, replace=force, on_progress=progress
        )
    if json:
        print_json(_summary(manifest))
        return
    size = f"{file.stat().st_size / _BYTES_PER_MB:,.1f} MB"
    answer(zh.BACKED_UP.format(tables=len(manifest.tables), rows=manifest.n_rows, size=size, path=file))
    key = zh.BACKUP_HAS_KEY if with_key else zh.BACKUP_WITHOUT_KEY.format(path=backups.key_file)
    notice(key, style="yellow")


def restore(
    ctx: typer.Context,
    file: BackupFile,
    force: Annotated[bool, typer.Option("--force", help=zh.OPTION_REPLACE_DATABASE)] = False,
    check: Annotated[bool, typer.Option("--check", help=zh.OPTION_CHECK_BACKUP)] = False,
    json: Json = False,
) -> None:
    """Make the database what it was when a backup was taken."""
    backups, who = application(ctx).backups, Actor.trusted(actor())
    with stage_progress() as progress:
        if check:
            manifest = backups.check(file, actor=who, on_progress=progress)
        else:
            restored = backups.restore(file, actor=who, replace=force, on_progress=progress)
            manifest = restored.manifest
    if json:
        print_json(_summary(manifest))
    elif check:
        answer(_sentence(zh.BACKUP_SOUND, manifest))
    else:
        answer(_sentence(zh.RESTORED, manifest))
        _say_what_is_left(restored, backups.key_file)


def _say_what_is_left(restored: Restored, key_file: Path) -> None:
    if not restored.key_is_here:
        notice(zh.RESTORED_KEY_MISSING.format(path=key_file), style="yellow")
    if restored.other_settings:
        notice(zh.RESTORED_SETTINGS, style="yellow")
        for name, (then, now) in restored.other_settings.items():
            notice(zh.RESTORED_SETTING.format(name=name, then=then, now=now))
    index = restored.manifest.index
    if restored.index_is_here and index is not None:
        notice(zh.RESTORED_INDEX_HERE.format(generation=index.generation))
    else:
        notice(zh.RESTORED_BUILD)


def _sentence(template: str, manifest: BackupManifest) -> str:
    at = manifest.made_at[:19].replace("T", " ") + " UTC"
    return template.format(tables=len(manifest.tables), rows=manifest.n_rows, at=at, database=manifest.database)


def _summary(manifest: BackupManifest) -> dict[str, object]:
    """The manifest without the shapes of the tables."""
    return {
        "made_at": manifest.made_at,
        "revision": manifest.revision,
        "database": manifest.database,
        "n_rows": manifest.n_rows,
        "tables": {item.shape.name: {"n_rows": item.n_rows, "sha256": item.sha256} for item in manifest.tables},
        "index": manifest.index,
        "keys": manifest.keys,
    }
