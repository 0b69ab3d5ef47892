"""The log: one line for each record, as text or as JSON, with nothing in it of what was asked or answered.

What an exception says of itself may quote a value that came from a request or from the database, so a traceback
is written as its types and places alone.
"""

import json
import logging
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TypeAlias

EVENT: Final = "event"
"""Name of the ``extra`` of a log call whose items become fields of the JSON line."""

_ROOT: Final = Path(__file__).resolve().parents[2]
_TEXT: Final = "%(asctime)s %(levelname)s %(message)s"

_Failure: TypeAlias = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def configure(level: str, style: str) -> None:
    """Send the log of this process to standard error.

    Args:
        level: ``DEBUG``, ``INFO``, ``WARNING`` or ``ERROR``; requests are logged at ``INFO``.
        style: ``text`` or ``json``.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if style == "json" else TextLines(_TEXT))
    logging.basicConfig(level=level, handlers=[handler], force=True)


class TextLines(logging.Formatter):
    """Lines to be read by people."""

    def formatException(self, ei: _Failure) -> str:  # noqa: N802 — the name is logging's
        """Types and places of a failure, one in a line."""
        return "\n".join(f"  {line}" for line in places_of(ei[1]))


class JsonLines(logging.Formatter):
    """Lines to be read by programs: one JSON object each."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as JSON."""
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "pid": os.getpid(),
            "message": record.getMessage(),
            **getattr(record, EVENT, {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            fields["error"] = type(record.exc_info[1]).__name__
            fields["traceback"] = places_of(record.exc_info[1])
        return json.dumps(fields, ensure_ascii=False)


def places_of(error: BaseException | None) -> list[str]:
    """Where an error came from, and what caused it: types, files, lines and functions, no values."""
    places: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        places.append(type(error).__name__)
        frames = traceback.extract_tb(error.__traceback__)
        places.extend(f"{_shortened(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return places


def _shortened(name: str) -> str:
    path = Path(name)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else "/".join(path.parts[-2:])
