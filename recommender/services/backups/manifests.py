"""The manifest of a backup as JSON, and back with nothing taken on trust."""

import json
import re
from dataclasses import asdict
from typing import Any, Final

from recommender.domain.backups import (
    BACKUP_FORMAT,
    BackupManifest,
    ColumnShape,
    Form,
    IndexPointer,
    TableContent,
    TableShape,
)
from recommender.domain.errors import InvalidData

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
"""Of a table or a column: it becomes a part of statements."""


def to_json(manifest: BackupManifest) -> str:
    """Stable, readable JSON."""
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)


def from_json(text: str | bytes, *, file: str) -> BackupManifest:
    """What :func:`to_json` wrote.

    Args:
        file: what sentences call the backup.

    Raises:
        InvalidData: this is no manifest, or one of a newer program.
    """
    try:
        raw: dict[str, Any] = json.loads(text)
        if raw["format"] > BACKUP_FORMAT:
            raise InvalidData("backup.newer", file=file)
        index = raw["index"]
        return BackupManifest(
            made_at=str(raw["made_at"]),
            revision=_name(f"r{raw['revision']}")[1:],
            database=str(raw["database"]),
            tables=tuple(map(_table, raw["tables"])),
            settings={str(name): str(value) for name, value in raw["settings"].items()},
            index=None if index is None else IndexPointer(**index),
            keys=tuple(map(str, raw["keys"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidData("backup.not_a_backup", file=file) from None


def _table(raw: dict[str, Any]) -> TableContent:
    shape = raw["shape"]
    columns = tuple(ColumnShape(_name(item["name"]), Form(item["form"])) for item in shape["columns"])
    key = tuple(map(_name, shape["key"]))
    counted = shape["counted"] and _name(shape["counted"])
    if not {*key, *filter(None, [counted])} <= {column.name for column in columns}:
        raise ValueError("a key that is no column")
    described = TableShape(_name(shape["name"]), columns, key, counted)
    return TableContent(described, int(raw["n_rows"]), str(raw["sha256"]), int(raw["last_number"]))


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError("no name of a table or a column")
    return text
