"""``/metrics``, for Prometheus."""

import ipaddress
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import PlainTextResponse, Response

from api import messages as zh
from api.observability import metrics
from api.problems import documented
from api.security.access import PERMISSION_ATTRIBUTE, allowed
from recommender.bootstrap import Application
from recommender.domain.accounts import Permission

router = APIRouter(tags=[zh.TAG_STATE])
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_by_account: Any = allowed(Permission.METRICS_READ).dependency


def _may_read(request: Request) -> None:
    """Whoever may read figures; where a setting says so, any program on this machine that asks directly."""
    application: Application = request.app.state.application
    if not (application.settings.local_metrics and _asks_from_here(request)):
        _by_account(request)


setattr(_may_read, PERMISSION_ATTRIBUTE, Permission.METRICS_READ)


@router.get(
    "/metrics",
    summary="运行数据",
    description="全部进程的运行数据，Prometheus 文本格式：请求数与用时、正在处理与排队的请求、被拒绝的请求、"
    "匹配用时、各进程使用的索引版本。不含任何个人信息。",
    response_description="Prometheus 文本格式的运行数据",
    response_class=PlainTextResponse,
    responses=documented(401, 403),
)
def read_metrics(_allowed: Annotated[None, Depends(_may_read)]) -> Response:
    """The figures of all workers."""
    return Response(metrics.exposed(), media_type=metrics.CONTENT_TYPE)


def _asks_from_here(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
