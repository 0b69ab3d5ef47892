"""Imports in five steps, and what was imported."""

from fastapi import APIRouter

from api.console.pages.imports import batches, steps, uploads

router = APIRouter()
for part in (batches, uploads, steps):
    router.include_router(part.router)

receiving = uploads.receiving
"""The one address that takes large bodies; it is given its limit where it is included."""
