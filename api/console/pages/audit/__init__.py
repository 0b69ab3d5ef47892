"""Pages on which one looks back: what was done, who saw whom, what was done with personal data."""

from fastapi import APIRouter

from api.console.pages.audit import personal, trail

router = APIRouter()
for part in (personal, trail):
    router.include_router(part.router)
