"""The form of a record: nothing typed is lost, whoever was quicker."""

from fastapi import FastAPI

from recommender.bootstrap import Application
from recommender.domain.kinds import EntityKind
from tests.actors import TESTER
from tests.console.conftest import client_of
from tests.console.pages import opened, page_of, send
from tests.console.people import OFFICER

ADDRESS = "/console/library/expert/edit/ZJ0002"


def record(application: Application) -> object:
    with application.database.read() as unit:
        return unit.experts.get("ZJ0002")


def test_what_was_changed_is_saved_and_the_masked_name_stays(own: Application, own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    saved = send(client, opened(client, ADDRESS), ADDRESS, job_title="研究员", research_fields="亲水涂层；导管")
    assert saved.url.path == "/console/library/expert/ZJ0002"
    assert "已保存" in saved.text
    with own.database.read() as unit:
        expert = unit.experts.get("ZJ0002")
    assert expert is not None
    assert (expert.name, expert.job_title) == ("傅青梧", "研究员")
    assert expert.research_fields == ("亲水涂层", "导管")
    history = client.get("/console/library/expert/ZJ0002?tab=history").text
    assert "修改" in history
    assert "职称、研究方向" in history
    assert "陈晓岚" in history
    found = client.get("/console/library/expert?job_title=研究员").text
    assert "ZJ0002" in found


def test_nothing_changed_writes_nothing(own: Application, own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    before = record(own)
    answer = send(client, opened(client, ADDRESS), ADDRESS)
    assert "内容没有变化" in answer.text
    assert record(own) == before


def test_values_that_do_not_fit_are_kept_and_named(own: Application, own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    before = record(own)
    kept = {"phone": "12", "verified_on": "不久前", "name": "", "honours": "新称号"}
    refused = send(client, opened(client, ADDRESS), ADDRESS, **kept)
    assert refused.status_code == 422
    page = page_of(refused)
    assert "有 3 处需要核对" in page.text
    typed = dict(page.form(ADDRESS).fields)
    assert (typed["phone"], typed["verified_on"], typed["name"], typed["honours"]) == (
        "12",
        "不久前",
        "",
        "新称号",
    )
    assert record(own) == before


def test_somebody_else_was_quicker(own: Application, own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    before = opened(client, ADDRESS)
    own.library_edits.edit(
        TESTER, EntityKind.EXPERT, "ZJ0002", {"job_title": "讲席教授", "discipline": "高分子"}, version=1
    )
    answer = send(client, before, ADDRESS, job_title="研究员", department="材料系")
    assert answer.status_code == 412
    page = page_of(answer)
    assert "有 1 处与你填写的不同" in page.text
    assert "现在的内容（其他人填写）： 讲席教授" in page.text
    typed = dict(page.form(ADDRESS).fields)
    assert (typed["job_title"], typed["department"], typed["discipline"]) == ("研究员", "材料系", "高分子")
    saved = send(client, page, ADDRESS)
    assert "已保存" in saved.text
    with own.database.read() as unit:
        expert = unit.experts.get("ZJ0002")
    assert expert is not None
    assert (expert.job_title, expert.department, expert.discipline) == ("研究员", "材料系", "高分子")


def test_boxes_that_are_cleared_are_cleared(own: Application, own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    send(client, opened(client, ADDRESS), ADDRESS, cooperation_modes=["专题培训"])
    with own.database.read() as unit:
        expert = unit.experts.get("ZJ0002")
    assert expert is not None
    assert [mode.value for mode in expert.cooperation_modes] == ["专题培训"]
