"""Settings and the state of the system; consents, certificates and what has been kept long enough."""

from collections import Counter

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.console.messages import settings as zh
from recommender.bootstrap import Application
from recommender.domain.paging import PageRequest
from recommender.settings import Settings
from tests.actors import TESTER
from tests.console.conftest import client_of
from tests.console.pages import opened, page_of, send
from tests.console.people import ADMIN

SETTINGS = "/console/settings"
_ANY = PageRequest()


def test_every_setting_has_one_place() -> None:
    placed = Counter(name for names in zh.GROUPS.values() for name in names)
    assert placed == Counter(list(Settings.model_fields))


def test_every_setting_is_told_with_where_it_comes_from(admin: TestClient) -> None:
    page = opened(admin, SETTINGS)
    described = Settings().described()
    missing = [
        each.variable for each in described if each.variable not in page.text or each.description not in page.text
    ]
    assert missing == []
    assert "MATCHMAKER_N_THREADS 1 2 环境变量" in page.text
    assert "MATCHMAKER_PORT 8000 8000 默认" in page.text
    assert "MATCHMAKER_DATABASE_URL 未设置 -- 默认" in page.text


def test_a_secret_is_never_shown(own: Application, own_app: FastAPI) -> None:
    own.settings = own.settings.model_copy(update={"database_url": "sqlite:///hush.db"})
    page = opened(client_of(own_app, ADMIN), f"{SETTINGS}?q=database")
    assert ("hush" in page.html, "已设置，不显示" in page.text or "未设置" in page.text) == (False, True)


def test_settings_are_looked_for_by_what_they_do(admin: TestClient) -> None:
    found = opened(admin, f"{SETTINGS}?q=异议")
    assert ("MATCHMAKER_OBJECTION_DAYS" in found.text, "MATCHMAKER_PORT" in found.text) == (True, False)
    changed = opened(admin, f"{SETTINGS}?changed=1")
    assert ("MATCHMAKER_N_THREADS" in changed.text, "MATCHMAKER_PORT" in changed.text) == (True, False)
    assert "没有符合条件的设置" in opened(admin, f"{SETTINGS}?q=zzz").text


def test_the_state_names_what_mends_each_fault(admin: TestClient) -> None:
    page = opened(admin, f"{SETTINGS}/system")
    for check in zh.CHECKS.values():
        assert check in page.text
    assert "还没有备份过。请运行 matchmaker backup" in page.text
    assert "正在使用" in page.text
    assert "SQLite" in page.text


def test_officers_see_consents_and_nothing_else_of_settings(officer: TestClient, enterprise: TestClient) -> None:
    page = opened(officer, f"{SETTINGS}/consents")
    assert [href for href, _ in page.links if href.startswith(f"{SETTINGS}/") and "/consents" not in href] == []
    assert "本人来信，不希望被推荐" in page.text
    for path in ("", "/system", "/retention", "/erasures"):
        assert opened(officer, f"{SETTINGS}{path}", status=403).title == "没有权限"
    assert opened(enterprise, f"{SETTINGS}/consents", status=403).title == "没有权限"


def test_consents_name_nobody_in_full(officer: TestClient, application: Application) -> None:
    page = opened(officer, f"{SETTINGS}/consents")
    assert "推荐 0 人同意 1 人撤回" in page.text
    with application.database.read() as unit:
        people = {entry.person_id for entry in unit.consents.page(_ANY).items}
        names = [expert.name for expert in unit.experts.get_many(sorted(people)).values()]
    assert len(names) == 2
    assert [name for name in names if name in page.html] == []
    assert "** ZJ" in page.text


def test_what_is_old_is_counted_before_it_is_deleted(own: Application, own_app: FastAPI) -> None:
    client = client_of(own_app, ADMIN)
    page = opened(client, f"{SETTINGS}/retention")
    assert "审计记录 MATCHMAKER_KEEP_AUDIT_DAYS 1,825 --" in page.text
    assert "没有到期的数据" in page.text
    assert [form for form in page.forms if form.action.endswith("/retention")] == []
    own.retention = type(own.retention)(own.database, own.retention._now, own.retention._days | {"reminders": 0})
    due = opened(client, f"{SETTINGS}/retention")
    assert "清理到期数据" in due.text
    done = page_of(send(client, due, f"{SETTINGS}/retention"))
    assert "项到期数据" in done.text
    assert "没有到期的数据" in done.text
    assert "清理到期数据" in opened(client, "/console/audit?source=personal").text


def test_certificates_are_listed_and_taken_as_files(admin: TestClient, application: Application) -> None:
    (pending,) = application.erasures.certificates(TESTER)
    page = opened(admin, f"{SETTINGS}/erasures")
    assert f"{pending.id} " in page.text
    assert "本人来信要求删除 ! 待完成" in page.text
    (address,) = {href for href, text in page.links if text == pending.id}
    assert pending.id in opened(admin, address).text
    text = admin.get(f"{SETTINGS}/erasures/{pending.id}/certificate.txt")
    assert text.text.startswith("个人信息删除证明")
    assert f"filename={pending.id}.txt" in text.headers["content-disposition"]
    assert admin.get(f"{SETTINGS}/erasures/SC-x/certificate.txt").status_code == 404


def test_empty_pages_say_what_to_do(own: Application, own_app: FastAPI) -> None:
    with own.database.write() as unit:
        unit.retention.drop("audit", own.retention._now())
        unit.retention.drop("reveals", own.retention._now())
    client = client_of(own_app, ADMIN)
    assert "还没有人查看过完整信息" in opened(client, "/console/audit/reveals").text
    assert "没有符合条件的记录" in opened(client, "/console/audit?source=export").text
