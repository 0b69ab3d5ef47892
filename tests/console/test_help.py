"""The guide tells what the system really does, to everybody it concerns."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.console.navigation import PLACES
from recommender.bootstrap import Application
from recommender.domain.accounts import GRANTS, Role
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.review.cases import CASES
from recommender.review.needs import NEEDS
from tests.console.conftest import client_of
from tests.console.pages import opened
from tests.console.people import ADMIN

HELP = "/console/help"
PAGES = ("", "/matching", "/steps", "/rights", "/terms", "/objection", "/persons")
ROLES = {"admin": Role.ADMIN, "officer": Role.OFFICER, "enterprise": Role.ENTERPRISE}


@pytest.mark.parametrize("path", PAGES)
def test_everybody_reads_the_guide(
    enterprise: TestClient, officer: TestClient, admin: TestClient, path: str
) -> None:
    titles = {opened(client, f"{HELP}{path}").title for client in (enterprise, officer, admin)}
    assert len(titles) == 1


def test_who_has_no_account_learns_whom_to_turn_to(
    stranger: TestClient, own: Application, own_app: FastAPI
) -> None:
    page = opened(stranger, f"{HELP}/persons")
    assert "拒绝被推荐" in page.text
    assert "运营方尚未在这里写明联系方式" in page.text
    assert "15 个工作日内答复；这是运营方自定的期限" in page.text
    inside = {href.partition("#")[0] for href, _ in page.links}
    assert inside <= {"/console/", "/console/sign-in", f"{HELP}/persons"}
    own.settings = own.settings.model_copy(
        update={"operator_contact": "市科技局 0512-58880000", "objection_days": 10}
    )
    told = opened(client_of(own_app), f"{HELP}/persons")
    assert ("市科技局 0512-58880000" in told.text, "10 个工作日内答复" in told.text) == (True, True)
    assert "市科技局 0512-58880000" in opened(client_of(own_app, ADMIN), f"{HELP}/rights").text
    for path in PAGES[:-1]:
        assert stranger.get(f"{HELP}{path}", follow_redirects=False).status_code == 303


def test_signing_in_leads_people_without_an_account_there(stranger: TestClient) -> None:
    assert f"{HELP}/persons" in [href for href, _ in opened(stranger, "/console/sign-in").links]


def test_the_steps_are_those_of_the_tables(enterprise: TestClient) -> None:
    text = opened(enterprise, f"{HELP}/steps").text
    for state in (*NeedState, *CaseState):
        assert state.value in text
    for workflow in (NEEDS, CASES):
        for state, wait in workflow.waits.items():
            assert f"{state.value} {wait.what} {wait.days} " in text
    assert "、".join(ReasonCode) in text
    assert "企业无意 （企业、审核员） 原因" in text
    assert "30 分钟内撤销" in text


def test_the_score_is_told_with_its_shares_and_thresholds(
    enterprise: TestClient, application: Application
) -> None:
    text = opened(enterprise, f"{HELP}/matching").text
    meaning = application.settings.finding_dense_weight
    assert f"专家按 {meaning:.0%} 意思、{1 - meaning:.0%} 用词合计" in text
    assert "内容相近 依据与需求在意思和用词上有多相近 82.5% 86.0% 85.1%" in text
    assert f"不低于 {application.settings.high_score:.2f}" in text
    assert f"低于 {application.settings.low_score:.2f}" in text
    for never in ("性别", "民族", "职称", "纳税"):
        assert never in text.partition("从不使用")[2]


@pytest.mark.parametrize(("client", "role"), ROLES.items())
def test_nothing_is_offered_that_the_reader_may_not_open(
    request: pytest.FixtureRequest, client: str, role: Role
) -> None:
    reader: TestClient = request.getfixturevalue(client)
    places = {place.path: place.permission for place in PLACES}
    for path in ("/console/", *(f"{HELP}{page}" for page in PAGES), "/console/account"):
        offered = {href.partition("?")[0] for href, _ in opened(reader, path).links} & places.keys()
        forbidden = {
            each for each in offered if (needed := places[each]) is not None and needed not in GRANTS[role]
        }
        assert forbidden == set(), path
    for path, permission in places.items():
        if permission is not None and permission not in GRANTS[role]:
            assert reader.get(path).status_code in {403, 404}, path
