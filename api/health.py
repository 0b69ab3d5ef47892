"""``/healthz`` and ``/readyz``, for whatever watches the server."""

from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api import messages as zh
from api.lifecycle import ReadinessProbe
from api.problems import MEDIA_TYPE, Problem, problem_type, render, request_id_of
from api.security.access import open_to_all
from api.security.credentials import known
from recommender.domain.accounts import Permission
from recommender.services.readiness import Check, Readiness

router = APIRouter(tags=[zh.TAG_STATE], dependencies=[open_to_all()])
_UNAVAILABLE: Final = 503


class Health(BaseModel):
    """The process answers."""

    model_config = ConfigDict(title="存活", json_schema_extra={"description": "进程在运行。"})

    status: str = Field("ok", title="状态", description="总是 ok", examples=["ok"])


class CheckOut(BaseModel):
    """One check."""

    model_config = ConfigDict(title="检查项", json_schema_extra={"description": "一项检查的结果。"})

    name: str = Field(title="代码", description="检查项的代码", examples=["index"])
    label: str = Field(title="名称", description="检查项的中文名称", examples=["索引"])
    ok: bool = Field(title="通过", description="是否通过", examples=[True])
    detail: str = Field(title="说明", description="查到了什么；未通过时说明该怎么做")


class Ready(BaseModel):
    """All checks passed."""

    model_config = ConfigDict(title="就绪", json_schema_extra={"description": "可以接受请求。"})

    ready: bool = Field(title="就绪", description="总是 true", examples=[True])
    checks: list[CheckOut] = Field(title="检查项", description="逐项结果")


class NotReady(Problem):
    """Some check did not pass."""

    model_config = ConfigDict(title="未就绪", json_schema_extra={"description": "错误说明，另附逐项检查的结果。"})

    ready: bool = Field(title="就绪", description="总是 false", examples=[False])
    checks: list[CheckOut] = Field(title="检查项", description="逐项结果")


async def _probe(request: Request) -> ReadinessProbe:
    probe: ReadinessProbe = request.app.state.probe
    return probe


async def _is_told(request: Request) -> bool:
    """Whether who asks may read what was found; strangers cost no look into the database, and no thread."""
    if "authorization" not in request.headers and "cookie" not in request.headers:
        return False
    found = await to_thread.run_sync(known, request)
    return found is not None and found.actor.may(Permission.RUNS_READ)


_NOT_READY: Final[dict[int | str, dict[str, Any]]] = {
    _UNAVAILABLE: {
        "description": "尚未就绪；`checks` 逐项说明该怎么做。",
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{NotReady.__name__}"}}},
    }
}


@router.get(
    "/healthz",
    summary="进程是否在运行",
    description="只说明进程在运行，不检查数据库与索引。",
    response_description="进程在运行",
)
async def healthz() -> Health:
    """Liveness: touches nothing."""
    return Health(status="ok")


@router.get(
    "/readyz",
    summary="能否接受请求",
    description="检查数据库结构是否为最新、索引版本是否通过校验。未就绪时返回 503，并说明该运行什么命令。"
    "查到了什么只告诉有权查看批次的账号，其他人只得到是否通过。",
    response_description="可以接受请求",
    response_model=Ready,
    responses=_NOT_READY,
)
async def readyz(
    request: Request,
    probe: Annotated[ReadinessProbe, Depends(_probe)],
    is_told: Annotated[bool, Depends(_is_told)],
) -> Ready | Response:
    """Readiness, checked the way a request would use the system."""
    readiness = await probe.check()
    checks = _checks(readiness, is_told=is_told)
    if readiness.ready:
        return Ready(ready=True, checks=checks)
    details = "".join(f"{check.label}：{check.detail}" for check in checks if not check.ok)
    return render(
        NotReady(
            type=problem_type("not_ready"),
            title=zh.STATUS_TITLES[_UNAVAILABLE],
            status=_UNAVAILABLE,
            detail=zh.NOT_READY.format(details=details),
            code="not_ready",
            request_id=request_id_of(request),
            ready=False,
            checks=checks,
        )
    )


def _checks(readiness: Readiness, *, is_told: bool) -> list[CheckOut]:
    return [
        CheckOut(
            name=check.name,
            label=zh.CHECK_LABELS[check.name],
            ok=check.ok,
            detail=check.detail if is_told else _for_strangers(check),
        )
        for check in readiness.checks
    ]


def _for_strangers(check: Check) -> str:
    """What does not tell paths, addresses or versions."""
    return zh.CHECK_PASSED if check.ok else zh.CHECK_FAILED[check.name]
