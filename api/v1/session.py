"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from api import messages as zh
from api.problems import documented
from api.security.access import allowed, open_to_all
from api.security.cookies import SessionCookie
from api.security.credentials import telling_strangers_little
from api.security.origins import check_origin
from api.security.upkeep import UPKEEP, Upkeep
from api.v1.dependencies import Served, client_address, require_json
from api.v1.schemas_accounts import MeOut, SignInIn
from recommender.domain.accounts import Actor, Permission

router = APIRouter(prefix="/session", tags=[zh.TAG_ACCOUNTS])


@router.post(
    "",
    summary="登录",
    description="用登录名与密码登录，得到浏览器的登录会话（Cookie）与防伪标记。多次失败后须等待，"
    "等待期间正确的密码也不接受；等多久见响应头 Retry-After。程序请改用访问令牌。",
    response_description="已登录的账号；Cookie 在响应头 Set-Cookie 中",
    responses=documented(400, 401, 403, 413, 415, 422, 429, 500, 503),
    dependencies=[open_to_all(), Depends(require_json)],
)
def sign_in(body: SignInIn, request: Request, served: Served) -> MeOut:
    """Begin a session."""
    cookie = SessionCookie(served.settings)
    cookie.require_private(request)
    check_origin(request, served.settings)
    with telling_strangers_little():
        new = served.sign_in.sign_in(
            body.login_name,
            body.password,
            address=client_address(request),
            user_agent=request.headers.get("user-agent", ""),
            former_secret=cookie.read(request),
        )
    setattr(request.state, UPKEEP, Upkeep(set_cookie=cookie.header(new.secret)))
    return MeOut.of(new.signed_in)


@router.delete(
    "",
    summary="退出登录",
    description="结束当前的登录会话，并让浏览器丢弃 Cookie。",
    response_description="已退出",
    status_code=204,
    responses=documented(401, 403, 500, 503),
)
def sign_out(request: Request, served: Served, actor: Annotated[Actor, allowed(Permission.ACCOUNT_OWN)]) -> None:
    """End the session that asks."""
    served.sessions.sign_out(actor)
    setattr(request.state, UPKEEP, Upkeep(set_cookie=SessionCookie(served.settings).deletion()))
