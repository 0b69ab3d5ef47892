"""Where one can go: the pages that the reader may open, in the order in which they are offered."""

from dataclasses import dataclass
from typing import Final

from recommender.domain.accounts import Actor, Permission, Role

HOME: Final = "/console/"


@dataclass(frozen=True, slots=True)
class Place:
    """One entry.

    Attributes:
        permission: what a reader needs; ``None`` for everybody who is signed in.
        roles: those to whom it is offered; others may still open it.
        is_minor: stands in the second menu.
    """

    label: str
    path: str
    permission: Permission | None
    roles: frozenset[Role] = frozenset({Role.ENTERPRISE, Role.OFFICER, Role.ADMIN})
    is_minor: bool = False


_OFFICERS: Final = frozenset({Role.OFFICER})
"""Administrators find the same among the settings."""
_STAFF: Final = frozenset({Role.OFFICER, Role.ADMIN})
PLACES: Final = (
    Place("首页", HOME, None),
    Place("审核台", "/console/review", Permission.CASES_REVIEW, _STAFF),
    Place("需求", "/console/needs", Permission.NEEDS_READ),
    Place("对接", "/console/cases", Permission.CASES_READ),
    Place("资源库", "/console/library", Permission.LIBRARY_READ),
    Place("批次", "/console/runs", Permission.RUNS_READ, _STAFF),
    Place("驾驶舱", "/console/cockpit", Permission.FIGURES_READ, _STAFF),
    Place("导入", "/console/imports", Permission.LIBRARY_WRITE, _STAFF, is_minor=True),
    Place("重复待定", "/console/duplicates", Permission.LIBRARY_WRITE, _STAFF, is_minor=True),
    Place("专家意愿", "/console/settings/consents", Permission.CONSENT_RECORD, _OFFICERS, is_minor=True),
    Place("账号", "/console/accounts", Permission.ACCOUNTS_MANAGE, is_minor=True),
    Place("审计", "/console/audit", Permission.AUDIT_READ, is_minor=True),
    Place("异议", "/console/objections", Permission.PERSONS_MANAGE, is_minor=True),
    Place("设置", "/console/settings", Permission.METRICS_READ, is_minor=True),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a page shows it."""

    label: str
    path: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """The entries of a reader; ``more`` stand in the second menu."""

    main: tuple[Entry, ...] = ()
    more: tuple[Entry, ...] = ()


def menu_of(actor: Actor, path: str) -> Menu:
    """What an actor is offered on the page at a path."""
    places = [place for place in PLACES if _is_for(place, actor)]
    here = max((place.path for place in places if _is_in(path, place.path)), key=len, default="")
    entries = [(place.is_minor, Entry(place.label, place.path, place.path == here)) for place in places]
    return Menu(
        tuple(entry for is_minor, entry in entries if not is_minor),
        tuple(entry for is_minor, entry in entries if is_minor),
    )


def _is_for(place: Place, actor: Actor) -> bool:
    return actor.role in place.roles and (place.permission is None or actor.may(place.permission))


def _is_in(path: str, root: str) -> bool:
    return path == root or (root != HOME and path.startswith(f"{root}/"))
