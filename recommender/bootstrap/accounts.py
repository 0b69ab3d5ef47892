"""Who may sign in, and doing a request with a key once."""

from datetime import timedelta
from functools import cached_property
from typing import Final

from recommender.bootstrap.clock import now
from recommender.bootstrap.core import Core
from recommender.domain.sessions import SessionPolicy
from recommender.services.accounts.accounts import AccountService
from recommender.services.accounts.passwords import PasswordHasher
from recommender.services.accounts.sessions import SessionService
from recommender.services.accounts.sign_in import SignInService
from recommender.services.accounts.tokens import TokenService
from recommender.services.idempotency import IdempotencyService

_LEASE_MARGIN_S: Final = 10
"""How much longer than its deadline a request with a key counts as running."""


class Accounts(Core):
    """Who may sign in, and doing a request with a key once."""

    @cached_property
    def _hasher(self) -> PasswordHasher:
        return PasswordHasher()

    @cached_property
    def accounts(self) -> AccountService:
        """Managing accounts."""
        return AccountService(self.database, self._hasher, now)

    @cached_property
    def sessions(self) -> SessionService:
        """Sessions of browsers."""
        settings = self.settings
        policy = SessionPolicy(
            idle=timedelta(minutes=settings.session_idle_minutes),
            absolute=timedelta(hours=settings.session_hours),
            rotation=timedelta(hours=settings.session_rotation_hours),
        )
        return SessionService(self.database, policy, now)

    @cached_property
    def sign_in(self) -> SignInService:
        """Signing in, and changing one's own password."""
        return SignInService(self.database, self.sessions, self._hasher, now)

    @cached_property
    def tokens(self) -> TokenService:
        """Tokens of programs."""
        return TokenService(self.database, max_days=self.settings.max_token_days, now=now)

    @cached_property
    def idempotency(self) -> IdempotencyService:
        """Doing a request with a key once."""
        lease = timedelta(seconds=self.settings.deadline_seconds + _LEASE_MARGIN_S)
        keep = timedelta(hours=self.settings.idempotency_hours)
        return IdempotencyService(self.database, now, lease=lease, keep=keep)
