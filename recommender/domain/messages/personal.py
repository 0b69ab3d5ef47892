"""Sentences of the errors of personal."""

from typing import Final

ERRORS: Final[dict[str, str]] = {}
