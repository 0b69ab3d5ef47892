"""What the API takes and gives of accounts, sessions and tokens. No schema that is given has a place for a secret
but those that show it once.
"""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from api.v1.schemas import Text
from recommender.domain.accounts import (
    ROLE_LABELS,
    STATE_LABELS,
    Account,
    AccountChange,
    AccountDraft,
    AccountState,
    Permission,
    Reach,
    Role,
)
from recommender.domain.sessions import Session
from recommender.domain.tokens import TOKEN_PERMISSIONS, AccessToken
from recommender.services.accounts.signed_in import SignedIn

_MAX_TEXT: Final = 200
_ROLES: Final = "、".join(f"{role} {label}" for role, label in ROLE_LABELS.items())
_MAX_LIST: Final = 100


def _model(title: str, description: str, **extra: Any) -> ConfigDict:
    return ConfigDict(title=title, frozen=True, json_schema_extra={"description": description, **extra})


def _taken(title: str, description: str, example: dict[str, Any]) -> ConfigDict:
    return _model(title, description, examples=[example]) | ConfigDict(extra="forbid")


def _values(*members: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": sorted(members)})


RoleName = Literal[Role.ENTERPRISE, Role.OFFICER, Role.ADMIN, Role.SERVICE]
StateName = Literal[AccountState.ACTIVE, AccountState.DISABLED]
_RoleOut = Annotated[str, _values(*Role)]
_StateOut = Annotated[str, _values(*AccountState)]
_PermissionOut = Annotated[str, _values(*Permission)]
_Scope = Annotated[str, Field(max_length=_MAX_TEXT), _values(*TOKEN_PERMISSIONS)]
_Name = Annotated[Text, Field(max_length=_MAX_TEXT)]
_Password = Annotated[Text, Field(max_length=_MAX_TEXT, json_schema_extra={"format": "password"})]
_Names = Annotated[list[_Name], Field(max_length=_MAX_LIST)]


class SignInIn(BaseModel):
    """Who one says one is, and what proves it."""

    model_config = _taken("登录请求", "登录名与密码。", {"login_name": "zhang.san", "password": "秋水共长天一色"})

    login_name: _Name = Field(title="登录名", description="不区分大小写与全角半角", examples=["zhang.san"])
    password: _Password = Field(title="密码", description="账号的密码", examples=["秋水共长天一色"])


class PasswordIn(BaseModel):
    """One's present password and the next one."""

    model_config = _taken(
        "修改密码请求",
        "当前密码与新密码。",
        {"current": "秋水共长天一色", "new": "落霞与孤鹜齐飞，秋水长天"},
    )

    current: _Password = Field(title="当前密码", description="现在的密码")
    new: _Password = Field(title="新密码", description="12 到 200 个字符，不与登录名相近，不是常见或有规律的密码")


class ReachModel(BaseModel):
    """Which enterprises and needs somebody deals with."""

    model_config = _model("范围", "负责哪些企业与需求：全市，或其中任一区镇、任一产业链。")

    whole_city: bool = Field(default=False, title="全市", description="为 true 时不看区镇与产业链", strict=True)
    towns: _Names = Field(default_factory=list, title="区镇", description="负责的区镇", examples=[["杨舍镇"]])
    chains: _Names = Field(default_factory=list, title="产业链", description="负责的产业链", examples=[["纺织"]])

    @classmethod
    def of(cls, reach: Reach) -> "ReachModel":
        """As the domain has it."""
        return cls(whole_city=reach.whole_city, towns=sorted(reach.towns), chains=sorted(reach.chains))

    def reach(self) -> Reach:
        """For the domain."""
        return Reach(whole_city=self.whole_city, towns=frozenset(self.towns), chains=frozenset(self.chains))


class MeOut(BaseModel):
    """Who asks."""

    model_config = _model("当前账号", "谁在请求，能做什么，能看到哪里。")

    id: str = Field(title="账号编号", description="账号编号", examples=["5f0c1d2e3b4a5968"])
    login_name: str = Field(title="登录名", description="登录名", examples=["zhang.san"])
    display_name: str = Field(title="姓名", description="姓名或名称", examples=["张三"])
    role: _RoleOut = Field(
        title="角色", description="enterprise 企业、officer 审核员、admin 管理员、service 程序"
    )
    role_label: str = Field(title="角色名称", description="角色的中文名称", examples=["审核员"])
    permissions: list[_PermissionOut] = Field(
        title="权限", description="此次请求能用的权限；令牌只有它自己的那几项", examples=[["match", "needs.read"]]
    )
    reach: ReachModel = Field(title="负责范围", description="负责的范围；企业账号为空，只看到所属企业")
    enterprise_code: str = Field(title="所属企业", description="企业账号所属企业的统一社会信用代码；其他为空")
    must_change_password: bool = Field(
        title="须先修改密码", description="为 true 时，修改密码之前不能做别的", examples=[False]
    )
    csrf_token: str = Field(
        title="防伪标记", description="用登录会话修改内容时，放在请求头 X-CSRF-Token 中；用令牌时为空"
    )
    session_expires_at: datetime | None = Field(
        title="会话到期时间", description="最迟何时须重新登录；用令牌时为 null"
    )

    @classmethod
    def of(cls, signed_in: SignedIn) -> "MeOut":
        """As the services know it."""
        account, session = signed_in.account, signed_in.session
        return cls(
            id=account.id,
            login_name=account.login_name,
            display_name=account.display_name,
            role=account.role,
            role_label=ROLE_LABELS[account.role],
            permissions=sorted(signed_in.actor.permissions),
            reach=ReachModel.of(account.reach),
            enterprise_code=account.enterprise_code,
            must_change_password=account.must_change_password,
            csrf_token=signed_in.csrf_token,
            session_expires_at=session.expires_at if session else None,
        )


class SessionOut(BaseModel):
    """One of one's own sessions."""

    model_config = _model("登录会话", "一次登录。")

    id: str = Field(title="会话编号", description="会话编号")
    created_at: datetime = Field(title="登录时间", description="登录的时刻")
    seen_at: datetime = Field(title="最近使用", description="最近一次请求的时刻，精确到分钟")
    expires_at: datetime = Field(title="到期时间", description="最迟何时失效")
    user_agent: str = Field(title="浏览器", description="浏览器自报的名称")
    is_current: bool = Field(title="当前会话", description="是否就是发出此次请求的会话")

    @classmethod
    def of(cls, session: Session, *, current_id: str) -> "SessionOut":
        """As its owner sees it."""
        return cls(
            id=session.id,
            created_at=session.created_at,
            seen_at=session.seen_at,
            expires_at=session.expires_at,
            user_agent=session.user_agent,
            is_current=session.id == current_id,
        )


class SessionsOut(BaseModel):
    """One's own sessions."""

    model_config = _model("登录会话列表", "自己的全部有效登录，最近使用的在前；只有一页。")

    items: list[SessionOut] = Field(title="登录会话", description="有效的登录")
    next_cursor: str = Field("", title="下一页标记", description="总是空", examples=[""])


class TokenIn(BaseModel):
    """A token to be made."""

    model_config = _taken(
        "新建访问令牌请求", "用途、权限与有效期。", {"name": "夜间报表", "scopes": ["match"], "days": 90}
    )

    name: _Name = Field(title="名称", description="用途，1 到 80 个字", examples=["夜间报表"])
    scopes: list[_Scope] = Field(
        title="权限", description="令牌能用的权限，须是账号现有的", max_length=len(TOKEN_PERMISSIONS)
    )
    days: int = Field(
        title="有效天数",
        description="上限由设置 MATCHMAKER_MAX_TOKEN_DAYS 决定（默认 366）",
        ge=1,
        le=3650,
        strict=True,
    )


class TokenOut(BaseModel):
    """A token without its secret."""

    model_config = _model("访问令牌", "一个访问令牌；内容本身不保存，也不再显示。")

    id: str = Field(title="令牌编号", description="令牌编号")
    name: str = Field(title="名称", description="用途", examples=["夜间报表"])
    scopes: list[_PermissionOut] = Field(title="权限", description="建立时指定的权限；实际不超过账号现有的")
    created_at: datetime = Field(title="建立时间", description="建立的时刻")
    expires_at: datetime = Field(title="到期时间", description="何时失效")
    last_used_on: date | None = Field(title="最近使用", description="最近一次使用的日期（UTC）；没有用过为 null")
    revoked_at: datetime | None = Field(title="撤销时间", description="何时撤销；没有撤销为 null")

    @classmethod
    def of(cls, token: AccessToken) -> "TokenOut":
        """As its owner sees it."""
        return cls(**_token_values(token))


class NewTokenOut(TokenOut):
    """A token with its secret."""

    model_config = _model("新建的访问令牌", "新建的访问令牌，连同只显示这一次的内容。")

    secret: str = Field(
        title="令牌内容", description="只在此处显示一次，请立即妥善保存；放在请求头 Authorization: Bearer 之后"
    )

    @classmethod
    def with_secret(cls, token: AccessToken, secret: str) -> "NewTokenOut":
        """For the one time that it is shown."""
        return cls(**_token_values(token), secret=secret)


class TokensOut(BaseModel):
    """An account's tokens."""

    model_config = _model("访问令牌列表", "一个账号的全部访问令牌，新的在前，含已撤销与过期的；只有一页。")

    items: list[TokenOut] = Field(title="访问令牌", description="访问令牌")
    next_cursor: str = Field("", title="下一页标记", description="总是空", examples=[""])


class AccountIn(BaseModel):
    """An account to be made."""

    model_config = _taken(
        "新建账号请求",
        "登录名、姓名、角色，以及负责的范围（审核员）或所属企业（企业）。",
        {
            "login_name": "zhang.san",
            "display_name": "张三",
            "role": "officer",
            "reach": {"towns": ["杨舍镇"], "chains": ["纺织"]},
        },
    )

    login_name: _Name = Field(title="登录名", description="2 到 64 个字符：字母、数字、汉字和 . _ @ -")
    display_name: _Name = Field(title="姓名", description="姓名或名称，1 到 80 个字")
    role: RoleName = Field(
        title="角色", description="enterprise 企业、officer 审核员、admin 管理员、service 程序"
    )
    reach: ReachModel = Field(
        default=ReachModel(),
        title="负责范围",
        description="审核员必填；程序不填为全市；企业与管理员的范围由角色决定",
    )
    enterprise_code: _Name = Field("", title="所属企业", description="企业账号必填：统一社会信用代码")

    def draft(self) -> AccountDraft:
        """For the service."""
        return AccountDraft(
            login_name=self.login_name,
            display_name=self.display_name,
            role=self.role,
            reach=self.reach.reach(),
            enterprise_code=self.enterprise_code,
        )


class AccountChangeIn(BaseModel):
    """What is to be changed of an account."""

    model_config = _taken(
        "修改账号请求", "只写要改的项。角色不能改：请另建账号。", {"reach": {"whole_city": True}}
    )

    display_name: _Name | None = Field(None, title="姓名", description="姓名或名称；不改为 null")
    reach: ReachModel | None = Field(
        None, title="负责范围", description="整个替换原来的范围；不改为 null；只有审核员与程序可以改"
    )

    def change(self) -> AccountChange:
        """For the service."""
        return AccountChange(display_name=self.display_name, reach=self.reach.reach() if self.reach else None)


class AccountOut(BaseModel):
    """An account as administrators see it."""

    model_config = _model("账号", "一个账号；密码不保存，也无从显示。")

    id: str = Field(title="账号编号", description="账号编号", examples=["5f0c1d2e3b4a5968"])
    login_name: str = Field(title="登录名", description="登录名", examples=["zhang.san"])
    display_name: str = Field(title="姓名", description="姓名或名称", examples=["张三"])
    role: _RoleOut = Field(
        title="角色", description="enterprise 企业、officer 审核员、admin 管理员、service 程序"
    )
    role_label: str = Field(title="角色名称", description="角色的中文名称", examples=["审核员"])
    state: _StateOut = Field(title="状态", description="active 启用、disabled 停用")
    state_label: str = Field(title="状态名称", description="状态的中文名称", examples=["启用"])
    reach: ReachModel = Field(title="负责范围", description="负责的范围")
    enterprise_code: str = Field(title="所属企业", description="企业账号所属企业的统一社会信用代码；其他为空")
    must_change_password: bool = Field(title="须先修改密码", description="下次登录后须先修改密码")
    version: int = Field(title="版本", description="每改一次加 1", ge=1)
    created_at: datetime = Field(title="建立时间", description="建立的时刻")
    last_login_at: datetime | None = Field(title="最近登录", description="最近一次登录的时刻；没有登录过为 null")

    @classmethod
    def of(cls, account: Account) -> "AccountOut":
        """As the domain has it."""
        return cls(**_account_values(account))


class NewPasswordOut(AccountOut):
    """An account with the password that was made up for it."""

    model_config = _model("账号与初始密码", "账号，连同只显示这一次的初始密码。")

    password: str = Field(
        title="初始密码",
        description="只在此处显示一次，请当面或用可靠的方式交给本人；首次登录后须修改。程序账号没有密码，此项为空",
    )

    @classmethod
    def with_password(cls, account: Account, password: str) -> "NewPasswordOut":
        """For the one time that it is shown."""
        return cls(**_account_values(account), password=password)


def _token_values(token: AccessToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": sorted(token.scopes),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_on": token.last_used_on,
        "revoked_at": token.revoked_at,
    }


def _account_values(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "login_name": account.login_name,
        "display_name": account.display_name,
        "role": account.role,
        "role_label": ROLE_LABELS[account.role],
        "state": account.state,
        "state_label": STATE_LABELS[account.state],
        "reach": ReachModel.of(account.reach),
        "enterprise_code": account.enterprise_code,
        "must_change_password": account.must_change_password,
        "version": account.version,
        "created_at": account.created_at,
        "last_login_at": account.last_login_at,
    }
