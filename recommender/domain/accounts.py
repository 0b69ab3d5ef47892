"""Who acts: accounts, roles, what each may do, and how far an officer's office reaches."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from recommender.domain.entities import Enterprise, Need
from recommender.domain.errors import Forbidden


class Role(StrEnum):
    """角色 of an account."""

    ENTERPRISE = "enterprise"
    OFFICER = "officer"
    ADMIN = "admin"
    SERVICE = "service"


ROLE_LABELS: Final[dict[Role, str]] = {
    Role.ENTERPRISE: "企业",
    Role.OFFICER: "审核员",
    Role.ADMIN: "管理员",
    Role.SERVICE: "程序",
}


class Permission(StrEnum):
    """One thing that somebody may do; every operation asks for exactly one."""

    ACCOUNT_OWN = "account.own"
    """Change one's own password, see and end one's own sessions."""
    ACCOUNTS_MANAGE = "accounts.manage"
    AUDIT_READ = "audit.read"
    CASES_ANSWER = "cases.answer"
    """Say for the enterprise whether it is interested, and how it went."""
    CASES_READ = "cases.read"
    CASES_REVIEW = "cases.review"
    """Decide on suggestions and take a match from step to step."""
    CONSENT_RECORD = "consent.record"
    FEEDBACK_EXPORT = "feedback.export"
    FEEDBACK_JUDGE = "feedback.judge"
    FIGURES_READ = "figures.read"
    LIBRARY_READ = "library.read"
    LIBRARY_WRITE = "library.write"
    MATCH = "match"
    METRICS_READ = "metrics.read"
    NEEDS_READ = "needs.read"
    NEEDS_REVIEW = "needs.review"
    NEEDS_WRITE = "needs.write"
    """Draft, edit, submit and withdraw needs."""
    PERSONS_MANAGE = "persons.manage"
    """Give a person their data, erase them, keep retention."""
    REVEAL = "personal.reveal"
    """See personal data unmasked, for a purpose that is recorded."""
    RUNS_MANAGE = "runs.manage"
    RUNS_READ = "runs.read"


_ENTERPRISE: Final = frozenset(
    {
        Permission.ACCOUNT_OWN,
        Permission.CASES_ANSWER,
        Permission.CASES_READ,
        Permission.LIBRARY_READ,
        Permission.MATCH,
        Permission.NEEDS_READ,
        Permission.NEEDS_WRITE,
    }
)
_OFFICER: Final = _ENTERPRISE | {
    Permission.CASES_REVIEW,
    Permission.CONSENT_RECORD,
    Permission.FEEDBACK_JUDGE,
    Permission.FIGURES_READ,
    Permission.LIBRARY_WRITE,
    Permission.NEEDS_REVIEW,
    Permission.REVEAL,
    Permission.RUNS_READ,
}
_SERVICE: Final = frozenset(
    {
        Permission.FEEDBACK_EXPORT,
        Permission.FIGURES_READ,
        Permission.LIBRARY_READ,
        Permission.LIBRARY_WRITE,
        Permission.MATCH,
        Permission.METRICS_READ,
        Permission.NEEDS_READ,
        Permission.RUNS_MANAGE,
        Permission.RUNS_READ,
    }
)

GRANTS: Final[dict[Role, frozenset[Permission]]] = {
    Role.ENTERPRISE: _ENTERPRISE,
    Role.OFFICER: _OFFICER,
    Role.ADMIN: frozenset(Permission),
    Role.SERVICE: _SERVICE,
}
"""What each role may do; what is not named here is refused."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which enterprises and needs somebody deals with (区镇 or 产业链); the empty one reaches nothing.

    Attributes:
        whole_city: everything, whatever the rest says.
        towns, chains: an enterprise in one of the towns or in one of the chains is reached.
    """

    whole_city: bool = False
    towns: frozenset[str] = frozenset()
    chains: frozenset[str] = frozenset()

    def covers(self, *, town: str, chain: str) -> bool:
        """Whether something in that town (``""`` where unknown) and chain is reached."""
        return self.whole_city or town in self.towns or chain in self.chains


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something, as far as permission goes.

    Attributes:
        id: of the account; ``cli:name`` for who sits at the server, ``job:name`` for what runs by itself.
        permissions: the role's, or those of them that a token carries.
        reach: of officers; an enterprise's account sees what belongs to ``enterprise_code`` instead.
        session: of a browser or a program; ``""`` at the command line.
    """

    id: str
    role: Role
    permissions: frozenset[Permission]
    reach: Reach = field(default_factory=Reach)
    enterprise_code: str = ""
    session: str = ""

    @classmethod
    def trusted(cls, id: str) -> "Actor":
        """Who acts at the server itself, by command or by clock."""
        return cls(id=id, role=Role.ADMIN, permissions=frozenset(Permission), reach=Reach(whole_city=True))

    def may(self, permission: Permission) -> bool:
        """Whether the actor holds a permission."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Refuse who does not hold a permission.

        Raises:
            Forbidden: names it.
        """
        if permission not in self.permissions:
            raise Forbidden("account.not_allowed", permission=permission.value)

    def sees_enterprise(self, enterprise: Enterprise) -> bool:
        """Whether an enterprise's own data are for this actor; to others it is not there."""
        if self.role is Role.ENTERPRISE:
            return bool(self.enterprise_code) and enterprise.code == self.enterprise_code
        return self.reach.covers(town=enterprise.town, chain=enterprise.industry_chain)

    def sees_need(self, need: Need, owner: Enterprise | None) -> bool:
        """Whether a need is for this actor; ``owner`` is the enterprise that it names, where known."""
        if self.role is Role.ENTERPRISE:
            return bool(self.enterprise_code) and need.enterprise_code == self.enterprise_code
        if self.reach.covers(town="", chain=need.industry_chain):
            return True
        return owner is not None and self.sees_enterprise(owner)


