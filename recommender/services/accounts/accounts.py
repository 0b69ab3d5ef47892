"""Use-cases of administrators: who has an account, and what it reaches."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from recommender.domain.accounts import (
    ROLE_LABELS,
    Account,
    AccountChange,
    AccountDraft,
    AccountFilter,
    AccountState,
    Actor,
    Permission,
    Reach,
    Role,
)
from recommender.domain.credentials import new_id
from recommender.domain.errors import Conflict, InvalidInput, NotFound
from recommender.domain.paging import Page, PageRequest
from recommender.domain.passwords import check_password, new_password, normal_login_name
from recommender.domain.versions import require_version
from recommender.services.accounts.auditing import AccountAudit
from recommender.services.accounts.passwords import PasswordHasher
from recommender.services.accounts.reach import (
    EnterpriseChoice,
    ReachChoices,
    enterprise_choices,
    enterprise_code,
    known_reach,
    reach_choices,
)
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

MAX_DISPLAY_NAME: Final = 80
MAX_REACH_NAME: Final = 50
MAX_REACH: Final = 100
"""Towns or chains of one account."""


@dataclass(frozen=True, slots=True)
class AccountWithPassword:
    """An account and, where one was made up, its password: shown once, kept nowhere; ``""`` otherwise."""

    account: Account
    password: str


class AccountService:
    """Managing accounts."""

    def __init__(self, database: Database, hasher: PasswordHasher, now: Callable[[], datetime]) -> None:
        self._database = database
        self._hasher = hasher
        self._now = now
        self._audit = AccountAudit(now)

    def exist(self) -> bool:
        """Whether there is any account."""
        with self._database.read() as unit:
            return unit.accounts.exist()

    def page(self, actor: Actor, request: PageRequest, chosen: AccountFilter | None = None) -> Page[Account]:
        """A part of the list of accounts.

        Raises:
            Forbidden: the actor does not manage accounts.
            InvalidInput: the cursor or the order is not one of this list's.
        """
        actor.require(Permission.ACCOUNTS_MANAGE)
        with self._database.read() as unit:
            return unit.accounts.page(request, chosen or AccountFilter())

    def get(self, actor: Actor, id: str) -> Account:
        """One account, by id or login name.

        Raises:
            NotFound: there is none.
        """
        actor.require(Permission.ACCOUNTS_MANAGE)
        with self._database.read() as unit:
            return _existing(unit, id)

    def choices(self, actor: Actor) -> ReachChoices:
        """What a reach can be made of.

        Raises:
            Forbidden: the actor does not manage accounts.
        """
        actor.require(Permission.ACCOUNTS_MANAGE)
        with self._database.read() as unit:
            return reach_choices(unit)

    def enterprises(self, actor: Actor, text: str) -> tuple[EnterpriseChoice, ...]:
        """Enterprises that somebody may mean who types a code or a part of a name, the likeliest first.

        Raises:
            Forbidden: the actor does not manage accounts.
        """
        actor.require(Permission.ACCOUNTS_MANAGE)
        with self._database.read() as unit:
            return enterprise_choices(unit, text)

    def firms(self, actor: Actor, accounts: Iterable[Account]) -> dict[str, str]:
        """Names of the enterprises that accounts act for, by code; those that left the library are left out.

        Raises:
            Forbidden: the actor does not manage accounts.
        """
        actor.require(Permission.ACCOUNTS_MANAGE)
        codes = sorted({account.enterprise_code for account in accounts if account.enterprise_code})
        with self._database.read() as unit:
            return {code: firm.name for code, firm in unit.enterprises.get_many(codes).items()}

    def create(self, actor: Actor, draft: AccountDraft, password: str | None = None) -> AccountWithPassword:
        """Make an account.

        Args:
            password: made up, and to be changed at the first sign-in, where it is not given. Programs have none.

        Raises:
            InvalidInput: a name, the password, the reach or the enterprise is not acceptable.
            Conflict: the login name is in use.
        """
        actor.require(Permission.ACCOUNTS_MANAGE)
        login_name = normal_login_name(draft.login_name)
        given, made_up, password_hash = self._password(draft.role, login_name, password)
        with self._database.write() as unit:
            account = Account(
                id=new_id(),
                login_name=login_name,
                display_name=_display_name(draft.display_name),
                role=draft.role,
                reach=known_reach(unit, _reach(draft.role, draft.reach)),
                enterprise_code=enterprise_code(unit, draft),
                state=AccountState.ACTIVE,
                must_change_password=made_up,
                version=1,
                created_at=self._now(),
                last_login_at=None,
            )
            unit.accounts.add(account, password_hash)
            self._audit.record(unit, actor.id, "account:create", account.id, **_facts(account))
        return AccountWithPassword(account, given if made_up else "")

    def change(self, actor: Actor, id: str, change: AccountChange, *, version: int | None = None) -> Account:
        """Change an account's display name or reach.

        Args:
            version: that the change is based on; any where it is ``None``.

        Raises:
            NotFound: there is none.
            Outdated: it has another version by now.
            InvalidInput: a value is not acceptable.
        """
        actor.require(Permission.ACCOUNTS_MANAGE)
        with self._database.write() as unit:
            account = _existing(unit, id)
            if version is not None:
                require_version(version, account.version)
            values: dict[str, object] = {}
            if change.display_name is not None:
                values["display_name"] = _display_name(change.display_name)
            if change.reach is not None:
                if account.role not in _WITH_REACH:
                    raise InvalidInput("account.reach_fixed", role=ROLE_LABELS[account.role])
                values["reach"] = known_reach(unit, _reach(account.role, change.reach), before=account.reach)
            changed = account.changed(**values)
            unit.accounts.put(changed)
            self._audit.record(unit, actor.id, "account:change", account.id, **_facts(changed))
        return changed

    def disable(self, actor: Actor, id: str) -> Account:
        """Let nobody sign in with an account, end its sessions, and accept none of its tokens.

        Raises:
            NotFound: there is none.
            Conflict: it is the last active administrator's.
        """
        actor.require(Permission.ACCOUNTS_MANAGE)
        with self._database.write() as unit:
            administrators = unit.accounts.active(Role.ADMIN)
            account = _existing(unit, id)
            if account.state is AccountState.DISABLED:
                return account
            if administrators == {account.id}:
                raise Conflict("account.last_admin")
            changed = self._put_state(unit, account, AccountState.DISABLED)
            unit.sessions.end_all(account.id)
            self._audit.record(unit, actor.id, "account:disable", account.id)
        return changed

    def enable(self, actor: Actor, id: str) -> Account:
        """Take back :meth:`disable`; tokens that are still in their time are good again.

        Raises:
            NotFound: there is none.
        """
        actor.require(Permission.ACCOUNTS_MANAGE)
        with self._database.write() as unit:
            account = _existing(unit, id)
            if account.state is AccountState.ACTIVE:
                return account
            changed = self._put_state(unit, account, AccountState.ACTIVE)
            self._audit.record(unit, actor.id, "account:enable", account.id)
        return changed

    def reset_password(self, actor: Actor, id: str, password: str | None = None) -> AccountWithPassword:
        """Give an account another password, end its sessions and revoke its tokens: who has them is not known.

        Args:
            password: made up, and to be changed at the next sign-in, where it is not given.

        Raises:
            NotFound: there is none.
            InvalidInput: the password is refused, or the account is a program's.
        """
        actor.require(Permission.ACCOUNTS_MANAGE)
        with self._database.read() as unit:
            before = _existing(unit, id)
        if before.role is Role.SERVICE:
            raise InvalidInput("account.password_none")
        given, made_up, password_hash = self._password(before.role, before.login_name, password)
        with self._database.write() as unit:
            account = _existing(unit, before.id).changed(must_change_password=made_up)
            unit.accounts.put(account)
            unit.accounts.set_password_hash(account.id, password_hash)
            unit.sessions.end_all(account.id)
            unit.tokens.revoke_all(account.id, at=self._now())
            self._audit.record(unit, actor.id, "password:reset", account.id)
        return AccountWithPassword(account, given if made_up else "")

    def _password(self, role: Role, login_name: str, password: str | None) -> tuple[str, bool, str]:
        """The password, whether it was made up, and its hash."""
        if role is Role.SERVICE:
            if password is not None:
                raise InvalidInput("account.password_none")
            return "", False, ""
        given = new_password() if password is None else password
        check_password(given, login_name=login_name)
        return given, password is None, self._hasher.hash(given)

    @staticmethod
    def _put_state(unit: UnitOfWork, account: Account, state: AccountState) -> Account:
        changed = account.changed(state=state)
        unit.accounts.put(changed)
        return changed


_WITH_REACH: Final = frozenset({Role.OFFICER, Role.SERVICE})
_WHOLE_CITY: Final = Reach(whole_city=True)


def _existing(unit: UnitOfWork, id: str) -> Account:
    account = unit.accounts.get(id) or unit.accounts.by_login_name(id.strip().casefold())
    if account is None:
        raise NotFound("account.not_found", id=id)
    return account


def _display_name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= MAX_DISPLAY_NAME:
        raise InvalidInput("account.display_name")
    return name


def _reach(role: Role, reach: Reach) -> Reach:
    """What an account of a role reaches; whole-city reach needs no names."""
    if role is Role.ENTERPRISE:
        return Reach()
    if role is Role.ADMIN or reach.whole_city:
        return _WHOLE_CITY
    names = [reach.towns, reach.chains]
    if any(len(group) > MAX_REACH or not all(map(_is_reach_name, group)) for group in names):
        raise InvalidInput("account.reach_value", maximum=MAX_REACH)
    if not any(names):
        if role is Role.OFFICER:
            raise InvalidInput("account.reach_missing")
        return _WHOLE_CITY
    return reach


def _is_reach_name(name: str) -> bool:
    return name == name.strip() and 1 <= len(name) <= MAX_REACH_NAME


def _facts(account: Account) -> dict[str, object]:
    """What an account may do, for the audit trail."""
    return {
        "role": account.role.value,
        "whole_city": account.reach.whole_city,
        "towns": sorted(account.reach.towns),
        "chains": sorted(account.reach.chains),
        "enterprise": account.enterprise_code,
        "version": account.version,
    }
