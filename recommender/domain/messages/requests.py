"""Sentences of the errors of requests."""

from typing import Final

ERRORS: Final[dict[str, str]] = {}
