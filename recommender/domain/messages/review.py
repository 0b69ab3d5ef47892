"""Sentences of the errors of review."""

from typing import Final

ERRORS: Final[dict[str, str]] = {}
