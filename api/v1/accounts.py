"""Operations of administrators on accounts and their tokens."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api import messages as zh
from api.etags import NOT_MODIFIED, ChangedVersions, ExpectedVersion, ReadVersions
from api.operations import SECRET_ANSWER
from api.problems import documented
from api.security.access import allowed
from api.v1.dependencies import Served, require_json
from api.v1.paging import PageOut, paged
from api.v1.schemas_accounts import (
    AccountChangeIn,
    AccountIn,
    AccountOut,
    NewPasswordOut,
    NewTokenOut,
    RoleName,
    StateName,
    TokenIn,
    TokenOut,
    TokensOut,
)
from recommender.domain.accounts import AccountFilter, Actor, Permission
from recommender.domain.paging import PageRequest
from recommender.domain.tokens import scopes_named

router = APIRouter(prefix="/accounts", tags=[zh.TAG_ACCOUNTS], responses=documented(401, 403, 422, 500, 503))

_Manager = Annotated[Actor, allowed(Permission.ACCOUNTS_MANAGE)]
_AccountId = Annotated[str, Path(title="账号编号", description="账号编号", examples=["5f0c1d2e3b4a5968"])]
_BODY = documented(400, 413, 415)


@router.get(
    "",
    summary="账号列表",
    description="按登录名或建立时间排序，可按角色、状态和名称筛选。",
    response_description="一页账号",
)
def list_accounts(
    served: Served,
    actor: _Manager,
    page: Annotated[PageRequest, paged("login_name", "created_at")],
    *,
    role: Annotated[RoleName | None, Query(title="角色", description="只看这个角色")] = None,
    state: Annotated[StateName | None, Query(title="状态", description="只看启用的或停用的")] = None,
    text: Annotated[
        str, Query(alias="q", title="名称", description="登录名或姓名包含的文字", max_length=100)
    ] = "",
) -> PageOut[AccountOut]:
    """Accounts by login name."""
    found = served.accounts.page(actor, page, AccountFilter(role=role, state=state, text=text))
    items = [AccountOut.of(account) for account in found.items]
    return PageOut[AccountOut](items=items, next_cursor=found.next_cursor)


@router.post(
    "",
    summary="新建账号",
    description="初始密码由系统生成，只在答复中显示一次，首次登录后须修改。",
    response_description="新建的账号与初始密码",
    status_code=201,
    responses=_BODY | documented(409),
    dependencies=[Depends(require_json)],
    openapi_extra=SECRET_ANSWER,
)
def create_account(body: AccountIn, served: Served, actor: _Manager, versions: ChangedVersions) -> NewPasswordOut:
    """Make an account."""
    new = served.accounts.create(actor, body.draft())
    versions.show(new.account.version)
    return NewPasswordOut.with_password(new.account, new.password)


@router.get(
    "/{account_id}",
    summary="查看账号",
    description="一个账号的角色、范围与状态。",
    response_description="账号",
    responses=documented(404) | dict(NOT_MODIFIED),
)
def get_account(account_id: _AccountId, served: Served, actor: _Manager, versions: ReadVersions) -> AccountOut:
    """One account."""
    account = served.accounts.get(actor, account_id)
    versions.show(account.version, str(account.last_login_at))
    return AccountOut.of(account)


@router.patch(
    "/{account_id}",
    summary="修改账号",
    description="修改姓名或负责的范围；须在请求头 If-Match 中写明所依据的版本。下一个请求起生效。",
    response_description="修改后的账号",
    responses=_BODY | documented(404, 412, 428),
    dependencies=[Depends(require_json)],
)
def change_account(
    account_id: _AccountId,
    body: AccountChangeIn,
    served: Served,
    actor: _Manager,
    expected: ExpectedVersion,
    versions: ChangedVersions,
) -> AccountOut:
    """Change an account."""
    account = served.accounts.change(actor, account_id, body.change(), version=expected)
    versions.show(account.version)
    return AccountOut.of(account)


@router.post(
    "/{account_id}/disable",
    summary="停用账号",
    description="立即结束它的全部登录，不再接受它的访问令牌。已停用的没有变化。最后一个管理员不能停用。",
    response_description="停用后的账号",
    responses=documented(404, 409),
)
def disable_account(
    account_id: _AccountId, served: Served, actor: _Manager, versions: ChangedVersions
) -> AccountOut:
    """Let nobody act with an account."""
    account = served.accounts.disable(actor, account_id)
    versions.show(account.version)
    return AccountOut.of(account)


@router.post(
    "/{account_id}/enable",
    summary="启用账号",
    description="恢复停用的账号；仍在有效期内、没有撤销的访问令牌也恢复。已启用的没有变化。",
    response_description="启用后的账号",
    responses=documented(404),
)
def enable_account(
    account_id: _AccountId, served: Served, actor: _Manager, versions: ChangedVersions
) -> AccountOut:
    """Take that back."""
    account = served.accounts.enable(actor, account_id)
    versions.show(account.version)
    return AccountOut.of(account)


@router.post(
    "/{account_id}/password",
    summary="重置密码",
    description="生成新的初始密码，只在答复中显示一次，首次登录后须修改；它的全部登录立即结束，访问令牌全部撤销。",
    response_description="账号与初始密码",
    responses=documented(404),
    openapi_extra=SECRET_ANSWER,
)
def reset_password(
    account_id: _AccountId, served: Served, actor: _Manager, versions: ChangedVersions
) -> NewPasswordOut:
    """Give an account another password."""
    new = served.accounts.reset_password(actor, account_id)
    versions.show(new.account.version)
    return NewPasswordOut.with_password(new.account, new.password)


@router.get(
    "/{account_id}/tokens",
    summary="账号的访问令牌",
    description="一个账号的全部访问令牌，新的在前，含已撤销与过期的。",
    response_description="访问令牌列表",
    responses=documented(404),
)
def list_tokens(account_id: _AccountId, served: Served, actor: _Manager) -> TokensOut:
    """An account's tokens."""
    return TokensOut(items=[TokenOut.of(token) for token in served.tokens.of(actor, account_id)])


@router.post(
    "/{account_id}/tokens",
    summary="为程序账号新建访问令牌",
    description="程序账号没有密码，它的令牌由管理员建立；人员的令牌由本人建立。令牌的内容只在答复中显示一次。",
    response_description="新建的访问令牌",
    status_code=201,
    responses=_BODY | documented(404, 409),
    dependencies=[Depends(require_json)],
    openapi_extra=SECRET_ANSWER,
)
def create_token(account_id: _AccountId, body: TokenIn, served: Served, actor: _Manager) -> NewTokenOut:
    """Make a token for an account."""
    scopes = scopes_named(body.scopes)
    new = served.tokens.create(actor, body.name, scopes, days=body.days, account_id=account_id)
    return NewTokenOut.with_secret(new.token, new.secret)


@router.delete(
    "/{account_id}/tokens/{token_id}",
    summary="撤销账号的访问令牌",
    description="立即生效，不能恢复；已撤销的再次撤销没有变化。",
    response_description="已撤销",
    status_code=204,
    responses=documented(404),
)
def revoke_token(
    account_id: _AccountId,
    token_id: Annotated[str, Path(title="令牌编号", description="令牌编号")],
    served: Served,
    actor: _Manager,
) -> None:
    """Revoke an account's token."""
    served.tokens.revoke(actor, token_id, account_id=account_id)
