"""Builds the web application around the services."""

from typing import Any, Final, cast

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api import messages as zh
from api.console.router import install_console
from api.description import complete
from api.docs import install_docs
from api.envelope import Envelope
from api.health import NotReady
from api.health import router as health_router
from api.idempotency import Idempotency, Replay, replay
from api.lifecycle import MAX_CONCURRENT_REQUESTS, ReadinessProbe, lifespan_of
from api.metrics import router as metrics_router
from api.observability import metrics
from api.operations import Operations
from api.problems import component_schemas, install_handlers
from api.security.description import describe_access
from api.security.hosts import LocalNamesOnly, allowed_names
from api.security.upkeep import SessionUpkeep
from api.traffic.admission import Admission, Traffic, lanes
from api.traffic.rates import Rates
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
        stack: ASGIApp = SessionUpkeep(super().build_middleware_stack())
        served: Application = self.state.application
        if served.settings.trusted_proxies:
            # Typed by uvicorn's own words for the same things.
            untyped: Any = stack
            stack = cast(ASGIApp, ProxyHeadersMiddleware(untyped, trusted_hosts=_names(served.settings)))
        return Envelope(stack)

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        document = super().openapi()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(component_schemas(NotReady))
        describe_access(document, self.routes, self.state.application.settings)
        complete(document)
        return document


def create_app(application: Application | None = None) -> FastAPI:
    """The web application.

    Args:
        application: what answers; built from the environment where none is given, so that
            ``uvicorn --factory api.app:create_app`` works.

    The server starts whether or not there is an index; until it can answer, ``/readyz`` says what to do.
    """
    served = application or Application(Settings())
    served.on_ranked = metrics.ranked
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
        lifespan=lifespan_of(probe, served),
        telemetry=_NO_TELEMETRY,
    )
    app.state.application = served
    app.state.probe = probe
    app.state.traffic = traffic_of(app, served.settings)
    app.add_middleware(Idempotency, application=served, operations=app.state.traffic.operations)
    app.add_middleware(Admission, traffic=app.state.traffic)
    app.add_middleware(LocalNamesOnly, allowed=allowed_names(served.settings))
    install_handlers(app)
    app.add_exception_handler(Replay, replay)
    install_docs(app)
    app.include_router(health_router)
    app.include_router(metrics_router)
    app.include_router(v1_router)
    install_console(app)
    return app


def traffic_of(app: FastAPI, settings: Settings) -> Traffic:
    """How this process takes requests."""
    return Traffic(
        operations=Operations(app),
        lanes=lanes(
            n_threads=MAX_CONCURRENT_REQUESTS, n_matches=settings.match_slots, n_waiting=settings.match_queue
        ),
        actors=Rates(settings.rate_per_minute),
        addresses=Rates(settings.address_rate_per_minute),
        deadline_s=settings.deadline_seconds,
        max_body_bytes=settings.max_body_bytes,
    )


def _names(settings: Settings) -> list[str]:
    return [name.strip() for name in settings.trusted_proxies.split(",") if name.strip()]


def _operation_id(route: APIRoute) -> str:
    """The endpoint's name: short, unique, and stable as long as the function keeps its name."""
    return route.name
