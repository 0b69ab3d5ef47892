"""All pages under ``/console``."""

from fastapi import APIRouter, FastAPI
from fastapi.responses import RedirectResponse

from api.console import plotly
from api.console.assets import install_assets
from api.console.errors import error_page
from api.console.navigation import HOME
from api.console.pages import (
    account,
    accounts,
    audit,
    case,
    cases,
    cockpit,
    duplicates,
    help,
    home,
    imports,
    library,
    matches,
    needs,
    nowhere,
    objections,
    persons,
    runs,
    session,
    settings,
)
from api.console.pages.review import router as review
from api.problems import ERROR_PAGE
from api.security.access import open_to_all

router = APIRouter(prefix="/console", include_in_schema=False)
for subject in (
    session,
    home,
    imports,
    cockpit,
    matches,  # Before needs and library, whose ids may hold slashes.
    cases,
    case,  # After the list: an id may hold slashes.
    runs,
    review,
    needs,  # Last: ids of needs may hold slashes, so its last address takes every longer one.
    library,
    persons,
    duplicates,
    account,
    accounts,
    audit,
    settings,
    objections,
    help,
):
    router.include_router(subject.router)
router.include_router(nowhere.router)  # Last: it takes every address that is left.


def install_console(app: FastAPI) -> None:
    """Serve the pages, their files, and problems as pages."""
    setattr(app.state, ERROR_PAGE, error_page)
    app.include_router(plotly.router)
    install_assets(app)
    settings = app.state.application.settings
    # Files may be larger than anything else that is sent; what is a little too large is told so on its page.
    limit = settings.max_upload_bytes + settings.max_upload_bytes // 4 + settings.max_body_bytes
    app.include_router(imports.receiving, prefix="/console", include_in_schema=False, max_body_size=limit)
    app.include_router(router)

    @app.get("/", include_in_schema=False, dependencies=[open_to_all()])
    @app.get("/console", include_in_schema=False, dependencies=[open_to_all()])
    async def start() -> RedirectResponse:
        return RedirectResponse(HOME)
