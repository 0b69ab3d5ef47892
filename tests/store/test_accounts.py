"""Accounts on both databases: names, pages, versions, reach, and the last administrator."""

import threading
from typing import Any

import pytest

from recommender.domain.accounts import (
    AccountChange,
    AccountDraft,
    AccountFilter,
    AccountState,
    Actor,
    Permission,
    Reach,
    Role,
)
from recommender.domain.entities import Enterprise
from recommender.domain.errors import Conflict, Forbidden, InvalidInput, MatchmakerError, NotFound, Outdated
from recommender.domain.paging import PageRequest
from recommender.services.accounts.passwords import PasswordHasher
from recommender.store import Database

from .people import ADMINISTRATOR, HOUR, PASSWORD, Accounts

TOWN = Reach(towns=frozenset({"南丰镇"}))


@pytest.fixture
def service(database: Database) -> Accounts:
    return Accounts(database)


def draft(**values: Any) -> AccountDraft:
    plain = {"login_name": "zhang.san", "display_name": "张三", "role": Role.OFFICER, "reach": TOWN}
    return AccountDraft(**plain | values)


def test_an_account_comes_back_as_it_was_made(service: Accounts) -> None:
    reach = Reach(towns=frozenset({"凤凰镇", "塘桥镇"}), chains=frozenset({"纺织"}))
    made = service.accounts.create(ADMINISTRATOR, draft(login_name=" Zhang.SAN", reach=reach), PASSWORD)
    assert made.password == ""
    account = made.account
    assert (account.login_name, account.display_name, account.reach) == ("zhang.san", "张三", reach)
    assert (account.state, account.version, account.must_change_password) == (AccountState.ACTIVE, 1, False)
    assert service.accounts.get(ADMINISTRATOR, account.id) == account
    assert service.accounts.get(ADMINISTRATOR, "ZHANG.san") == account
    assert service.accounts.exist()


def test_the_password_is_kept_as_an_argon2id_hash_only(database: Database) -> None:
    service = Accounts(database, hasher=PasswordHasher())
    account = service.accounts.create(ADMINISTRATOR, draft(), PASSWORD).account
    with service.database.read() as unit:
        kept = unit.accounts.password_hash(account.id)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in kept
    assert not hasattr(account, "password_hash")


def test_a_password_that_is_made_up_must_be_changed(service: Accounts) -> None:
    made = service.accounts.create(ADMINISTRATOR, draft())
    assert len(made.password) >= 20
    assert made.account.must_change_password
    assert made.account.permissions == {Permission.ACCOUNT_OWN}


def test_a_login_name_is_given_once(service: Accounts) -> None:
    service.accounts.create(ADMINISTRATOR, draft(), PASSWORD)
    with pytest.raises(Conflict, match=r"zhang\.san") as caught:
        service.accounts.create(ADMINISTRATOR, draft(login_name="ZHANG.SAN"), PASSWORD)
    assert caught.value.code == "account.login_name_taken"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"login_name": "a b"}, "account.login_name"),
        ({"display_name": "  "}, "account.display_name"),
        ({"display_name": "长" * 81}, "account.display_name"),
        ({"reach": Reach()}, "account.reach_missing"),
        ({"reach": Reach(towns=frozenset({""}))}, "account.reach_value"),
        ({"reach": Reach(chains=frozenset({" 纺织"}))}, "account.reach_value"),
        ({"role": Role.ENTERPRISE}, "account.enterprise_missing"),
        ({"role": Role.ENTERPRISE, "enterprise_code": "91320582NONE"}, "account.enterprise_unknown"),
        ({"role": Role.SERVICE}, "account.password_none"),
    ],
)
def test_what_is_not_acceptable(service: Accounts, values: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        service.accounts.create(ADMINISTRATOR, draft(**values), PASSWORD)
    assert caught.value.code == code
    assert not service.accounts.exist()


def test_the_role_decides_on_the_reach(service: Accounts) -> None:
    with service.database.write() as unit:
        unit.enterprises.upsert([Enterprise(code="91320582TEST000001", name="江岸薄板有限公司")])
    own = service.accounts.create(
        ADMINISTRATOR,
        draft(login_name="mill", role=Role.ENTERPRISE, enterprise_code="91320582TEST000001"),
        PASSWORD,
    ).account
    assert (own.reach, own.enterprise_code) == (Reach(), "91320582TEST000001")
    admin = service.accounts.create(ADMINISTRATOR, draft(login_name="admin", role=Role.ADMIN), PASSWORD).account
    assert admin.reach == Reach(whole_city=True)
    program = service.accounts.create(ADMINISTRATOR, draft(login_name="job", role=Role.SERVICE, reach=Reach()))
    assert program.account.reach == Reach(whole_city=True)
    limited = service.accounts.create(ADMINISTRATOR, draft(login_name="job2", role=Role.SERVICE))
    assert limited.account.reach == TOWN
    with pytest.raises(InvalidInput) as caught:
        service.accounts.change(ADMINISTRATOR, own.id, AccountChange(reach=TOWN))
    assert caught.value.code == "account.reach_fixed"


def test_a_change_names_its_version(service: Accounts) -> None:
    account = service.accounts.create(ADMINISTRATOR, draft(), PASSWORD).account
    wide = AccountChange(reach=Reach(whole_city=True, towns=frozenset({"多余"})))
    changed = service.accounts.change(ADMINISTRATOR, account.id, wide, version=1)
    assert (changed.version, changed.reach) == (2, Reach(whole_city=True))
    with pytest.raises(Outdated, match="第 2 版"):
        service.accounts.change(ADMINISTRATOR, account.id, AccountChange(display_name="李四"), version=1)
    assert service.accounts.get(ADMINISTRATOR, account.id) == changed
    assert service.accounts.change(ADMINISTRATOR, account.id, AccountChange(display_name="李四")).version == 3


def test_pages_go_through_every_account_once(service: Accounts) -> None:
    names = [f"user-{n:02d}" for n in range(7)]
    for name in reversed(names):
        service.make(name)
        service.clock.advance(HOUR)

    def walk(sort: str, chosen: AccountFilter | None = None) -> list[str]:
        found: list[str] = []
        cursor = ""
        while True:
            page = service.accounts.page(ADMINISTRATOR, PageRequest(limit=3, cursor=cursor, sort=sort), chosen)
            found += [account.login_name for account in page.items]
            cursor = page.next_cursor
            if not cursor:
                return found

    assert walk("") == walk("login_name") == walk("-created_at") == names
    assert walk("-login_name") == walk("created_at") == names[::-1]
    assert walk("", AccountFilter(text="USER-03")) == ["user-03"]
    assert walk("", AccountFilter(role=Role.ADMIN)) == []
    service.accounts.disable(ADMINISTRATOR, "user-05")
    assert walk("", AccountFilter(state=AccountState.DISABLED)) == ["user-05"]
    assert walk("", AccountFilter(text="a\0b")) == []
    with pytest.raises(InvalidInput):
        service.accounts.page(ADMINISTRATOR, PageRequest(sort="password_hash"))


def test_the_last_administrator_stays(service: Accounts) -> None:
    first, second = service.make("admin-1", Role.ADMIN), service.make("admin-2", Role.ADMIN)
    assert service.accounts.disable(ADMINISTRATOR, first.id).state is AccountState.DISABLED
    assert service.accounts.disable(ADMINISTRATOR, first.id).version == 2
    with pytest.raises(Conflict) as caught:
        service.accounts.disable(ADMINISTRATOR, second.id)
    assert caught.value.code == "account.last_admin"
    assert service.accounts.enable(ADMINISTRATOR, first.id).state is AccountState.ACTIVE
    assert service.accounts.disable(ADMINISTRATOR, second.id).state is AccountState.DISABLED


def test_two_administrators_cannot_put_each_other_out(service: Accounts) -> None:
    """Both see two active ones; whoever comes second must see one."""
    ids = [service.make(f"admin-{n}", Role.ADMIN).id for n in range(2)]
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def disable(id: str) -> None:
        gate.wait()
        try:
            service.accounts.disable(ADMINISTRATOR, id)
            outcomes.append("done")
        except MatchmakerError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=disable, args=(id,)) for id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["account.last_admin", "done"]


