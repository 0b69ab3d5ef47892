"""Use-cases of programs' tokens: recognising, making, listing and revoking them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from recommender.domain.accounts import Account, Actor, Permission, Role
from recommender.domain.credentials import TOKEN_PREFIX, digest, new_id, new_token_secret
from recommender.domain.errors import Conflict, InvalidInput, NotFound, NotSignedIn
from recommender.domain.tokens import MAX_TOKEN_NAME, MAX_TOKENS, TOKEN_PERMISSIONS, AccessToken
from recommender.services.accounts.auditing import AccountAudit
from recommender.services.accounts.signed_in import SignedIn, present
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made, with its secret: shown once, kept nowhere."""

    token: AccessToken
    secret: str


class TokenService:
    """Tokens, found by what the program sends.

    Args:
        max_days: longest life of a token.
    """

    def __init__(self, database: Database, *, max_days: int, now: Callable[[], datetime]) -> None:
        self._database = database
        self._max_days = max_days
        self._now = now
        self._audit = AccountAudit(now)

    def resume(self, secret: str) -> SignedIn:
        """Who a token belongs to, with no more permissions than both it and its account have now.

        Raises:
            NotSignedIn: to nobody, or it is over or revoked, or the account is disabled.
        """
        now = self._now()
        if not secret.startswith(TOKEN_PREFIX):
            raise NotSignedIn("account.credentials_over")
        with self._database.read() as unit:
            found = unit.tokens.find(digest(secret))
            if found is None or not found[0].is_good(now) or not found[1].permissions:
                raise NotSignedIn("account.credentials_over")
            token, account = found[0], present(found[1], unit)
        actor = account.actor(session=token.id, scopes=token.scopes)
        return SignedIn(account=account, actor=actor, wants_touch=token.last_used_on != now.date())

    def touch(self, token_id: str) -> None:
        """Remember that a token was used today."""
        with self._database.write() as unit:
            unit.tokens.use(token_id, self._now().date())

    def of(self, actor: Actor, account_id: str | None = None) -> list[AccessToken]:
        """The actor's own tokens, or those of an account that the actor manages; the newest first.

        Raises:
            NotFound: there is no such account.
        """
        with self._database.read() as unit:
            account = _managed(actor, unit, account_id)
            return unit.tokens.of_account(account.id)

    def create(
        self,
        actor: Actor,
        name: str,
        scopes: frozenset[Permission],
        *,
        days: int,
        account_id: str | None = None,
    ) -> NewToken:
        """Make a token for the actor's own account, or for a program's that the actor manages.

        Not for other people's: whoever acts for a person must be that person, or the audit trail would lie.

        Args:
            scopes: of what the account may do now; see :data:`recommender.domain.tokens.TOKEN_PERMISSIONS`.
            days: how long it lives.

        Raises:
            InvalidInput: the name, the scopes or the life is not acceptable, or the account is another person's.
            Conflict: the account has too many tokens.
            NotFound: there is no such account.
        """
        label = " ".join(name.split())
        if not 1 <= len(label) <= MAX_TOKEN_NAME:
            raise InvalidInput("token.name")
        if not 1 <= days <= self._max_days:
            raise InvalidInput("token.lifetime", maximum=self._max_days)
        now, secret = self._now(), new_token_secret()
        with self._database.write() as unit:
            account = _managed(actor, unit, account_id)
            if account.id != actor.id and account.role is not Role.SERVICE:
                raise InvalidInput("token.of_a_person")
            _check_scopes(scopes, account)
            if unit.tokens.n_good(account.id, now) >= MAX_TOKENS:
                raise Conflict("token.too_many", maximum=MAX_TOKENS)
            token = AccessToken(
                id=new_id(),
                account_id=account.id,
                name=label,
                scopes=scopes,
                created_at=now,
                expires_at=now + timedelta(days=days),
            )
            unit.tokens.add(token, secret_hash=digest(secret))
            self._audit.record(
                unit, actor.id, "token:create", account.id, token=token.id, scopes=sorted(scopes), days=days
            )
        return NewToken(token, secret)

    def revoke(self, actor: Actor, token_id: str, *, account_id: str | None = None) -> None:
        """Take a token out of force at once; one that is so already stays so.

        Raises:
            NotFound: the account, or its token, is not there.
        """
        with self._database.write() as unit:
            account = _managed(actor, unit, account_id)
            if not unit.tokens.revoke(token_id, account_id=account.id, at=self._now()):
                raise NotFound("token.not_found", id=token_id)
            self._audit.record(unit, actor.id, "token:revoke", account.id, token=token_id)


def _managed(actor: Actor, unit: UnitOfWork, account_id: str | None) -> Account:
    """The account whose tokens the actor may deal with."""
    own = account_id is None or account_id == actor.id
    actor.require(Permission.ACCOUNT_OWN if own else Permission.ACCOUNTS_MANAGE)
    account = unit.accounts.get(actor.id if account_id is None else account_id)
    if account is None:
        raise NotFound("account.not_found", id=account_id or actor.id)
    return account


def _check_scopes(scopes: frozenset[Permission], account: Account) -> None:
    allowed = account.permissions & TOKEN_PERMISSIONS
    if not allowed:
        raise InvalidInput("token.nothing_allowed")
    if not scopes:
        raise InvalidInput("token.scopes_missing", allowed="、".join(sorted(allowed)))
    if not scopes <= allowed:
        refused = "、".join(sorted(scopes - allowed))
        raise InvalidInput("token.scopes", scopes=refused, allowed="、".join(sorted(allowed)))
