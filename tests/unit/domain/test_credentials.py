"""Secrets: long, different, recognisable, and kept as hashes."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from recommender.domain.accounts import GRANTS, Account, AccountState, Permission, Reach, Role
from recommender.domain.credentials import (
    csrf_token,
    digest,
    is_same,
    new_csrf_key,
    new_session_secret,
    new_token_secret,
)
from recommender.domain.errors import InvalidInput
from recommender.domain.tokens import TOKEN_PERMISSIONS, scopes_named

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)


def account(role: Role, **values: object) -> Account:
    plain: dict[str, object] = {
        "id": "a",
        "login_name": "zhang.san",
        "display_name": "张三",
        "role": role,
        "reach": Reach(whole_city=True),
        "enterprise_code": "",
        "state": AccountState.ACTIVE,
        "must_change_password": False,
        "version": 1,
        "created_at": NOW,
        "last_login_at": None,
    }
    return Account(**plain | values)  # type: ignore[arg-type]


def test_secrets_hold_256_bits_and_tokens_say_what_they_are() -> None:
    sessions, tokens = ({make() for _ in range(100)} for make in (new_session_secret, new_token_secret))
    assert len(sessions) == len(tokens) == 100
    assert all(re.fullmatch(r"[\w-]{43}", secret) for secret in sessions)
    assert all(re.fullmatch(r"smx_[\w-]{43}", secret) for secret in tokens)


def test_any_text_can_be_looked_up() -> None:
    assert len({digest(text) for text in ("", "a", "é", "\ud800", "x" * 10_000)}) == 5


def test_the_token_of_a_page_depends_on_session_and_key() -> None:
    key = new_csrf_key()
    assert csrf_token(key, "s1") == csrf_token(key, "s1")
    assert len({csrf_token(key, "s1"), csrf_token(key, "s2"), csrf_token(new_csrf_key(), "s1")}) == 3
    assert is_same("a", "a")
    assert not is_same("\ud800", "a")


@pytest.mark.parametrize("role", list(Role))
def test_a_token_may_no_more_than_its_account(role: Role) -> None:
    wanted = frozenset(Permission)
    assert account(role).actor(session="t", scopes=wanted).permissions == GRANTS[role]
    one = frozenset({Permission.MATCH})
    assert account(role).actor(session="t", scopes=one).permissions == one & GRANTS[role]


def test_who_must_change_the_password_may_nothing_else() -> None:
    fresh = account(Role.ADMIN, must_change_password=True)
    assert fresh.actor(session="s").permissions == {Permission.ACCOUNT_OWN}
    assert fresh.actor(session="t", scopes=TOKEN_PERMISSIONS).permissions == frozenset()


def test_a_disabled_account_may_nothing() -> None:
    assert account(Role.ADMIN, state=AccountState.DISABLED).permissions == frozenset()


def test_scopes_are_named() -> None:
    assert scopes_named(["match", "needs.read"]) == {Permission.MATCH, Permission.NEEDS_READ}
    for name in ("account.own", "accounts.manage", "everything", ""):
        with pytest.raises(InvalidInput, match="可选：") as caught:
            scopes_named(["match", name])
        assert caught.value.code == "token.scopes"


def test_sessions_end_when_idle_and_when_old() -> None:
    from recommender.domain.sessions import Session, SessionPolicy

    hour = timedelta(hours=1)
    policy = SessionPolicy(idle=2 * hour, absolute=12 * hour, rotation=hour)
    session = Session(
        id="s",
        account_id="a",
        created_at=NOW,
        seen_at=NOW + 11 * hour,
        rotated_at=NOW,
        expires_at=NOW + policy.absolute,
        user_agent="",
    )
    assert not session.is_over(NOW + 11.9 * hour, policy)
    assert session.is_over(NOW + 12 * hour, policy)
    short = SessionPolicy(idle=hour / 2, absolute=12 * hour, rotation=hour)
    assert session.is_over(NOW + 11.5 * hour, short)
    assert session.wants_rotation(NOW + hour, policy)
    assert not session.wants_rotation(NOW + 0.9 * hour, policy)
    assert not session.wants_touch(session.seen_at + timedelta(seconds=59), policy)
    assert session.wants_touch(session.seen_at + timedelta(seconds=60), policy)
