"""Pages of the library: what they list and count for whom, and that lists can be taken along."""

import csv
import io

from fastapi import FastAPI
from fastapi.testclient import TestClient

from recommender.bootstrap import Application
from recommender.domain.auditing import AuditFilter
from recommender.domain.paging import PageRequest
from tests.actors import TESTER
from tests.console.conftest import client_of
from tests.console.pages import Page, opened, send
from tests.console.people import ADMIN, BENDER, ENTERPRISE, FORGE, OFFICER

EXPERTS = "/console/library/expert"


def listed(page: Page) -> list[str]:
    """Ids of the experts of a list, in order."""
    return [href.rpartition("/")[2] for href, _ in page.links if href.startswith(f"{EXPERTS}/ZJ")]


def test_the_list_of_a_reader_opens_by_the_menu(officer: TestClient, enterprise: TestClient) -> None:
    assert officer.get("/console/library").url.path == EXPERTS
    assert enterprise.get("/console/library").url.path == "/console/library/achievement"


def test_a_badly_worded_phrase_finds_who_can_help(officer: TestClient) -> None:
    page = opened(officer, f"{EXPERTS}?q=电池极片压的时候边上老是裂开断带怎么办")
    assert "ZJ0001" in listed(page)[:4]
    assert "相关程度" in page.text


def test_names_are_masked_for_everybody(
    admin: TestClient, town_officer: TestClient, enterprise: TestClient, application: Application
) -> None:
    with application.database.read() as unit:
        names = [expert.name for expert in unit.experts.iterate()]
    assert len(names) > 50
    for client in (admin, town_officer, enterprise):
        for address in (EXPERTS, f"{EXPERTS}?q=祖逸尘", f"{EXPERTS}/ZJ0001", f"{EXPERTS}/ZJ0001?tab=works"):
            html = client.get(address).text
            shown = html.replace('value="祖逸尘"', "")
            assert not [name for name in names if len(name) > 2 and name in shown]


def test_an_officer_finds_by_name_and_an_enterprise_does_not(officer: TestClient, enterprise: TestClient) -> None:
    assert "名称相符" in opened(officer, f"{EXPERTS}?q=祖逸尘").text
    assert "名称相符" not in opened(enterprise, f"{EXPERTS}?q=祖逸尘").text


def test_counts_beside_a_value_are_what_it_leads_to(officer: TestClient) -> None:
    page = opened(officer, EXPERTS)
    form = next(form for form in page.forms if {"job_title", "willingness"} <= form.names)
    assert form.method == "get"
    chosen = opened(officer, f"{EXPERTS}?job_title=教授&willingness=开放")
    assert "职称：教授" in chosen.text
    n_professors = int(page.text.split("教授 ")[1].split()[0])
    alone = opened(officer, f"{EXPERTS}?job_title=教授").text
    assert f"{n_professors} 位专家" in alone


def test_what_an_enterprise_sees_of_enterprises_is_itself(
    enterprise: TestClient, town_officer: TestClient, officer: TestClient
) -> None:
    own = opened(enterprise, "/console/library/enterprise")
    assert "1 家企业" in own.text
    assert [href for href, _ in own.links if BENDER in href] == []
    opened(enterprise, f"/console/library/enterprise/{FORGE}")
    opened(enterprise, f"/console/library/enterprise/{BENDER}", status=404)
    opened(town_officer, f"/console/library/enterprise/{BENDER}", status=404)
    opened(officer, f"/console/library/enterprise/{BENDER}")
    towns = opened(town_officer, "/console/library/enterprise").text
    assert "南丰镇" in towns
    assert "塘桥镇" not in towns


def test_who_may_not_change_is_offered_no_change(enterprise: TestClient, officer: TestClient) -> None:
    offered = {
        text for address in (EXPERTS, f"{EXPERTS}/ZJ0002") for _, text in opened(enterprise, address).links
    }
    assert not {"导入", "重复待定", "意愿与个人信息", "历史"} & offered
    assert not any("修改" in text for text in offered)
    assert any("修改" in text for _, text in opened(officer, f"{EXPERTS}/ZJ0002").links)
    for address in (f"{EXPERTS}/edit/ZJ0002", f"{EXPERTS}/export?format=csv", "/console/persons/ZJ0002"):
        opened(enterprise, address, status=403)
    opened(officer, "/console/persons/export/ZJ0002", status=403)


def test_how_experts_would_work_is_not_for_enterprises(enterprise: TestClient, officer: TestClient) -> None:
    for address in (EXPERTS, f"{EXPERTS}?col=willingness&col=capacity", f"{EXPERTS}/ZJ0002"):
        for word in ("意愿", "容量", "在办数", "回避单位", "开放"):
            assert word not in opened(enterprise, address).text.replace("开放共享", "")
    opened(enterprise, f"{EXPERTS}?willingness=开放", status=422)
    assert "意愿" in opened(officer, EXPERTS).text
    assert "容量" in opened(officer, f"{EXPERTS}/ZJ0002").text


