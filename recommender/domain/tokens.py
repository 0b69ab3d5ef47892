"""Tokens of programs: named, limited in what they may do and in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from recommender.domain.accounts import Permission
from recommender.domain.errors import InvalidInput

TOKEN_PERMISSIONS: Final = frozenset(Permission) - {Permission.ACCOUNT_OWN, Permission.ACCOUNTS_MANAGE}
"""What a token may be good for. Not for accounts: with one it could make itself a stronger one."""

MAX_TOKEN_NAME: Final = 80
MAX_TOKENS: Final = 20
"""Tokens in force of one account."""


def scopes_named(names: Iterable[str]) -> frozenset[Permission]:
    """The permissions with these names.

    Raises:
        InvalidInput: there is none, or it is not for tokens.
    """
    known = {permission.value: permission for permission in TOKEN_PERMISSIONS}
    given = set(names)
    if unknown := sorted(given - known.keys()):
        raise InvalidInput("token.scopes", scopes="、".join(unknown), allowed="、".join(sorted(known)))
    return frozenset(known[name] for name in given)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A token as its owner sees it; the secret itself is shown once and kept nowhere.

    Attributes:
        scopes: what it was made for; it may do no more than its account may at the moment.
        expires_at: end of its life, UTC.
        last_used_on: UTC day, ``None`` where it was never used.
        revoked_at: ``None`` while it is in force.
    """

    id: str
    account_id: str
    name: str
    scopes: frozenset[Permission]
    created_at: datetime
    expires_at: datetime
    last_used_on: date | None = None
    revoked_at: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        """Whether it may be used."""
        return self.revoked_at is None and now < self.expires_at
