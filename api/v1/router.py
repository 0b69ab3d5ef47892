"""All operations of version 1 under ``/v1``."""

from fastapi import APIRouter

from api.v1 import (
    accounts,
    cases,
    entities,
    erasures,
    figures,
    intake,
    judging,
    library,
    matches,
    me,
    needs,
    outcomes,
    personal,
    runs,
    session,
    trails,
    wishes,
)

router = APIRouter(prefix="/v1")
# Matches first: an id may contain a slash, so the path of an entity would take theirs as well.
router.include_router(matches.router)
router.include_router(intake.router)
router.include_router(wishes.router)
router.include_router(judging.router)
router.include_router(runs.suggestions_router)
router.include_router(runs.router)
router.include_router(personal.router)
router.include_router(erasures.router)
router.include_router(trails.router)
router.include_router(library.router)
router.include_router(outcomes.router)
router.include_router(cases.router)
router.include_router(figures.router)
router.include_router(needs.router)
router.include_router(entities.router)
router.include_router(session.router)
router.include_router(me.router)
router.include_router(accounts.router)
