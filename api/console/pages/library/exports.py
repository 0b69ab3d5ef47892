"""Taking a list of the library along as a file."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask
from starlette.responses import Response

from api.console.access import page
from api.console.attachments import attachment
from api.console.pages.library.asking import asked_of
from api.console.pages.library.columns import chosen_columns
from api.console.pages.library.kinds import ListedKind
from api.console.visit import Visit
from recommender.domain.accounts import Permission
from recommender.domain.errors import InvalidInput
from recommender.domain.kinds import KIND_LABELS, EntityKind

_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_NAMES: Final = {
    EntityKind.ENTERPRISE: ("code", "name"),
    EntityKind.EXPERT: ("id", "name"),
    EntityKind.PLATFORM: ("id", "name"),
    EntityKind.ACHIEVEMENT: ("id", "title"),
}
"""What a file says in any case: without it nobody knows which record a line is about."""

router = APIRouter(prefix="/library")


@router.get("/{kind}/export")
def export_list(
    visit: Annotated[Visit, page(Permission.LIBRARY_WRITE)],
    kind: ListedKind,
    format: str = "xlsx",
    whole: str = "",
) -> Response:
    """The list that the address asks for, with the columns that are shown or with all."""
    if format not in _TYPES:
        raise InvalidInput("export.format_unknown", name=format[:20])
    asked = asked_of(visit.request, kind)
    columns = chosen_columns(visit.request, visit.actor, kind, asked.columns).columns
    fields = () if whole else (*_NAMES[kind], *(column.field for column in columns))
    folder = tempfile.TemporaryDirectory(prefix="matchmaker-export-")
    try:
        name = f"{KIND_LABELS[kind]}-{datetime.now().astimezone():%Y%m%d-%H%M}.{format}"
        path = Path(folder.name) / name
        visit.served.library_export.write(visit.actor, kind, asked.question, path, sort=asked.sort, fields=fields)
    except BaseException:
        folder.cleanup()
        raise
    cleanup = BackgroundTask(folder.cleanup)
    return FileResponse(path, media_type=_TYPES[format], headers=attachment(name), background=cleanup)
