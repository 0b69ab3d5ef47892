"""``matchmaker remind`` and ``matchmaker figures`` as a person uses them."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from recommender.domain.workflow import CaseState
from recommender.services.review.cases import Choice
from recommender.settings import Settings
from tests.cli.test_commands import Cli, cli
from tests.review import city

__all__ = ["cli"]


@pytest.fixture
def library(cli: Cli, tmp_path: Path) -> Cli:
    """The small city, with one match that was signed."""
    application = Application(Settings(var_dir=tmp_path / "var"))
    application.database.upgrade()
    city.fill(application.database)
    id = city.pair().id
    for state in (
        CaseState.CONFIRMED,
        CaseState.PUSHED,
        CaseState.ENTERPRISE_INTERESTED,
        CaseState.EXPERT_ACCEPTED,
        CaseState.CONTACT,
        CaseState.SIGNED,
    ):
        contract = city.contract() if state is CaseState.SIGNED else None
        version = application.cases.get(city.OFFICER, id).case.version
        application.cases.decide(city.OFFICER, id, Choice(to=state, contract=contract), version=version)
    application.cases.claim(city.OFFICER, city.pair(expert="ZJ-2").id, version=0)
    application.database.close()
    return cli


@pytest.mark.parametrize("command", ["remind", "figures"])
def test_every_command_explains_itself_in_chinese(cli: Cli, command: str) -> None:
    result = cli(command, "--help")
    assert result.code == 0
    assert "用法" in result.out


def test_remind_says_what_it_did_and_does_it_once(library: Cli) -> None:
    assert "新提醒" in library("remind").out
    again = library("remind", "--json").json
    assert set(again.values()) == {0}


def test_figures_as_table_json_and_csv(library: Cli) -> None:
    table = library("figures", "--by", "town")
    assert table.code == 0
    assert "北港镇" in table.out
    (figures,) = library("figures", "--json").json
    assert (figures["recommended"], figures["signed"], figures["amount_wan"]) == (1, 1, 50.0)
    rows = list(csv.reader(io.StringIO(library("figures", "--csv", "--by", "officer").out.lstrip("\ufeff"))))
    assert rows[0][0] == "分组"
    assert rows[1][:2] == ["officer-1", "1"]
    assert len(rows[0]) == len(rows[1])


def test_figures_of_a_period(library: Cli) -> None:
    year = datetime.now(UTC).year
    nothing = library("figures", "--until", f"{year - 1}-01-01")
    assert (nothing.code, nothing.out) == (0, "")
    assert "还没有对接数据" in nothing.err
    wrong = library("figures", "--since", "2026-02-01", "--until", "2026-01-01")
    assert wrong.code == 2
    assert "2026-02-01" in wrong.err
