"""Light, dark, or as the system says: kept in a cookie, so that pages come in the right colours at once."""

from enum import StrEnum
from typing import Final

from starlette.requests import Request

COOKIE: Final = "matchmaker-theme"
_SECONDS: Final = 365 * 24 * 3600


class Theme(StrEnum):
    """How pages look."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


THEME_LABELS: Final[dict[Theme, str]] = {Theme.SYSTEM: "跟随系统", Theme.LIGHT: "浅色", Theme.DARK: "深色"}


def theme_of(request: Request) -> Theme:
    """What the reader chose."""
    value = request.cookies.get(COOKIE, "")
    return Theme(value) if value in set(Theme) else Theme.SYSTEM


def chosen(theme: Theme) -> str:
    """``Set-Cookie`` that keeps a choice."""
    return f"{COOKIE}={theme.value}; Path=/console; Max-Age={_SECONDS}; SameSite=Lax"
