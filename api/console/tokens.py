"""Tokens of programs as pages show them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from api.console.messages import accounts as zh
from recommender.domain.accounts import Account, Permission
from recommender.domain.tokens import TOKEN_PERMISSIONS, AccessToken

TOKEN_DAYS: Final = 90
"""How long a new token lives unless somebody says otherwise."""


def scopes_offered(account: Account) -> list[tuple[Permission, str]]:
    """What a token of an account can be good for, with what it is called."""
    return [(each, zh.PERMISSIONS[each]) for each in sorted(account.permissions & TOKEN_PERMISSIONS)]


def token_order(tokens: Sequence[AccessToken]) -> dict[str, Any]:
    """Tokens in force, and those that are over; what they may is named."""
    now = datetime.now(UTC)
    good = [token for token in tokens if token.is_good(now)]
    return {
        "good_tokens": good,
        "former_tokens": [token for token in tokens if token not in good],
        "permission_names": zh.PERMISSIONS,
    }