def test_nothing_stands_at_other_kinds(officer: TestClient) -> None:
    for address in ("/console/library/need", "/console/library/expert/none", "/console/library/expert?sort=year"):
        response = officer.get(address)
        assert response.status_code in {404, 422}
        assert "请" in response.text


def test_columns_are_kept_in_the_address_and_remembered(app: FastAPI, application: Application) -> None:
    client = client_of(app, OFFICER)
    assert "最近核验" in opened(client, EXPERTS).text.split("研究方向")[1]
    chosen = client.get(f"{EXPERTS}?col=discipline&col=id")
    assert "matchmaker-columns-expert=discipline.id" in chosen.headers["set-cookie"]
    header = chosen.text.split("<thead>")[1].split("</thead>")[0]
    assert "学科" in header
    assert "最近核验" not in header
    again = client.get(EXPERTS).text.split("<thead>")[1].split("</thead>")[0]
    assert again == header
    usual = client.get(f"{EXPERTS}?col=usual").text.split("<thead>")[1].split("</thead>")[0]
    assert "最近核验" in usual
    assert "最近核验" in client.get(EXPERTS).text.split("<thead>")[1].split("</thead>")[0]


def test_an_export_is_the_list_in_its_order_with_masks(officer: TestClient, application: Application) -> None:
    response = officer.get(f"{EXPERTS}/export?format=csv&q=焊接&col=organisation")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/csv")
    assert "filename*=UTF-8''%E4%B8%93%E5%AE%B6-" in response.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][0] == "专家编号"
    assert rows[0][2] == "单位"
    page = opened(officer, f"{EXPERTS}?q=焊接")
    assert [row[0] for row in rows[1:]] == listed(page)
    assert all(row[1].endswith("**") for row in rows[1:])
    line = application.trails.audit(TESTER, PageRequest(sort="-number", limit=1), AuditFilter(action="export:"))
    entry = line.items[0].entry
    assert entry.detail["filters"] == ["查找=焊接"]
    assert entry.detail["n_rows"] == len(listed(page))
    workbook = officer.get(f"{EXPERTS}/export?format=xlsx&whole=1")
    assert workbook.content.startswith(b"PK")
    assert officer.get(f"{EXPERTS}/export?format=../x.csv").status_code == 422


def test_every_tab_of_every_kind_opens(officer: TestClient) -> None:
    records = {
        "expert/ZJ0038": ("works", "relations", "history"),
        "platform/PT0001": ("works", "relations", "history"),
        "achievement/CG0005": ("relations", "history"),
        f"enterprise/{FORGE}": ("facts", "needs", "relations", "history"),
    }
    for record, tabs in records.items():
        for tab in ("overview", *tabs):
            page = opened(officer, f"/console/library/{record}?tab={tab}")
            assert page.headings[0][0] == "h1"
            assert len(page.ids) == len(set(page.ids))
            assert page.without_label == []
    assert "入库" in opened(officer, "/console/library/expert/ZJ0038?tab=history").text


def test_evidence_is_searched_within_and_narrowed(officer: TestClient) -> None:
    address = "/console/library/expert/ZJ0038"
    everything = opened(officer, f"{address}?tab=works")
    assert "一种控制药物晶型与粒度的内循环溶析结晶装置" in everything.text
    found = opened(officer, f"{address}?tab=works&w=溶析 结晶")
    assert "一种控制药物晶型与粒度的内循环溶析结晶装置" in found.text
    assert "没有符合的依据" in opened(officer, f"{address}?tab=works&w=没有这样的字").text


def test_a_purpose_is_needed_to_see_a_person(own: Application, own_app: FastAPI) -> None:
    client = client_of(own_app, OFFICER)
    address = f"{EXPERTS}/ZJ0002"
    page, action = opened(client, address), f"{EXPERTS}/reveal/ZJ0002"
    refused = send(client, page, action, purpose="看看")
    assert refused.status_code == 422
    assert "看看" in refused.text
    assert "查看完整信息要写明用途" in refused.text
    shown = send(client, page, action, purpose="邀请参加十二月的技术对接会")
    assert shown.url.path == address
    assert "傅青梧" in shown.text
    assert "此次查看已记入审计" in shown.text
    lines = own.trails.audit(TESTER, PageRequest(limit=200, sort="-number"), AuditFilter(target="ZJ0002"))
    assert [line.entry.action for line in lines.items][:1] == ["personal:expert:reveal"]
    assert "傅青梧" not in client_of(own_app, ADMIN).get(address).text
    firm = client_of(own_app, ENTERPRISE)
    assert "用途" not in opened(firm, address).text
    assert firm.post(action, data={"purpose": "邀请参加十二月的技术对接会"}).status_code == 403