class AccountState(StrEnum):
    """状态 of an account; accounts are disabled and never deleted, since the audit trail names them."""

    ACTIVE = "active"
    DISABLED = "disabled"


STATE_LABELS: Final[dict[AccountState, str]] = {AccountState.ACTIVE: "启用", AccountState.DISABLED: "停用"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody or something that may sign in; what proves it is kept elsewhere.

    Attributes:
        login_name: as :func:`normal_login_name` gives it, unique.
        reach: of officers and programs; an administrator's is the whole city, an enterprise's is empty.
        enterprise_code: whom an enterprise's account acts for; ``""`` for others.
        must_change_password: until that is done the account may do nothing else.
        version: counts the changes, from 1.
        created_at, last_login_at: UTC; the latter ``None`` where nobody has signed in yet.
    """

    id: str
    login_name: str
    display_name: str
    role: Role
    reach: Reach
    enterprise_code: str
    state: AccountState
    must_change_password: bool
    version: int
    created_at: datetime
    last_login_at: datetime | None

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the account may do now."""
        if self.state is not AccountState.ACTIVE:
            return frozenset()
        if self.must_change_password:
            return frozenset({Permission.ACCOUNT_OWN})
        return GRANTS[self.role]

    def changed(self, **values: Any) -> "Account":
        """The account with other values, as its next version."""
        return replace(self, version=self.version + 1, **values)

    def actor(self, *, session: str, scopes: frozenset[Permission] | None = None) -> Actor:
        """The account as one who acts.

        Args:
            session: of what request it is known from.
            scopes: what a token is limited to; never more than the account itself may.
        """
        return Actor(
            id=self.id,
            role=self.role,
            permissions=self.permissions if scopes is None else self.permissions & scopes,
            reach=self.reach,
            enterprise_code=self.enterprise_code,
            session=session,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDraft:
    """What an administrator says of an account; the rest follows.

    Attributes:
        reach: needed for officers; of programs the whole city where it is empty; of others ignored.
        enterprise_code: needed for an enterprise's account, ``""`` for others.
    """

    login_name: str
    display_name: str
    role: Role
    reach: Reach = field(default_factory=Reach)
    enterprise_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """What is to be changed of an account; ``None`` leaves it as it is. Roles are not changed: make another."""

    display_name: str | None = None
    reach: Reach | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """Which accounts a list shows; ``text`` is part of the login name or the display name."""

    role: Role | None = None
    state: AccountState | None = None
    text: str = ""
