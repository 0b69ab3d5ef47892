"""Use-cases of browsers' sessions: recognising them, giving them other cookies, listing and ending them."""

from collections.abc import Callable
from datetime import datetime

from recommender.domain.accounts import Account, Actor, Permission
from recommender.domain.credentials import csrf_token, digest, new_csrf_key, new_id, new_session_secret
from recommender.domain.errors import NotFound, NotSignedIn
from recommender.domain.sessions import MAX_USER_AGENT, Session, SessionPolicy
from recommender.services.accounts.auditing import AccountAudit
from recommender.services.accounts.signed_in import NewSession, SignedIn, present
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork


class SessionService:
    """Sessions, found by what the browser's cookie holds."""

    def __init__(self, database: Database, policy: SessionPolicy, now: Callable[[], datetime]) -> None:
        self._database = database
        self._policy = policy
        self._now = now
        self._audit = AccountAudit(now)

    @property
    def policy(self) -> SessionPolicy:
        """How long sessions last."""
        return self._policy

    def resume(self, secret: str) -> SignedIn:
        """Who a cookie belongs to. Reads, and writes nothing.

        Raises:
            NotSignedIn: to nobody, or the session is over, or the account is disabled.
        """
        now = self._now()
        with self._database.read() as unit:
            found = unit.sessions.find(digest(secret))
            if found is None or found.session.is_over(now, self._policy) or not found.account.permissions:
                raise NotSignedIn("account.credentials_over")
            if found.is_former and now >= found.session.rotated_at + self._policy.grace:
                raise NotSignedIn("account.credentials_over")
            account = present(found.account, unit)
        return SignedIn(
            account=account,
            actor=account.actor(session=found.session.id),
            session=found.session,
            csrf_token=csrf_token(found.csrf_key, found.session.id),
            wants_touch=found.session.wants_touch(now, self._policy),
            wants_rotation=not found.is_former and found.session.wants_rotation(now, self._policy),
        )

    def touch(self, session_id: str) -> None:
        """Remember that a session was used just now."""
        with self._database.write() as unit:
            unit.sessions.touch(session_id, self._now())

    def rotate(self, session_id: str, secret: str) -> str | None:
        """Another secret for a session; ``None`` where another request has just done so."""
        fresh = new_session_secret()
        with self._database.write() as unit:
            rotated = unit.sessions.rotate(
                session_id, from_hash=digest(secret), to_hash=digest(fresh), at=self._now()
            )
        return fresh if rotated else None

    def begin(self, unit: UnitOfWork, account: Account, user_agent: str) -> NewSession:
        """A new session of an account that has proved who it is, within the unit that says so."""
        now = self._now()
        session = Session(
            id=new_id() + new_id(),
            account_id=account.id,
            created_at=now,
            seen_at=now,
            rotated_at=now,
            expires_at=now + self._policy.absolute,
            user_agent=user_agent[:MAX_USER_AGENT],
        )
        secret, key = new_session_secret(), new_csrf_key()
        unit.sessions.clear(now, self._policy.idle)
        unit.sessions.add(session, secret_hash=digest(secret), csrf_key=key)
        return self._new(unit, account, session, secret, key)

    def renew(self, unit: UnitOfWork, account: Account, session_id: str) -> NewSession:
        """Another secret for a session after which none that was known before is good, and no other session.

        Raises:
            NotSignedIn: the session has ended meanwhile.
        """
        unit.sessions.end_all(account.id, except_id=session_id)
        secret, key = new_session_secret(), new_csrf_key()
        if not unit.sessions.replace(session_id, secret_hash=digest(secret), csrf_key=key, at=self._now()):
            raise NotSignedIn("account.credentials_over")
        (session,) = unit.sessions.of_account(account.id)
        return self._new(unit, account, session, secret, key)

    def sign_out(self, actor: Actor) -> None:
        """End the session that the actor acts from; nothing happens where it has ended."""
        actor.require(Permission.ACCOUNT_OWN)
        with self._database.write() as unit:
            if unit.sessions.end(actor.session, account_id=actor.id):
                self._audit.record(unit, actor.id, "session:end", actor.id, session=actor.session)

    def own(self, actor: Actor) -> list[Session]:
        """The actor's sessions that are not over, the latest used first."""
        actor.require(Permission.ACCOUNT_OWN)
        now = self._now()
        with self._database.read() as unit:
            found = unit.sessions.of_account(actor.id)
        return [session for session in found if not session.is_over(now, self._policy)]

    def end(self, actor: Actor, session_id: str) -> None:
        """End one of the actor's sessions.

        Raises:
            NotFound: the actor has no such session.
        """
        actor.require(Permission.ACCOUNT_OWN)
        with self._database.write() as unit:
            if not unit.sessions.end(session_id, account_id=actor.id):
                raise NotFound("session.not_found", id=session_id)
            self._audit.record(unit, actor.id, "session:end", actor.id, session=session_id)

    def end_others(self, actor: Actor) -> int:
        """End all of the actor's sessions but the one that they act from; how many there were."""
        actor.require(Permission.ACCOUNT_OWN)
        with self._database.write() as unit:
            n = unit.sessions.end_all(actor.id, except_id=actor.session)
            if n:
                self._audit.record(unit, actor.id, "session:end_others", actor.id, n=n)
        return n

    def _new(self, unit: UnitOfWork, account: Account, session: Session, secret: str, key: str) -> NewSession:
        acting = present(account, unit)
        signed_in = SignedIn(
            account=acting,
            actor=acting.actor(session=session.id),
            session=session,
            csrf_token=csrf_token(key, session.id),
        )
        return NewSession(secret=secret, signed_in=signed_in)
