"""What an account may be made to deal with: names as the library writes them, enterprises by name or code."""

import pytest

from recommender.domain.accounts import AccountChange, AccountDraft, Reach, Role
from recommender.domain.entities import Enterprise, Need
from recommender.domain.errors import Forbidden, InvalidInput
from recommender.services.accounts.reach import EnterpriseChoice
from recommender.store import Database
from tests.store.people import ADMINISTRATOR, Accounts

FIRMS = (
    Enterprise(code="91320582TEST000001", name="江岸薄板有限公司", town="北港镇", industry_chain="冶金新材料"),
    Enterprise(code="91320582TEST000002", name="江岸薄板有限公司第二分公司", town="塘桥镇"),
    Enterprise(code="91320582TEST000003", name="云织化纤厂", industry_chain="纺织"),
    Enterprise(code="91320582TEST000004", name="同名厂"),
    Enterprise(code="91320582TEST000005", name="同名厂"),
)


@pytest.fixture
def people(database: Database) -> Accounts:
    with database.write() as unit:
        unit.enterprises.upsert(FIRMS)
        unit.needs.upsert([Need(id="XQ-1", title="新电池", industry_chain="新能源")])
    return Accounts(database)


def officer(people: Accounts, **reach: set[str]) -> Reach:
    wanted = Reach(**{name: frozenset(values) for name, values in reach.items()})
    draft = AccountDraft(login_name="officer", display_name="某", role=Role.OFFICER, reach=wanted)
    return people.accounts.create(ADMINISTRATOR, draft).account.reach


def firm(people: Accounts, text: str) -> str:
    draft = AccountDraft(login_name="firm", display_name="某", role=Role.ENTERPRISE, enterprise_code=text)
    return people.accounts.create(ADMINISTRATOR, draft).account.enterprise_code


def test_a_name_that_the_library_has_is_kept(people: Accounts) -> None:
    assert officer(people, towns={"北港镇"}, chains={"纺织", "新能源"}) == Reach(
        towns=frozenset({"北港镇"}), chains=frozenset({"纺织", "新能源"})
    )


def test_another_name_of_a_town_becomes_the_one_that_imports_write(people: Accounts) -> None:
    assert officer(people, towns={"杨舍", "南丰镇"}).towns == {"经开区(杨舍镇)", "南丰镇"}


def test_the_library_goes_before_the_list_of_the_city(database: Database) -> None:
    with database.write() as unit:
        unit.enterprises.upsert([Enterprise(code="91320582TEST000009", name="甲", town="杨舍镇")])
    assert officer(Accounts(database), towns={"杨舍镇"}).towns == {"杨舍镇"}


@pytest.mark.parametrize(
    ("reach", "code", "proposed"),
    [
        ({"towns": {"北巷镇"}}, "account.town_unknown", "北港镇"),
        ({"towns": {"塘桥"}, "chains": {"冶金"}}, "account.chain_unknown", "冶金新材料"),
        ({"chains": {"zzz"}}, "account.chain_unknown", "冶金新材料、新能源、纺织"),
    ],
)
def test_a_misspelt_name_is_refused_and_others_proposed(
    people: Accounts, reach: dict[str, set[str]], code: str, proposed: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        officer(people, **reach)
    assert refused.value.code == code
    assert proposed in str(refused.value)


def test_nothing_is_misspelt_where_nothing_is_known(database: Database) -> None:
    assert officer(Accounts(database), towns={"别处"}, chains={"任意"}).towns == {"别处"}


def test_what_an_account_had_it_may_keep(people: Accounts, database: Database) -> None:
    account = people.make("officer-2")
    with database.write() as unit:
        kept = account.changed(reach=Reach(towns=frozenset({"旧镇"}), chains=frozenset({"旧链"})))
        unit.accounts.put(kept)
    wider = Reach(towns=frozenset({"旧镇", "北港镇"}), chains=frozenset({"旧链"}))
    assert people.accounts.change(ADMINISTRATOR, account.id, AccountChange(reach=wider)).reach == wider
    with pytest.raises(InvalidInput):
        people.accounts.change(ADMINISTRATOR, account.id, AccountChange(reach=Reach(towns=frozenset({"旧钟"}))))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("91320582TEST000001", "91320582TEST000001"),
        (" 江岸薄板有限公司 ", "91320582TEST000001"),
        ("第二分公司", "91320582TEST000002"),
        ("化纤", "91320582TEST000003"),
    ],
)
def test_an_enterprise_is_found_by_name_or_code(people: Accounts, text: str, code: str) -> None:
    assert firm(people, text) == code


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("薄板", "account.enterprise_ambiguous", "江岸薄板有限公司（91320582TEST000001）"),
        ("同名厂", "account.enterprise_ambiguous", "同名厂（91320582TEST000005）"),
        ("没有这家", "account.enterprise_unknown", "没有这家"),
        (" ", "account.enterprise_missing", "所属企业"),
        ("a\0b", "account.enterprise_unknown", "资源库中没有"),
    ],
)
def test_which_enterprise_is_meant_is_not_guessed(people: Accounts, text: str, code: str, named: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        firm(people, text)
    assert refused.value.code == code
    assert named in str(refused.value)


def test_choices_for_a_form(people: Accounts) -> None:
    choices = people.accounts.choices(ADMINISTRATOR)
    assert choices.chains == ("冶金新材料", "新能源", "纺织")
    assert choices.towns[0] == "经开区(杨舍镇)"
    assert choices.towns[-1] == "北港镇"
    assert choices.towns.count("塘桥镇") == 1
    assert people.accounts.enterprises(ADMINISTRATOR, "第二") == (
        EnterpriseChoice("91320582TEST000002", "江岸薄板有限公司第二分公司", "塘桥镇"),
    )
    nobody = people.make("officer-3").actor(session="s")
    for call in (lambda: people.accounts.choices(nobody), lambda: people.accounts.enterprises(nobody, "甲")):
        with pytest.raises(Forbidden):
            call()
