"""Signing in on both databases: sessions, their end and renewal, tokens, and the throttle across processes."""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from recommender.domain.accounts import AccountChange, AccountState, Permission, Reach, Role
from recommender.domain.credentials import digest
from recommender.domain.entities import Enterprise
from recommender.domain.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    MatchmakerError,
    NotFound,
    NotSignedIn,
    TooMany,
)
from recommender.domain.identity import MergeState
from recommender.domain.kinds import EntityKind
from recommender.domain.tokens import MAX_TOKENS
from recommender.services.accounts.passwords import PasswordHasher
from recommender.services.accounts.signed_in import NewSession
from recommender.services.merges import MergeService
from recommender.store import Database

from .people import ADMINISTRATOR, HOUR, OTHER_PASSWORD, PASSWORD, POLICY, Accounts

SECOND = timedelta(seconds=1)
HOME = "192.0.2.1"
MATCH = frozenset({Permission.MATCH})


@pytest.fixture
def service(database: Database) -> Accounts:
    found = Accounts(database)
    found.make("zhang.san")
    return found


def sign_in(service: Accounts, password: str = PASSWORD, name: str = "zhang.san", **values: str) -> NewSession:
    return service.sign_ins.sign_in(name, password, **{"address": HOME, **values})


def fail(service: Accounts, n: int, name: str = "zhang.san", address: str = HOME) -> None:
    for _ in range(n):
        with pytest.raises(NotSignedIn):
            sign_in(service, "wrong", name, address=address)