def test_programs_have_no_password_to_reset(service: Accounts) -> None:
    service.make("job", Role.SERVICE)
    with pytest.raises(InvalidInput) as caught:
        service.accounts.reset_password(ADMINISTRATOR, "job")
    assert caught.value.code == "account.password_none"


def test_only_who_manages_accounts_may(service: Accounts) -> None:
    account = service.make("officer")
    actor = account.actor(session="s")
    service_calls = (
        lambda: service.accounts.page(actor, PageRequest()),
        lambda: service.accounts.get(actor, account.id),
        lambda: service.accounts.create(actor, draft(login_name="other"), PASSWORD),
        lambda: service.accounts.change(actor, account.id, AccountChange(display_name="x")),
        lambda: service.accounts.disable(actor, account.id),
        lambda: service.accounts.enable(actor, account.id),
        lambda: service.accounts.reset_password(actor, account.id),
        lambda: service.tokens.of(actor, "other"),
        lambda: service.tokens.create(actor, "x", frozenset({Permission.MATCH}), days=1, account_id="other"),
        lambda: service.tokens.revoke(actor, "x", account_id="other"),
    )
    for call in service_calls:
        with pytest.raises(Forbidden, match=r"accounts\.manage"):
            call()


def test_unknown_accounts(service: Accounts) -> None:
    for id in ("nobody", "", "a\0b", "\ud800"):
        with pytest.raises(NotFound) as caught:
            service.accounts.get(ADMINISTRATOR, id)
        assert caught.value.code == "account.not_found"


def test_everything_is_written_down_and_nothing_secret(service: Accounts) -> None:
    account = service.accounts.create(ADMINISTRATOR, draft(), PASSWORD).account
    service.accounts.change(ADMINISTRATOR, account.id, AccountChange(display_name="李四"))
    service.accounts.disable(ADMINISTRATOR, account.id)
    service.accounts.enable(ADMINISTRATOR, account.id)
    reset = service.accounts.reset_password(ADMINISTRATOR, account.id)
    program = service.make("job", Role.SERVICE)
    new = service.tokens.create(
        ADMINISTRATOR, "夜间", frozenset({Permission.MATCH}), days=1, account_id=program.id
    )
    service.tokens.revoke(ADMINISTRATOR, new.token.id, account_id=program.id)
    actions = ["create", "change", "disable", "enable"]
    assert service.trail() == [
        *(("cli:test", f"account:account:{action}", account.id) for action in actions),
        ("cli:test", "account:password:reset", account.id),
        ("cli:test", "account:account:create", program.id),
        ("cli:test", "account:token:create", program.id),
        ("cli:test", "account:token:revoke", program.id),
    ]
    with service.database.read() as unit:
        written = str(unit.audit.tail(100))
    for secret in (PASSWORD, reset.password, new.secret, "张三", "李四"):
        assert secret not in written


def test_actors_of_the_server_itself_have_no_tokens(service: Accounts) -> None:
    with pytest.raises(NotFound):
        service.tokens.of(Actor.trusted("cli:test"))
