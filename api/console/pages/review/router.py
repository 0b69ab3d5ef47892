"""All of the desk."""

from fastapi import APIRouter

from api.console.pages.review import deciding, queue, views

router = APIRouter()
for part in (queue, deciding, views):
    router.include_router(part.router)
