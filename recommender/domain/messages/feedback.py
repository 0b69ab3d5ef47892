"""Sentences of the errors of feedback."""

from typing import Final

ERRORS: Final[dict[str, str]] = {}
