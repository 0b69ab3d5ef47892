"""Settings in force, and whether everything works."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import page
from api.console.messages import settings as zh
from api.console.visit import Visit
from recommender.domain.accounts import Permission
from recommender.settings import PREFIX, DescribedSetting

router = APIRouter()


@router.get("/settings")
def show_settings(
    visit: Annotated[Visit, page(Permission.METRICS_READ)], q: str = "", changed: str = ""
) -> Response:
    """Every setting, or those that hold a text or were changed."""
    described = visit.served.settings.described()
    wanted = [each for each in described if _fits(each, q.strip()) and (each.is_set or not changed)]
    return visit.render(
        "settings/list.html",
        groups=_grouped(wanted),
        n_shown=len(wanted),
        n_set=sum(each.is_set for each in described),
        is_filtered=bool(q or changed),
    )


@router.get("/settings/system")
def system_state(visit: Annotated[Visit, page(Permission.METRICS_READ)]) -> Response:
    """Checks, index generations, disk, last backup."""
    return visit.render(
        "settings/system.html",
        state=visit.served.system.state(visit.actor),
        check_labels=zh.CHECKS,
        part_labels=zh.PARTS,
        database_labels=zh.DATABASES,
        keep_snapshots=visit.served.settings.keep_snapshots,
    )


def _fits(setting: DescribedSetting, text: str) -> bool:
    return text.casefold() in f"{setting.variable} {setting.description}".casefold()


def _grouped(settings: Iterable[DescribedSetting]) -> list[tuple[str, list[Any]]]:
    """Settings under their headings; what nobody has grouped comes last."""
    by_variable = {each.variable: each for each in settings}
    found: list[tuple[str, list[Any]]] = []
    for heading, names in zh.GROUPS.items():
        variables = [f"{PREFIX}{name.upper()}" for name in names]
        found.append((heading, [by_variable.pop(each) for each in variables if each in by_variable]))
    found.append((zh.OTHERS, list(by_variable.values())))
    return [(heading, members) for heading, members in found if members]
