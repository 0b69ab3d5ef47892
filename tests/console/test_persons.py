"""What people may ask for: consent, their data, erasure."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

from recommender.bootstrap import Application
from tests.console.conftest import client_of
from tests.console.pages import opened, page_of, send
from tests.console.people import ADMIN, OFFICER

ADDRESS = "/console/persons/ZJ0002"


def test_officers_write_down_consent_and_administrators_do_more(
    officer: TestClient, admin: TestClient, enterprise: TestClient
) -> None:
    page = opened(officer, ADDRESS)
    assert page.title == "意愿与个人信息"
    assert page.without_label == []
    assert "输入编号确认" not in page.text
    assert "输入编号确认" in opened(admin, ADDRESS).text
    opened(enterprise, ADDRESS, status=403)
    opened(officer, "/console/persons/none", status=404)


def test_a_refusal_acts_at_once_and_may_be_taken_back(own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    page = opened(client, ADDRESS)
    action = "/console/persons/consent/ZJ0002"
    refused = send(client, page, action, scope="推荐", decision="撤回", basis="")
    assert refused.status_code == 422
    typed = dict(page_of(refused).form(action).fields)
    assert (typed["scope"], typed["decision"]) == ("推荐", "撤回")
    nothing = send(client, page, action, scope="", decision="撤回", basis="本人来电")
    assert "没有选择事项或意愿" in nothing.text
    done = page_of(send(client, page, action, scope="推荐", decision="撤回", basis="本人来电"))
    assert "已登记：推荐，撤回" in done.text
    assert "本人已撤回同意" in done.text
    opened(client, "/console/library/expert/ZJ0002", status=404)
    listed = opened(client, "/console/library/expert?q=钱江湾大学")
    assert not [href for href, _ in listed.links if href.endswith("/expert/ZJ0002")]
    back = page_of(send(client, done, action, scope="推荐", decision="同意", basis="本人来信"))
    assert "本人已撤回同意" not in back.text
    opened(client, "/console/library/expert/ZJ0002")


def test_a_person_is_given_everything(admin: TestClient, officer: TestClient) -> None:
    page = admin.get("/console/persons/export/ZJ0002")
    assert page.headers["content-disposition"].startswith("attachment")
    assert "傅青梧" in page.text
    document = admin.get("/console/persons/export/ZJ0002?format=json").json()
    assert document["record"]["姓名"] == "傅青梧"
    assert officer.get("/console/persons/export/ZJ0002").status_code == 403


def test_erasing_asks_for_the_id_and_gives_a_certificate(own: Application, own_app: FastAPI) -> None:
    client = client_of(own_app, ADMIN)
    page = opened(client, ADDRESS)
    action = "/console/persons/erase/ZJ0002"
    refused = send(client, page, action, reason="本人来信要求", confirm="ZJ0003")
    assert refused.status_code == 422
    assert "没有删除" in refused.text
    assert dict(page_of(refused).form(action).fields)["reason"] == "本人来信要求"
    with own.database.read() as unit:
        assert unit.experts.get("ZJ0002") is not None
    done = page_of(send(client, page, action, reason="本人来信要求", confirm="ZJ0002"))
    assert done.title == "删除证明"
    assert "索引版本" in done.text
    assert "傅青梧" not in done.html
    assert "ZJ0002" not in done.text
    with own.database.read() as unit:
        assert unit.experts.get("ZJ0002") is None
    opened(client, ADDRESS, status=404)
    opened(client_of(own_app, OFFICER), done.address, status=403)
