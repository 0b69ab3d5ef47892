"""Builds the web application around the services."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from api import messages as zh
from api.docs import install_docs
from api.envelope import Envelope
from api.etags import require_if_match
from api.health import NotReady
from api.health import router as health_router
from api.lifecycle import ReadinessProbe, lifespan_of
from api.problems import component_schemas, install_handlers
from api.security.description import describe_access
from api.security.hosts import LocalNamesOnly, allowed_names
from api.security.upkeep import SessionUpkeep
from api.v1.router import router as v1_router
from recommender.bootstrap import Application
from recommender.settings import Settings

API_VERSION: Final = "1.0.0"
OPENAPI_PATH: Final = "/openapi.json"

# What a request holds leaves this process by no other way than its answer.
_NO_TELEMETRY: Final = TelemetryConfig(tracing=False, metrics=False, logs=False, auto_configure=False)


class MatchmakerApi(FastAPI):
    """FastAPI inside the envelope, with its error documents in the OpenAPI description."""

    def build_middleware_stack(self) -> ASGIApp:
        """Put the envelope around everything, the framework's own error handling included."""
        return Envelope(SessionUpkeep(super().build_middleware_stack()))

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        document = super().openapi()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(component_schemas(NotReady))
        require_if_match(document)
        describe_access(document, self.routes, self.state.application.settings)
        return document


def create_app(application: Application | None = None) -> FastAPI:
    """The web application.

    Args:
        application: what answers; built from the environment where none is given, so that
            ``uvicorn --factory api.app:create_app`` works.

    The server starts whether or not there is an index; until it can answer, ``/readyz`` says what to do.
    """
    served = application or Application(Settings())
    probe = ReadinessProbe(served)
    app = MatchmakerApi(
        title=zh.API_TITLE,
        summary=zh.API_SUMMARY,
        description=zh.API_DESCRIPTION,
        version=API_VERSION,
        openapi_tags=[{"name": name, "description": text} for name, text in zh.TAGS.items()],
        openapi_url=OPENAPI_PATH,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=served.settings.max_body_bytes,
        generate_unique_id_function=_operation_id,
        middleware=[Middleware(LocalNamesOnly, allowed=allowed_names(served.settings))],
        lifespan=lifespan_of(probe, served),
        telemetry=_NO_TELEMETRY,
    )
    app.state.application = served
    app.state.probe = probe
    install_handlers(app)
    install_docs(app)
    app.include_router(health_router)
    app.include_router(v1_router)
    return app


def _operation_id(route: APIRoute) -> str:
    """The endpoint's name: short, unique, and stable as long as the function keeps its name."""
    return route.name
