"""The form of a record: what was typed is kept, also where somebody else was quicker."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.filters import path_id
from api.console.messages import library as zh
from api.console.pages.library.kinds import ListedKind
from api.console.visit import Submission, Visit
from recommender.domain.accounts import Permission
from recommender.domain.kinds import EntityKind
from recommender.services.library_forms import Control, FormRefused, RecordForm

_TEMPLATE: Final = "library/edit.html"
_WAS: Final = "was-"

router = APIRouter(prefix="/library")


@router.get("/{kind}/edit/{id:path}")
def edit_page(visit: Annotated[Visit, page(Permission.LIBRARY_WRITE)], kind: ListedKind, id: str) -> Response:
    """The form as the record stands now."""
    return visit.render(_TEMPLATE, kind=kind, form=visit.served.library_forms.open(visit.actor, kind, id))


@router.post("/{kind}/edit/{id:path}")
def save(sent: Annotated[Submission, form(Permission.LIBRARY_WRITE)], kind: ListedKind, id: str) -> Response:
    """Save what was changed."""
    forms = sent.served.library_forms
    typed, was = _typed(sent, forms.open(sent.actor, kind, id))
    if all(typed[name].strip() == was[name].strip() for name in typed):
        return sent.go(_record(kind, id), notice=zh.UNCHANGED)
    try:
        after = forms.save(sent.actor, kind, id, typed=typed, was=was, version=sent.fields.version())
    except FormRefused as refused:
        return sent.again(_TEMPLATE, refused.error, kind=kind, form=refused.form)
    return sent.go(_record(kind, after.record.id), notice=zh.SAVED)


def _typed(sent: Submission, present: RecordForm) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What stands in the fields, and what stood there when the page was made."""
    names = {name for name, _ in sent.fields}
    typed = {}
    for field in present.fields:
        if field.control is Control.SEVERAL and f"{_WAS}{field.field}" in names:
            # Boxes that are not ticked are not sent.
            typed[field.field] = "；".join(sent.fields.texts(field.field))
        elif field.field in names:
            typed[field.field] = sent.fields.text(field.field)
    return typed, {name: sent.fields.text(f"{_WAS}{name}") for name in typed}


def _record(kind: EntityKind, id: str) -> str:
    return f"/console/library/{kind.value}/{path_id(id)}"
