"""How values are written on pages: one form for each kind, ``--`` for what is not there."""

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any, Final
from urllib.parse import quote, urlencode

from recommender.domain.accounts import ROLE_LABELS, Role
from recommender.domain.kinds import KIND_LABELS, EntityKind

NOTHING: Final = "--"
_WAN: Final = 10_000
_SECONDS_A_MINUTE: Final = 60
_SECONDS_AN_HOUR: Final = 3600
_MANY: Final = 100


def dash(value: object) -> object:
    """The value, ``--`` where it is empty; zero is not."""
    return NOTHING if value is None or value in {"", ()} else value


def when(value: datetime | None) -> str:
    """A moment as ``2026-01-31 08:05``, in the server's time zone."""
    return NOTHING if value is None else f"{value.astimezone():%Y-%m-%d %H:%M}"


def day(value: date | datetime | None) -> str:
    """A day as ``2026-01-31``."""
    if value is None:
        return NOTHING
    return f"{value.astimezone():%Y-%m-%d}" if isinstance(value, datetime) else f"{value:%Y-%m-%d}"


def number(value: float | None, digits: int = 0) -> str:
    """A number with thousands separators: ``62,213``."""
    return NOTHING if value is None else f"{value:,.{digits}f}"


def money(wan: float | None) -> str:
    """An amount given in 万元: ``80 万``, ``1.25 亿``."""
    if wan is None:
        return NOTHING
    return f"{_short(wan / _WAN)} 亿" if abs(wan) >= _WAN else f"{_short(wan)} 万"


def large(value: float | None) -> str:
    """A count that need not be exact: ``62,213``, ``19.0 万``, ``1.25 亿``."""
    if value is None:
        return NOTHING
    if abs(value) >= _WAN * _WAN:
        return f"{_short(value / _WAN / _WAN)} 亿"
    return f"{_short(value / _WAN)} 万" if abs(value) >= 10 * _WAN else number(value)


def percent(share: float | None, digits: int = 0) -> str:
    """A share in [0, 1] as ``37%``."""
    return NOTHING if share is None else f"{share * 100:.{digits}f}%"


def score(value: float | None) -> str:
    """A score in [0, 1] with two digits: ``0.83``."""
    return NOTHING if value is None else f"{value:.2f}"


def seconds(value: float | None) -> str:
    """A duration: ``3.2 秒``, ``5 分 20 秒``, ``2 小时 5 分``."""
    if value is None:
        return NOTHING
    if value < _SECONDS_A_MINUTE:
        return f"{value:.1f} 秒"
    whole = round(value)
    if whole < _SECONDS_AN_HOUR:
        return f"{whole // _SECONDS_A_MINUTE} 分 {whole % _SECONDS_A_MINUTE} 秒"
    return f"{whole // _SECONDS_AN_HOUR} 小时 {whole % _SECONDS_AN_HOUR // _SECONDS_A_MINUTE} 分"


def size(n_bytes: int | None) -> str:
    """A size of a file: ``820 KB``, ``3.4 MB``."""
    if n_bytes is None:
        return NOTHING
    kilobytes = n_bytes / 1024
    return f"{kilobytes:,.0f} KB" if kilobytes < 1024 else f"{kilobytes / 1024:,.1f} MB"  # noqa: PLR2004


def label(value: object) -> str:
    """What a value of a vocabulary is called."""
    match value:
        case EntityKind():
            return KIND_LABELS[value]
        case Role():
            return ROLE_LABELS[value]
        case Enum():
            return str(value.value)
    return str(dash(value))


def path_id(value: str) -> str:
    """An id as part of an address; slashes stay, since routes take them."""
    return quote(value, safe="/!~")


def query(values: dict[str, Any], **changes: Any) -> str:
    """A query string with changes; ``None`` and ``""`` leave a name out, a list gives it several times."""
    merged = {**values, **changes}
    kept = {name: value for name, value in merged.items() if value not in (None, "", (), [])}
    return f"?{urlencode(kept, doseq=True)}" if kept else "?"


def _short(value: float) -> str:
    """Three digits that count: ``1.25``, ``12.5``, ``125``."""
    digits = 0 if abs(value) >= _MANY or value == int(value) else 1 if abs(value) >= 10 else 2  # noqa: PLR2004
    return f"{value:,.{digits}f}"


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    function.__name__: function
    for function in (
        dash,
        when,
        day,
        number,
        money,
        large,
        percent,
        score,
        seconds,
        size,
        label,
        path_id,
    )
}
