"""Pages on which administrators look after accounts."""

from fastapi import APIRouter

from api.console.pages.accounts import creating, listing, managing

router = APIRouter()
for part in (listing, creating, managing):
    router.include_router(part.router)
