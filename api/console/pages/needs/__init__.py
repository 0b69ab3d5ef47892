"""The pages of needs: lists, the guided form, and one need with what may be done."""

from fastapi import APIRouter

from api.console.pages.needs import editing, lists, showing

router = APIRouter()
# An id may hold slashes: what names none comes first, the need itself last.
for part in (lists.router, editing.literal, editing.router, showing.router, showing.last):
    router.include_router(part)
