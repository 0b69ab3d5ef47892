"""Operations on one's own account: who one is, one's password, sessions and tokens."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from api import messages as zh
from api.operations import SECRET_ANSWER
from api.problems import documented
from api.security.access import allowed, signed_in
from api.security.cookies import SessionCookie
from api.security.upkeep import UPKEEP, Upkeep
from api.v1.dependencies import Served, client_address, require_json
from api.v1.schemas_accounts import (
    MeOut,
    NewTokenOut,
    PasswordIn,
    SessionOut,
    SessionsOut,
    TokenIn,
    TokenOut,
    TokensOut,
)
from recommender.domain.accounts import Actor, Permission
from recommender.domain.tokens import scopes_named
from recommender.services.accounts.signed_in import SignedIn

router = APIRouter(prefix="/me", tags=[zh.TAG_ACCOUNTS], responses=documented(401, 403, 500, 503))

_Owner = Annotated[Actor, allowed(Permission.ACCOUNT_OWN)]
_BODY = documented(400, 413, 415, 422)


@router.get(
    "",
    summary="当前账号",
    description="谁在请求、有哪些权限、负责什么范围；任何账号与令牌都可以调用。",
    response_description="当前账号",
)
def get_me(known: Annotated[SignedIn, signed_in()]) -> MeOut:
    """Who asks."""
    return MeOut.of(known)


@router.put(
    "/password",
    summary="修改自己的密码",
    description="修改后，其他登录会话全部结束，当前会话换用新的 Cookie 与防伪标记。",
    response_description="当前账号与新的防伪标记",
    responses=_BODY | documented(429),
    dependencies=[Depends(require_json)],
)
def change_own_password(body: PasswordIn, request: Request, served: Served, actor: _Owner) -> MeOut:
    """Change one's password."""
    new = served.sign_in.change_password(actor, body.current, body.new, address=client_address(request))
    cookie = SessionCookie(served.settings)
    setattr(request.state, UPKEEP, Upkeep(set_cookie=cookie.header(new.secret)))
    return MeOut.of(new.signed_in)


@router.get(
    "/sessions",
    summary="自己的登录会话",
    description="在哪些浏览器上登录着，最近使用的在前。",
    response_description="登录会话列表",
)
def list_own_sessions(served: Served, actor: _Owner) -> SessionsOut:
    """One's sessions."""
    found = served.sessions.own(actor)
    return SessionsOut(items=[SessionOut.of(session, current_id=actor.session) for session in found])


@router.delete(
    "/sessions/{session_id}",
    summary="结束自己的一个登录会话",
    description="例如在公用电脑上忘记退出的登录。",
    response_description="已结束",
    status_code=204,
    responses=documented(404, 422),
)
def end_own_session(
    session_id: Annotated[str, Path(title="会话编号", description="会话编号")], served: Served, actor: _Owner
) -> None:
    """End one of one's sessions."""
    served.sessions.end(actor, session_id)


@router.get(
    "/tokens",
    summary="自己的访问令牌",
    description="自己建立的访问令牌，新的在前，含已撤销与过期的。",
    response_description="访问令牌列表",
)
def list_own_tokens(served: Served, actor: _Owner) -> TokensOut:
    """One's tokens."""
    return TokensOut(items=[TokenOut.of(token) for token in served.tokens.of(actor)])


@router.post(
    "/tokens",
    summary="新建自己的访问令牌",
    description="令牌的内容只在答复中显示一次。令牌能做的事不超过账号当时与现在的权限，且不能用来管理账号与令牌。",
    response_description="新建的访问令牌",
    status_code=201,
    responses=_BODY | documented(409),
    dependencies=[Depends(require_json)],
    openapi_extra=SECRET_ANSWER,
)
def create_own_token(body: TokenIn, served: Served, actor: _Owner) -> NewTokenOut:
    """Make a token."""
    new = served.tokens.create(actor, body.name, scopes_named(body.scopes), days=body.days)
    return NewTokenOut.with_secret(new.token, new.secret)


@router.delete(
    "/tokens/{token_id}",
    summary="撤销自己的访问令牌",
    description="立即生效，不能恢复；已撤销的再次撤销没有变化。",
    response_description="已撤销",
    status_code=204,
    responses=documented(404, 422),
)
def revoke_own_token(
    token_id: Annotated[str, Path(title="令牌编号", description="令牌编号")], served: Served, actor: _Owner
) -> None:
    """Revoke a token."""
    served.tokens.revoke(actor, token_id)
