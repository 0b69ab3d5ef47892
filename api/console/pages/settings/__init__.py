"""Pages of how the system is set up and how it is, and of what persons may ask for."""

from fastapi import APIRouter

from api.console.pages.settings import erasures, persons, system

router = APIRouter()
for part in (system, persons, erasures):
    router.include_router(part.router)
