"""Errors as RFC 9457 problem documents: one shape for every failure, with sentences a user can act on."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from api import messages as zh
from api.etags import NotModified, not_modified
from recommender.domain.errors import (
    BatchConflict,
    MatchmakerError,
    NotSignedIn,
    StillRunning,
    TooMany,
    Unavailable,
)
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.paging import MAX_PAGE_SIZE

CODE_STATE: Final = "error_code"
"""Name under which a request's state holds the code of the error that answers it."""

ERROR_PAGE: Final = "error_page"
"""Name under which the application's state holds its :data:`ErrorPage`, if it has pages."""

RETRY_AFTER_HEADER: Final = "Retry-After"
REALM: Final = "matchmaker"
MEDIA_TYPE: Final = "application/problem+json"
_MAX_ERRORS: Final = 20
_MAX_ECHO: Final = 500
_MAX_FIELD: Final = 100
"""Longest texts that quote a request, in characters, so that an answer never grows with a bad question."""

_SERVER_ERROR: Final = 500
_log = logging.getLogger("api.errors")


class FieldError(BaseModel):
    """One thing in a request that cannot be taken."""

    model_config = ConfigDict(title="字段错误", json_schema_extra={"description": "请求中一处不符合要求的内容。"})

    location: str = Field(
        title="位置", description="body 请求正文、query 查询参数或 path 地址", examples=["body"]
    )
    field: str = Field(
        title="字段", description="字段名；列表中的一项写作 名称[序号]，从 0 开始", examples=["kinds[1]"]
    )
    message: str = Field(title="说明", description="为什么不符合要求", examples=["应为整数"])


class Problem(BaseModel):
    """The body of every error response."""

    model_config = ConfigDict(
        title="错误说明", json_schema_extra={"description": "RFC 9457 错误说明，所有错误响应都是这个格式。"}
    )

    type: str = Field(
        title="类型",
        description="错误类型的 URN，与 code 对应",
        examples=["urn:shuangmianxiu:entity.not_found"],
    )
    title: str = Field(title="标题", description="这类错误的名称", examples=["没有找到"])
    status: int = Field(title="状态码", description="HTTP 状态码", examples=[404])
    detail: str = Field(
        title="说明",
        description="发生了什么、可以怎么办，可直接显示给用户",
        examples=["没有编号为“N-1”的需求。请核对编号。"],
    )
    code: str = Field(title="代码", description="稳定的错误代码，供程序判断", examples=["entity.not_found"])
    request_id: str = Field(
        title="请求编号",
        description="与响应头 X-Request-ID 相同，可据此查日志",
        examples=["9f2c4e1ab37d4c05"],
    )
    errors: list[FieldError] = Field(
        default_factory=list,
        title="字段错误",
        description=f"不符合要求的字段，最多列出 {_MAX_ERRORS} 处；批量操作为不能处理的每一条；其他错误没有此项",
        max_length=MAX_PAGE_SIZE,
    )


def request_id_of(request: Request) -> str:
    """The id that the envelope gave this request."""
    return str(getattr(request.state, "request_id", ""))


def note_code(request: Request, code: str) -> None:
    """Keep the code of the error that answers a request, for the log and the figures."""
    setattr(request.state, CODE_STATE, code)


ErrorPage = Callable[[Scope, Problem], Response | None]
"""Shows a problem to who reads pages; ``None`` where a program asked."""


