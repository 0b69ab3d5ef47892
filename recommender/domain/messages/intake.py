"""Sentences of the errors of intake."""

from typing import Final

ERRORS: Final[dict[str, str]] = {}
