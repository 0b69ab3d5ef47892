"""Deciding on duplicates: side by side, made one, told apart, and taken back."""

from dataclasses import replace

from fastapi import FastAPI
from fastapi.testclient import TestClient

from recommender.bootstrap import Application
from recommender.domain.kinds import EntityKind
from tests.console.conftest import client_of
from tests.console.pages import opened, page_of, send
from tests.console.people import FORGE, OFFICER, TOWN_OFFICER

ROOT = "/console/duplicates"


def test_pairs_stand_side_by_side_with_reasons(officer: TestClient) -> None:
    page = opened(officer, ROOT)
    assert page.title == "重复待定"
    for word in ("相似度", "姓名相同", "单位相同", "建议保留", "不是同一个", "ZJ0001", "ZJ0001-B"):
        assert word in page.text
    assert "祖逸尘" not in page.html
    assert page.without_label == []
    assert len(page.ids) == len(set(page.ids))
    only = opened(officer, f"{ROOT}?kind=platform")
    assert "PT0002-B" in only.text
    assert "ZJ0001-B" not in only.text
    assert opened(officer, f"{ROOT}?kind=need", status=422).text.count("可选：企业、专家、创新平台") == 1


def test_who_does_not_look_after_the_library_sees_no_pairs(enterprise: TestClient) -> None:
    for address in (ROOT, f"{ROOT}/history", f"{ROOT}/pair?kind=expert&a=ZJ0001&b=ZJ0001-B"):
        opened(enterprise, address, status=403)
    assert enterprise.post(f"{ROOT}/merge").status_code == 403


def test_a_merge_is_done_and_taken_back(own: Application, own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    before = opened(client, f"{ROOT}?kind=expert")
    done = send(client, before, f"{ROOT}/merge")
    page = page_of(done)
    assert "已把“ZJ0001-B”并入“ZJ0001”" in page.text
    assert client.get("/console/library/expert/ZJ0001-B").url.path.endswith("ZJ0001-B")
    assert "ZJ0001 " in opened(client, "/console/library/expert?q=ZJ0001-B").text
    with own.database.read() as unit:
        assert unit.experts.get("ZJ0001-B") is None
    history = opened(client, f"{ROOT}/history")
    assert "陈晓岚" in history.text
    assert "合并 ： ZJ0001-B" in opened(client, "/console/library/expert/ZJ0001?tab=history").text
    undone = page_of(send(client, page, f"{ROOT}/undo"))
    assert "已撤销合并" in undone.text
    with own.database.read() as unit:
        assert unit.experts.get("ZJ0001-B") is not None
    assert "已撤销" in opened(client, f"{ROOT}/history").text


def test_fields_are_chosen_one_by_one(own: Application, own_app: FastAPI) -> None:
    with own.database.write() as unit:
        twin = unit.experts.get("ZJ0001-B")
        assert twin is not None
        unit.experts.upsert([replace(twin, job_title="研究员")])
    client = client_of(own_app, OFFICER)
    address = f"{ROOT}/pair?kind=expert&a=ZJ0001-B&b=ZJ0001"
    page = opened(client, address)
    assert "按规则保留" in page.text
    form = page.form(f"{ROOT}/merge")
    assert {"keep", "choose-job_title"} <= form.names
    assert "choose-willingness" not in form.names
    send(client, page, f"{ROOT}/merge", **{"keep": "ZJ0001-B", "choose-job_title": "ZJ0001-B"})
    with own.database.read() as unit:
        kept = unit.experts.get("ZJ0001-B")
        assert unit.experts.get("ZJ0001") is None
    assert kept is not None
    assert kept.job_title == "研究员"


def test_pairs_are_told_apart_and_back(own: Application, own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    told = page_of(send(client, opened(client, f"{ROOT}?kind=platform"), f"{ROOT}/reject"))
    assert "以后不再提示" in told.text
    rejected = opened(client, f"{ROOT}?view=rejected")
    assert "PT0002" in rejected.text
    again = page_of(send(client, rejected, f"{ROOT}/reopen"))
    assert "已恢复为待定" in again.text
    assert "PT0002-B" in opened(client, f"{ROOT}?kind=platform").text
    twice = client.post(f"{ROOT}/reopen", data=_fields_of(rejected.form(f"{ROOT}/reopen").fields))
    assert twice.status_code == 404
    assert "没有被标为不同" in twice.text


def test_enterprises_of_others_are_not_compared(own: Application, own_app: FastAPI) -> None:
    with own.database.write() as unit:
        forge = unit.enterprises.get(FORGE)
        assert forge is not None
        twin = replace(forge, code="91320582000009999X", town="塘桥镇", industry_chain="")
        unit.enterprises.upsert([twin])
    own.duplicates.find((EntityKind.ENTERPRISE,), actor="test")
    assert twin.code in opened(client_of(own_app, OFFICER), f"{ROOT}?kind=enterprise").text
    town = client_of(own_app, TOWN_OFFICER)
    assert twin.code not in opened(town, f"{ROOT}?kind=enterprise").text
    opened(town, f"{ROOT}/pair?kind=enterprise&a={FORGE}&b={twin.code}", status=404)


def test_a_kind_is_compared_anew(own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    page = opened(client, ROOT)
    found = client.post(f"{ROOT}/find", data={**_fields_of(page.form(f"{ROOT}/find").fields), "kind": "expert"})
    assert found.url.query == b"kind=expert"
    assert "已比较 " in found.text


def _fields_of(fields: list[tuple[str, str]]) -> dict[str, str]:
    return dict(fields)