def problem_response(
    scope: Scope,
    status: int,
    code: str,
    *,
    detail: str,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer for one failure: a page to a reader of pages, a problem document to all others."""
    problem = Problem(
        type=problem_type(code),
        title=zh.STATUS_TITLES.get(status, zh.OTHER_STATUS_TITLE),
        status=status,
        detail=_echoable(detail),
        code=code,
        request_id=str(scope.get("state", {}).get("request_id", "")),
        errors=list(errors),
    )
    shown = _page_of(scope, problem)
    if shown is None:
        return render(problem, headers=headers)
    shown.headers.update(headers or {})
    return shown


def _page_of(scope: Scope, problem: Problem) -> Response | None:
    """The page of a problem, where the application has pages and one was asked for."""
    page: ErrorPage | None = getattr(scope["app"].state, ERROR_PAGE, None)
    return None if page is None else page(scope, problem)


def problem_type(code: str) -> str:
    """URN of an error code."""
    return f"urn:shuangmianxiu:{code}"


def render(problem: Problem, *, headers: Mapping[str, str] | None = None) -> Response:
    """A problem document as an HTTP answer; an empty list of field errors is left out."""
    content = problem.model_dump_json(exclude_defaults=True)
    return Response(content.encode(), problem.status, headers=headers, media_type=MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of an operation, for its OpenAPI entry."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        status: {
            "description": zh.STATUS_MEANINGS[status],
            "content": {MEDIA_TYPE: {"schema": schema, "example": _example(status)}},
        }
        for status in statuses
    }


def _example(status: int) -> dict[str, Any]:
    code, detail = zh.STATUS_EXAMPLES[status]
    problem = Problem(
        type=problem_type(code),
        title=zh.STATUS_TITLES[status],
        status=status,
        detail=detail,
        code=code,
        request_id="9f2c4e1ab37d4c05",
    )
    return problem.model_dump(exclude_defaults=True)


def component_schemas(*models: type[Problem]) -> dict[str, Any]:
    """The schemas of problem documents, which FastAPI does not find by itself."""
    mode: JsonSchemaMode = "serialization"
    documents: tuple[type[BaseModel], ...] = (Problem, *models)
    _, schema = models_json_schema(
        [(document, mode) for document in documents], ref_template="#/components/schemas/{model}"
    )
    found: dict[str, Any] = schema["$defs"]
    return found


def install_handlers(app: FastAPI) -> None:
    """Render every exception of the application as a problem document."""
    app.add_exception_handler(MatchmakerError, _matchmaker_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(NotModified, not_modified)
    app.add_exception_handler(Exception, _unexpected_error)


async def _matchmaker_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, MatchmakerError)
    return error_response(request, error)


def error_response(request: Request, error: MatchmakerError) -> Response:
    """The answer for an error of the product; its code is kept for the log."""
    note_code(request, error.code)
    if error.status >= _SERVER_ERROR:
        _log.warning("request %s: %s", request_id_of(request), error.code)
    return problem_response(
        request.scope,
        error.status,
        error.code,
        detail=str(error),
        errors=_faults(error),
        headers=_headers_of(error),
    )


def _faults(error: MatchmakerError) -> list[FieldError]:
    """Which of several things could not be done, each with its reason."""
    if not isinstance(error, BatchConflict):
        return []
    return [
        FieldError(location="body", field=_echoable(id, _MAX_FIELD), message=_echoable(sentence))
        for id, _, sentence in error.faults
    ]


def _headers_of(error: MatchmakerError) -> dict[str, str]:
    """How to prove who one is; and when to try again, of errors that pass by themselves."""
    if isinstance(error, NotSignedIn):
        return {"WWW-Authenticate": f'Bearer realm="{REALM}"'}
    if isinstance(error, TooMany | Unavailable | StillRunning):
        return {RETRY_AFTER_HEADER: str(error.retry_after_s)}
    return {}


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        note_code(request, "request.body_invalid")
        return problem_response(request.scope, 400, "request.body_invalid", detail=zh.DETAIL_BODY_INVALID)
    note_code(request, "request.invalid")
    errors = [_field_error(fault) for fault in faults[:_MAX_ERRORS]]
    first = f"{errors[0].field}：{errors[0].message}。"
    return problem_response(
        request.scope,
        422,
        "request.invalid",
        detail=zh.DETAIL_INVALID.format(n=len(faults), first=first),
        errors=errors,
    )


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, detail = _http_code_and_detail(request, error)
    note_code(request, code)
    return problem_response(request.scope, error.status_code, code, detail=detail, headers=error.headers)


def _http_code_and_detail(request: Request, error: HTTPException) -> tuple[str, str]:
    match error.status_code:
        case 400:
            return "request.body_invalid", zh.DETAIL_BODY_INVALID
        case 404:
            return "request.no_such_path", zh.DETAIL_NO_PATH
        case 405:
            allowed = (error.headers or {}).get("Allow", "")
            return "request.method", zh.DETAIL_METHOD.format(method=request.method, allowed=allowed)
        case 413:
            return "request.too_large", too_large_detail(request.app)
        case 415:
            return "request.content_type", zh.DETAIL_CONTENT_TYPE
        case status:
            return f"http.{status}", zh.DETAIL_OTHER.format(status=status)


def too_large_detail(app: FastAPI) -> str:
    """What to say of a body over the limit."""
    return zh.DETAIL_TOO_LARGE.format(maximum=app.max_body_size)


async def _unexpected_error(request: Request, _error: Exception) -> Response:
    note_code(request, "internal")
    request_id = request_id_of(request)
    detail = zh.DETAIL_INTERNAL.format(request_id=request_id)
    return problem_response(request.scope, 500, "internal", detail=detail)


def _field_error(fault: Mapping[str, Any]) -> FieldError:
    location, *path = fault["loc"]
    field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
    return FieldError(
        location=str(location), field=_echoable(field, _MAX_FIELD) or zh.WHOLE_BODY, message=_field_message(fault)
    )


def _field_message(fault: Mapping[str, Any]) -> str:
    context = dict(fault.get("ctx") or {})
    if fault["type"] in {"literal_error", "enum"}:
        context["allowed"] = "、".join(_with_label(value) for value in _quoted(context["expected"]))
    return zh.FIELD_ERRORS.get(fault["type"], zh.FIELD_ERROR_OTHER).format(**context)


def _quoted(expected: str) -> list[str]:
    """``'a', 'b' or 'c'`` as its parts."""
    return expected.split("'")[1::2]


def _with_label(value: str) -> str:
    return f"{value}（{KIND_LABELS[EntityKind(value)]}）" if value in set(EntityKind) else value


def _echoable(text: str, limit: int = _MAX_ECHO) -> str:
    """Text that quotes a request, made encodable and cut in the middle; its end says what to do."""
    whole = text.encode("utf-8", errors="replace").decode()
    half = limit // 2
    return whole if len(whole) <= limit else f"{whole[:half]}…{whole[-half:]}"
