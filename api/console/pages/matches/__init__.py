"""Pages of ranked answers: for a need, and from the other side for an achievement."""

from fastapi import APIRouter

from api.console.pages.matches import achievements, answers, needs

router = APIRouter()
for part in (needs, answers, achievements):
    router.include_router(part.router)