def is_good(service: Accounts, secret: str) -> bool:
    try:
        service.sessions.resume(secret)
    except NotSignedIn:
        return False
    return True


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is sent to the database meanwhile, transactions aside."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
            found.append(statement)

    event.listen(database._engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(database._engine, "before_cursor_execute", note)


class TestSessions:
    def test_a_session_knows_its_account(self, service: Accounts) -> None:
        new = sign_in(service, user_agent="Firefox" + "x" * 500)
        found = service.sessions.resume(new.secret)
        assert found.actor == new.signed_in.actor
        assert found.csrf_token == new.signed_in.csrf_token
        assert found.actor.may(Permission.NEEDS_REVIEW)
        assert found.account.last_login_at == service.clock.at
        (session,) = service.sessions.own(found.actor)
        assert session.user_agent == "Firefox" + "x" * 193
        assert session.expires_at == service.clock.at + POLICY.absolute

    def test_the_secret_is_nowhere_in_the_database(self, service: Accounts) -> None:
        new = sign_in(service)
        with service.database.read() as unit:
            assert unit.sessions.find(new.secret) is None
            assert unit.sessions.find(digest(new.secret)) is not None

    def test_recognising_is_one_read(self, service: Accounts) -> None:
        new = sign_in(service)
        with statements(service.database) as found:
            service.sessions.resume(new.secret)
        assert len(found) == 1
        assert found[0].startswith("SELECT")

    def test_names_are_taken_as_people_write_them(self, service: Accounts) -> None:
        assert sign_in(service, name=" ＺＨＡＮＧ.San ").signed_in.account.login_name == "zhang.san"

    def test_it_ends_when_idle(self, service: Accounts) -> None:
        secret = sign_in(service).secret
        service.clock.advance(POLICY.idle - SECOND)
        assert is_good(service, secret)
        service.sessions.touch(service.sessions.resume(secret).actor.session)
        service.clock.advance(POLICY.idle - SECOND)
        assert is_good(service, secret)
        service.clock.advance(SECOND)
        assert not is_good(service, secret)

    def test_it_ends_when_old_however_busy(self, service: Accounts) -> None:
        secret = sign_in(service).secret
        for _ in range(12):
            assert is_good(service, secret)
            service.sessions.touch(service.sessions.resume(secret).actor.session)
            service.clock.advance(HOUR)
        assert not is_good(service, secret)

    def test_a_use_is_remembered_once_a_minute(self, service: Accounts) -> None:
        secret = sign_in(service).secret
        assert not service.sessions.resume(secret).wants_touch
        service.clock.advance(timedelta(seconds=59))
        assert not service.sessions.resume(secret).wants_touch
        service.clock.advance(SECOND)
        assert service.sessions.resume(secret).wants_touch

    def test_its_secret_is_replaced_after_a_while(self, service: Accounts) -> None:
        first = sign_in(service)
        assert not service.sessions.resume(first.secret).wants_rotation
        service.clock.advance(POLICY.rotation)
        found = service.sessions.resume(first.secret)
        assert found.wants_rotation
        second = service.sessions.rotate(found.actor.session, first.secret)
        assert second is not None
        assert service.sessions.rotate(found.actor.session, first.secret) is None
        renewed = service.sessions.resume(second)
        assert (renewed.actor, renewed.csrf_token) == (found.actor, found.csrf_token)
        assert not renewed.wants_rotation
        service.clock.advance(POLICY.grace - SECOND)
        assert is_good(service, first.secret)
        assert not service.sessions.resume(first.secret).wants_rotation
        service.clock.advance(SECOND)
        assert not is_good(service, first.secret)
        assert is_good(service, second)

    def test_of_many_requests_at_once_one_replaces_it(self, service: Accounts) -> None:
        first = sign_in(service)
        session_id = first.signed_in.actor.session
        found: list[str | None] = []
        gate = threading.Barrier(4)

        def rotate() -> None:
            gate.wait()
            found.append(service.sessions.rotate(session_id, first.secret))

        threads = [threading.Thread(target=rotate) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (secret,) = [each for each in found if each is not None]
        assert is_good(service, secret)

    def test_signing_in_ends_the_session_that_the_browser_had(self, service: Accounts) -> None:
        planted = sign_in(service)
        fresh = sign_in(service, former_secret=planted.secret)
        assert fresh.secret != planted.secret
        assert fresh.signed_in.actor.session != planted.signed_in.actor.session
        assert not is_good(service, planted.secret)
        # A secret that was made elsewhere is not taken over.
        other = sign_in(service, former_secret="made-elsewhere")
        assert other.secret != "made-elsewhere"
        assert not is_good(service, "made-elsewhere")

    def test_signing_out_ends_this_session_alone(self, service: Accounts) -> None:
        here, there = sign_in(service), sign_in(service)
        service.sessions.sign_out(here.signed_in.actor)
        assert not is_good(service, here.secret)
        assert is_good(service, there.secret)
        service.sessions.sign_out(here.signed_in.actor)

    def test_one_ends_ones_own_sessions_only(self, service: Accounts) -> None:
        service.make("li.si")
        mine, other = sign_in(service), sign_in(service, name="li.si")
        with pytest.raises(NotFound) as caught:
            service.sessions.end(mine.signed_in.actor, other.signed_in.actor.session)
        assert caught.value.code == "session.not_found"
        assert is_good(service, other.secret)
        service.sessions.end(other.signed_in.actor, other.signed_in.actor.session)
        assert not is_good(service, other.secret)

    def test_disabling_ends_everything_at_once(self, service: Accounts) -> None:
        account = service.make("gone")
        session = sign_in(service, name="gone")
        token = service.tokens.create(account.actor(session="x"), "x", MATCH, days=1)
        service.accounts.disable(ADMINISTRATOR, account.id)
        assert not is_good(service, session.secret)
        with pytest.raises(NotSignedIn):
            service.tokens.resume(token.secret)
        with pytest.raises(NotSignedIn) as caught:
            sign_in(service, name="gone")
        assert caught.value.code == "account.sign_in_failed"
        service.accounts.enable(ADMINISTRATOR, account.id)
        assert not is_good(service, session.secret)
        assert service.tokens.resume(token.secret).actor.permissions == MATCH

    def test_what_an_administrator_changes_counts_for_the_next_request(self, service: Accounts) -> None:
        new = sign_in(service)
        reach = Reach(towns=frozenset({"南丰镇"}))
        service.accounts.change(ADMINISTRATOR, new.signed_in.account.id, AccountChange(reach=reach))
        assert service.sessions.resume(new.secret).actor.reach == reach

    def test_sessions_that_are_over_are_deleted_in_time(self, service: Accounts) -> None:
        sign_in(service)
        service.clock.advance(POLICY.idle)
        new = sign_in(service)
        with service.database.read() as unit:
            left = unit.sessions.of_account(new.signed_in.account.id)
        assert [session.id for session in left] == [new.signed_in.actor.session]

    def test_an_enterprise_acts_for_the_record_that_took_its_own_over(self, service: Accounts) -> None:
        old, new = "91320582TEST000001", "91320582TEST000002"
        with service.database.write() as unit:
            unit.enterprises.upsert([Enterprise(code=code, name="江岸薄板有限公司") for code in (old, new)])
        service.make("mill", Role.ENTERPRISE, enterprise_code=old)
        secret = sign_in(service, name="mill").secret
        merges = MergeService(service.database, service.clock)
        merged = merges.merge(old, new, kind=EntityKind.ENTERPRISE, keep=new, actor="test")
        assert service.sessions.resume(secret).actor.enterprise_code == new
        undone = merges.undo(merged.merge.id, actor="test")
        assert undone.state is MergeState.UNDONE
        assert service.sessions.resume(secret).actor.enterprise_code == old


class TestPasswords:
    def test_changing_it_ends_all_other_sessions_and_replaces_this_one(self, service: Accounts) -> None:
        here, there = sign_in(service), sign_in(service)
        new = service.sign_ins.change_password(here.signed_in.actor, PASSWORD, OTHER_PASSWORD, address=HOME)
        assert [is_good(service, each.secret) for each in (here, there, new)] == [False, False, True]
        assert new.signed_in.csrf_token != here.signed_in.csrf_token
        assert new.signed_in.actor.session == here.signed_in.actor.session
        fail(service, 1)
        with pytest.raises(NotSignedIn):
            sign_in(service, PASSWORD)
        assert is_good(service, sign_in(service, OTHER_PASSWORD).secret)

    def test_the_first_password_must_be_changed(self, service: Accounts) -> None:
        account = service.make("fresh")
        reset = service.accounts.reset_password(ADMINISTRATOR, account.id)
        first = sign_in(service, reset.password, "fresh")
        assert first.signed_in.actor.permissions == {Permission.ACCOUNT_OWN}
        new = service.sign_ins.change_password(first.signed_in.actor, reset.password, OTHER_PASSWORD, address="")
        assert new.signed_in.actor.may(Permission.NEEDS_REVIEW)
        assert not service.accounts.get(ADMINISTRATOR, account.id).must_change_password

    def test_resetting_ends_the_sessions(self, service: Accounts) -> None:
        session = sign_in(service)
        service.accounts.reset_password(ADMINISTRATOR, "zhang.san", OTHER_PASSWORD)
        assert not is_good(service, session.secret)
        assert is_good(service, sign_in(service, OTHER_PASSWORD).secret)

    @pytest.mark.parametrize(
        ("current", "new", "code"),
        [
            ("wrong", OTHER_PASSWORD, "account.password_wrong"),
            (PASSWORD, "short", "account.password_length"),
            (PASSWORD, "zhang.san1234", "account.password_is_name"),
            (PASSWORD, PASSWORD, "account.password_same"),
        ],
    )
    def test_what_is_refused(self, service: Accounts, current: str, new: str, code: str) -> None:
        session = sign_in(service)
        with pytest.raises(InvalidInput) as caught:
            service.sign_ins.change_password(session.signed_in.actor, current, new, address=HOME)
        assert caught.value.code == code
        assert is_good(service, session.secret)
        assert is_good(service, sign_in(service).secret)

    def test_the_present_password_cannot_be_guessed_from_a_stolen_session(self, service: Accounts) -> None:
        actor = sign_in(service).signed_in.actor
        for _ in range(6):
            with pytest.raises(InvalidInput):
                service.sign_ins.change_password(actor, "wrong", OTHER_PASSWORD, address=HOME)
        with pytest.raises(TooMany):
            service.sign_ins.change_password(actor, PASSWORD, OTHER_PASSWORD, address=HOME)

    def test_signing_in_is_written_down_without_what_was_typed(self, service: Accounts) -> None:
        new = sign_in(service)
        id = new.signed_in.account.id
        fail(service, 1)
        fail(service, 1, name="a-password-typed-as-name")
        service.sign_ins.change_password(new.signed_in.actor, PASSWORD, OTHER_PASSWORD, address=HOME)
        service.sessions.sign_out(new.signed_in.actor)
        assert service.trail()[1:] == [
            (id, "account:session:start", id),
            (id, "account:session:refuse", id),
            ("unknown", "account:session:refuse", "unknown"),
            (id, "account:password:change", id),
            (id, "account:session:end", id),
        ]
        with service.database.read() as unit:
            written = str(unit.audit.tail(100))
        for secret in (PASSWORD, OTHER_PASSWORD, new.secret, "a-password-typed-as-name", HOME):
            assert secret not in written

    def test_a_hash_of_former_times_is_made_anew(self, service: Accounts) -> None:
        account = sign_in(service).signed_in.account
        later = Accounts(service.database, service.clock, PasswordHasher(memory_kib=16, passes=2))
        assert is_good(later, sign_in(later).secret)
        with service.database.read() as unit:
            assert unit.accounts.password_hash(account.id).startswith("$argon2id$v=19$m=16,t=2,p=1$")
        assert is_good(later, sign_in(later).secret)


class TestThrottle:
    def test_a_pause_refuses_the_right_password_too(self, service: Accounts) -> None:
        fail(service, 6)
        with pytest.raises(TooMany, match="2 秒后") as caught:
            sign_in(service)
        assert caught.value.retry_after_s == 2
        service.clock.advance(2 * SECOND)
        assert is_good(service, sign_in(service).secret)
        fail(service, 6)

    def test_pauses_double(self, service: Accounts) -> None:
        fail(service, 6)
        for seconds in (2, 4, 8, 16):
            with pytest.raises(TooMany) as caught:
                sign_in(service)
            assert caught.value.retry_after_s == seconds
            service.clock.advance(seconds * SECOND)
            fail(service, 1)

    def test_waiting_is_not_held_against_anybody(self, service: Accounts) -> None:
        """Who asks again and again during a pause does not make it longer."""
        fail(service, 6)
        for _ in range(20):
            with pytest.raises(TooMany):
                sign_in(service)
        service.clock.advance(2 * SECOND)
        assert is_good(service, sign_in(service).secret)

    def test_unknown_names_are_paused_as_known_ones(self, service: Accounts) -> None:
        for name in ("nobody", "what is no name at all", "\ud800"):
            fail(service, 6, name)
            with pytest.raises(TooMany) as caught:
                sign_in(service, name=name)
            assert caught.value.retry_after_s == 2

    def test_one_name_is_throttled_whatever_addresses_it_is_guessed_from(self, service: Accounts) -> None:
        for n in range(6):
            fail(service, 1, address=f"192.0.2.{n}")
        with pytest.raises(TooMany):
            sign_in(service, address="192.0.2.77")

    def test_one_address_is_throttled_whatever_names_it_guesses(self, service: Accounts) -> None:
        for n in range(51):
            fail(service, 1, name=f"user-{n}")
        with pytest.raises(TooMany):
            sign_in(service)
        assert is_good(service, sign_in(service, address="198.51.100.1").secret)

    def test_all_of_an_ipv6_network_is_one_address(self, service: Accounts) -> None:
        for n in range(51):
            fail(service, 1, name=f"user-{n}", address=f"2001:db8:1:2::{n:x}")
        with pytest.raises(TooMany):
            sign_in(service, address="2001:db8:1:2:ffff::1")
        assert is_good(service, sign_in(service, address="2001:db8:1:3::1").secret)

    def test_an_account_of_ones_own_is_no_licence_to_guess(self, service: Accounts) -> None:
        for n in range(51):
            fail(service, 1, name=f"user-{n}")
            if n < 50:
                sign_in(service)
        with pytest.raises(TooMany):
            sign_in(service)

    def test_it_holds_for_all_processes(self, service: Accounts, url: str) -> None:
        """Six guesses at each of two that share the database are twelve, not six."""
        other = Accounts(Database.open(url), service.clock)
        for _ in range(3):
            fail(service, 1)
            fail(other, 1)
        for each in (service, other):
            with pytest.raises(TooMany):
                sign_in(each)
        other.database.close()

    def test_many_at_once_gain_nothing(self, service: Accounts) -> None:
        """Each is counted before its password is looked at."""
        outcomes: list[str] = []

        def guess() -> None:
            try:
                sign_in(service, "wrong")
            except MatchmakerError as error:
                outcomes.append(error.code)

        threads = [threading.Thread(target=guess) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes.count("account.sign_in_failed") == 6
        assert outcomes.count("account.sign_in_pause") == 6

    def test_a_flood_of_attempts_leaves_room_for_others(self, database: Database) -> None:
        """Whoever finds no place is told at once, and nothing is held against them."""
        service = Accounts(database, hasher=PasswordHasher(places=2))
        service.make("zhang.san")
        outcomes: list[str] = []
        gate = threading.Barrier(8)

        def attempt() -> None:
            gate.wait()
            try:
                sign_in(service)
                outcomes.append("in")
            except MatchmakerError as error:
                outcomes.append(error.code)

        threads = [threading.Thread(target=attempt) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(outcomes) == {"in", "account.sign_in_busy"}
        assert outcomes.count("in") >= 2
        assert is_good(service, sign_in(service).secret)

    def test_what_is_long_past_is_forgotten(self, service: Accounts) -> None:
        fail(service, 5)
        service.clock.advance(timedelta(days=2))
        fail(service, 6)
        service.clock.advance(2 * SECOND)
        sign_in(service)
        with service.database.write() as unit:
            assert unit.sign_in_attempts.clear(service.clock.at + SECOND) == 2

    def test_names_and_addresses_are_not_kept(self, service: Accounts) -> None:
        fail(service, 1, name="a-password-typed-as-name")
        with service.database.write() as unit, statements(service.database):
            rows = unit.sign_in_attempts._connection.exec_driver_sql("SELECT key FROM sign_in_attempt").all()
        assert len(rows) == 2
        assert all(len(key) == 64 for (key,) in rows)

    def test_an_unknown_name_takes_as_long_as_a_wrong_password(self, database: Database) -> None:
        service = Accounts(database, hasher=PasswordHasher())
        service.make("zhang.san")

        def seconds(name: str) -> float:
            started = time.perf_counter()
            fail(service, 1, name, address="")
            return time.perf_counter() - started

        service.make("disabled")
        service.accounts.disable(ADMINISTRATOR, "disabled")
        known, unknown, disabled = [], [], []
        seconds("warm-up")
        for n in range(12):
            known.append(seconds("zhang.san"))
            unknown.append(seconds(f"nobody-{n}"))
            disabled.append(seconds("disabled"))
            service.clock.advance(timedelta(hours=25))
        expected = statistics.median(known)
        for measured in (unknown, disabled):
            assert expected / 2 < statistics.median(measured) < 2 * expected


class TestTokens:
    def test_a_token_acts_within_its_scopes(self, service: Accounts) -> None:
        owner = sign_in(service).signed_in.actor
        new = service.tokens.create(owner, " 夜间  报表 ", MATCH, days=30)
        assert new.token.name == "夜间 报表"
        assert new.token.expires_at == service.clock.at + timedelta(days=30)
        found = service.tokens.resume(new.secret)
        assert (found.actor.id, found.actor.permissions) == (owner.id, MATCH)
        assert found.csrf_token == ""
        with pytest.raises(Forbidden):
            found.actor.require(Permission.NEEDS_READ)
        for call in (lambda: service.tokens.of(found.actor), lambda: service.sessions.own(found.actor)):
            with pytest.raises(Forbidden):
                call()

    def test_recognising_is_one_read(self, service: Accounts) -> None:
        new = service.tokens.create(sign_in(service).signed_in.actor, "x", MATCH, days=1)
        with statements(service.database) as found:
            service.tokens.resume(new.secret)
        assert [statement.split()[0] for statement in found] == ["SELECT"]

    def test_it_may_no_more_than_its_account_may_now(self, service: Accounts) -> None:
        owner = sign_in(service).signed_in
        new = service.tokens.create(owner.actor, "x", MATCH, days=1)
        for must_change, left in ((True, frozenset()), (False, MATCH)):
            with service.database.write() as unit:
                unit.accounts.put(owner.account.changed(must_change_password=must_change))
            assert service.tokens.resume(new.secret).actor.permissions == left

    def test_none_is_made_before_the_first_password_is_changed(self, service: Accounts) -> None:
        """It would outlive the change, and with it whoever read the first password on its way."""
        fresh = service.accounts.reset_password(ADMINISTRATOR, "zhang.san").account
        with pytest.raises(InvalidInput) as caught:
            service.tokens.create(fresh.actor(session="x"), "x", MATCH, days=1)
        assert caught.value.code == "token.nothing_allowed"

    def test_a_reset_revokes_them(self, service: Accounts) -> None:
        new = service.tokens.create(sign_in(service).signed_in.actor, "x", MATCH, days=1)
        service.accounts.reset_password(ADMINISTRATOR, "zhang.san", OTHER_PASSWORD)
        with pytest.raises(NotSignedIn):
            service.tokens.resume(new.secret)

    def test_nobody_makes_one_for_another_person(self, service: Accounts) -> None:
        """Not even an administrator: what is done with it would be written down as that person's."""
        person, program = service.make("li.si"), service.make("job", Role.SERVICE)
        with pytest.raises(InvalidInput, match="本人") as caught:
            service.tokens.create(ADMINISTRATOR, "x", MATCH, days=1, account_id=person.id)
        assert caught.value.code == "token.of_a_person"
        new = service.tokens.create(ADMINISTRATOR, "x", MATCH, days=1, account_id=program.id)
        assert service.tokens.resume(new.secret).actor.id == program.id

    def test_it_ends_by_time_and_by_hand(self, service: Accounts) -> None:
        owner = sign_in(service).signed_in.actor
        short, long = (service.tokens.create(owner, "x", MATCH, days=days) for days in (1, 2))
        service.clock.advance(timedelta(days=1))
        with pytest.raises(NotSignedIn) as caught:
            service.tokens.resume(short.secret)
        assert caught.value.code == "account.credentials_over"
        service.tokens.resume(long.secret)
        service.tokens.revoke(owner, long.token.id)
        revoked_at = service.clock.at
        with pytest.raises(NotSignedIn):
            service.tokens.resume(long.secret)
        service.clock.advance(HOUR)
        service.tokens.revoke(owner, long.token.id)
        found = {token.id: token for token in service.tokens.of(owner)}
        assert found[long.token.id].revoked_at == revoked_at
        assert found[short.token.id].revoked_at is None

    def test_the_day_of_its_use_is_remembered(self, service: Accounts) -> None:
        owner = sign_in(service).signed_in.actor
        new = service.tokens.create(owner, "x", MATCH, days=9)
        assert service.tokens.resume(new.secret).wants_touch
        service.tokens.touch(new.token.id)
        assert not service.tokens.resume(new.secret).wants_touch
        assert service.tokens.of(owner)[0].last_used_on == service.clock.at.date()
        service.clock.advance(timedelta(days=1))
        assert service.tokens.resume(new.secret).wants_touch

    @pytest.mark.parametrize(
        ("name", "scopes", "days", "code"),
        [
            ("", MATCH, 1, "token.name"),
            ("长" * 81, MATCH, 1, "token.name"),
            ("x", frozenset(), 1, "token.scopes_missing"),
            ("x", frozenset({Permission.METRICS_READ}), 1, "token.scopes"),
            ("x", frozenset({Permission.ACCOUNT_OWN}), 1, "token.scopes"),
            ("x", MATCH, 0, "token.lifetime"),
            ("x", MATCH, 367, "token.lifetime"),
        ],
    )
    def test_what_is_refused(
        self, service: Accounts, name: str, scopes: frozenset[Permission], days: int, code: str
    ) -> None:
        with pytest.raises(InvalidInput) as caught:
            service.tokens.create(sign_in(service).signed_in.actor, name, scopes, days=days)
        assert caught.value.code == code

    def test_there_is_an_end_to_how_many(self, service: Accounts) -> None:
        owner = sign_in(service).signed_in.actor
        for _ in range(MAX_TOKENS):
            last = service.tokens.create(owner, "x", MATCH, days=1)
        with pytest.raises(Conflict) as caught:
            service.tokens.create(owner, "x", MATCH, days=1)
        assert caught.value.code == "token.too_many"
        service.tokens.revoke(owner, last.token.id)
        service.tokens.create(owner, "x", MATCH, days=1)

    def test_tokens_of_others_are_not_there(self, service: Accounts) -> None:
        other = service.make("li.si")
        owner = sign_in(service).signed_in.actor
        foreign = service.tokens.create(other.actor(session="x"), "x", MATCH, days=1)
        with pytest.raises(NotFound) as caught:
            service.tokens.revoke(owner, foreign.token.id)
        assert caught.value.code == "token.not_found"
        service.tokens.resume(foreign.secret)

    @pytest.mark.parametrize("secret", ["", "smx_", "smx_unknown", "x" * 5000, "smx_\ud800"])
    def test_unknown_secrets(self, service: Accounts, secret: str) -> None:
        with pytest.raises(NotSignedIn):
            service.tokens.resume(secret)
        assert not is_good(service, secret)


def test_states_of_accounts_are_kept_in_words(service: Accounts) -> None:
    with service.database.read() as unit:
        (row,) = unit.accounts._connection.exec_driver_sql("SELECT role, state FROM account").all()
    assert tuple(row) == (Role.OFFICER.value, AccountState.ACTIVE.value)
