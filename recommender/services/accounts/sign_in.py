"""Use-cases of proving who one is: signing in, and changing one's own password."""

from collections.abc import Callable
from datetime import datetime

from recommender.domain.accounts import Account, AccountState, Actor, Permission
from recommender.domain.credentials import digest
from recommender.domain.errors import InvalidInput, NotSignedIn
from recommender.domain.passwords import MAX_LENGTH, check_password, normal_login_name
from recommender.services.accounts.auditing import AccountAudit
from recommender.services.accounts.passwords import PasswordHasher
from recommender.services.accounts.sessions import SessionService
from recommender.services.accounts.signed_in import NewSession
from recommender.services.accounts.throttling import Attempt, Throttle
from recommender.store.database import Database


class SignInService:
    """Signing in and changing one's password.

    Both are two transactions, against the rule of one: hashing takes longer than SQLite's only writer may be
    held. The first counts the attempt, the second takes that back where the password was right; what is
    decided rests on what the second reads.
    """

    def __init__(
        self, database: Database, sessions: SessionService, hasher: PasswordHasher, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._hasher = hasher
        self._now = now
        self._throttle = Throttle(now)
        self._audit = AccountAudit(now)

    def sign_in(
        self, login_name: str, password: str, *, address: str, user_agent: str = "", former_secret: str = ""
    ) -> NewSession:
        """Begin a session; always a new one, and the one that the browser had before ends.

        Args:
            address: of the client.
            former_secret: what the browser's cookie held before.

        Raises:
            NotSignedIn: unknown name, wrong password or disabled account; which of them is not said, and takes
                equally long to find out.
            TooMany: too many attempts have failed lately.
            Unavailable: too many sign in at this moment.
        """
        with self._hasher.place():
            return self._sign_in(_name_as_given(login_name), password, address, user_agent, former_secret)

    def change_password(self, actor: Actor, current: str, new: str, *, address: str) -> NewSession:
        """Change the actor's own password; the session gets another cookie, all others end.

        Raises:
            InvalidInput: the present password is wrong, or the new one is refused.
            TooMany: the present password was given wrongly too often.
            Unavailable: too many passwords are checked at this moment.
        """
        actor.require(Permission.ACCOUNT_OWN)
        if current == new:
            raise InvalidInput("account.password_same")
        with self._hasher.place():
            return self._change_password(actor, current, new, address)

    def _sign_in(self, name: str, password: str, address: str, user_agent: str, former_secret: str) -> NewSession:
        with self._database.write() as unit:
            attempt = self._throttle.admit(unit, name, address)
            account = unit.accounts.by_login_name(name)
            password_hash = unit.accounts.password_hash(account.id) if account else ""
        right = self._hasher.verify(password[:MAX_LENGTH], password_hash) and len(password) <= MAX_LENGTH
        if account is None or not right:
            self._refuse(account)
            raise NotSignedIn("account.sign_in_failed")
        fresh_hash = self._hasher.hash(password) if self._hasher.is_outdated(password_hash) else password_hash
        return self._begin(account.id, (password_hash, fresh_hash), attempt, user_agent, former_secret)

    def _change_password(self, actor: Actor, current: str, new: str, address: str) -> NewSession:
        with self._database.write() as unit:
            account = unit.accounts.get(actor.id)
            if account is None:
                raise NotSignedIn("account.credentials_over")
            check_password(new, login_name=account.login_name)
            attempt = self._throttle.admit(unit, account.login_name, address)
            former_hash = unit.accounts.password_hash(account.id)
        if not self._hasher.verify(current[:MAX_LENGTH], former_hash):
            self._refuse(account)
            raise InvalidInput("account.password_wrong")
        return self._replace(actor, former_hash, self._hasher.hash(new), attempt)

    def _begin(
        self,
        account_id: str,
        hashes: tuple[str, str],
        attempt: Attempt,
        user_agent: str,
        former_secret: str,
    ) -> NewSession:
        """The session; ``hashes`` are the one that the password was compared with and the one to keep."""
        compared, fresh = hashes
        with self._database.write() as unit:
            account = unit.accounts.get(account_id)
            unchanged = unit.accounts.password_hash(account_id) == compared
            if account is None or account.state is not AccountState.ACTIVE or not unchanged:
                raise NotSignedIn("account.sign_in_failed")
            if fresh != compared:
                unit.accounts.set_password_hash(account.id, fresh)
            self._throttle.succeeded(unit, attempt)
            self._throttle.clear(unit)
            former = unit.sessions.find(digest(former_secret)) if former_secret else None
            if former is not None:
                unit.sessions.end(former.session.id, account_id=former.account.id)
            new = self._sessions.begin(unit, account, user_agent)
            unit.accounts.record_login(account.id, self._now())
            self._audit.record(unit, account.id, "session:start", account.id, session=new.signed_in.actor.session)
        return new

    def _replace(self, actor: Actor, former_hash: str, new_hash: str, attempt: Attempt) -> NewSession:
        with self._database.write() as unit:
            account = unit.accounts.get(actor.id)
            if account is None or unit.accounts.password_hash(actor.id) != former_hash:
                raise InvalidInput("account.password_wrong")
            self._throttle.succeeded(unit, attempt)
            unit.accounts.set_password_hash(account.id, new_hash)
            changed = account.changed(must_change_password=False)
            unit.accounts.put(changed)
            new = self._sessions.renew(unit, changed, actor.session)
            self._audit.record(unit, actor.id, "password:change", actor.id)
        return new

    def _refuse(self, account: Account | None) -> None:
        """Write down that an attempt failed; not under which name, where there is none such: it may be a slip."""
        target = account.id if account else "unknown"
        with self._database.write() as unit:
            self._audit.record(unit, target, "session:refuse", target)


def _name_as_given(login_name: str) -> str:
    """The normal login name; what cannot be one is asked for as it is, so that it takes as long."""
    try:
        return normal_login_name(login_name)
    except InvalidInput:
        return f"?{digest(login_name)}"
