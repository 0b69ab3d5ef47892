"""Pages of the library: lists with facets, records, their forms, and taking lists along."""

from fastapi import APIRouter

from api.console.pages.library import edits, exports, lists, records

router = APIRouter()
for subject in (lists, exports, edits, records):
    # Records come last: their ids take every address that is left.
    router.include_router(subject.router)
