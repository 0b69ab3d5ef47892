"""``matchmaker persons``, ``keys`` and ``retention``."""

import json
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from recommender.domain.sealed import key_of
from recommender.settings import Settings
from tests.cli.test_commands import Cli, cli
from tests.unit.exchange.samples import EXPERT_HEADER, csv_file

__all__ = ["cli"]

NAME, PHONE, EMAIL = "欧阳修远", "13812345678", "ouyang@x.edu.cn"


@pytest.fixture
def library(cli: Cli, tmp_path: Path) -> Cli:
    """The command line on two experts."""
    rows = [
        (*EXPERT_HEADER, "手机", "邮箱"),
        ("ZJ-1001", NAME, "示例大学", "铸造", PHONE, EMAIL),
        ("ZJ-1002", "乙某", "示例学院", "电池", "", ""),
    ]
    cli("init")
    cli("import", "experts", str(csv_file(tmp_path, rows)))
    return cli


def files_with(folder: Path, *texts: str) -> list[str]:
    """Names of files that hold one of the texts."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(text.encode() in path.read_bytes() for text in texts)
    ]


def test_the_database_holds_no_contact_in_clear(library: Cli) -> None:
    assert files_with(Settings().var_dir, PHONE, EMAIL) == []
    key = Settings().resolved_key_file
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_reveal_asks_what_for(library: Cli) -> None:
    assert library("persons", "reveal", "ZJ-1001", "--purpose", "看看").code == 2
    shown = library("persons", "reveal", "ZJ-1001", "--purpose", "邀请参加技术对接会")
    assert (NAME in shown.out, PHONE in shown.out) == (True, True)
    assert library("persons", "reveal", "ZJ-0", "--purpose", "邀请参加技术对接会").code == 1


def test_consent_is_recorded_and_shown(library: Cli) -> None:
    assert "没有表示过" in library("persons", "consent", "ZJ-1001").out
    no = ("--scope", "推荐", "--decision", "撤回", "--basis", "本人来电")
    recorded = library("persons", "consent", "ZJ-1001", *no, "--json").json
    assert [state["allowed"] for state in recorded["states"]] == [False, False, False]
    assert library("persons", "consent", "ZJ-1001", "--scope", "推荐", "--decision", "撤回").code == 2


def test_a_person_gets_a_copy(library: Cli, tmp_path: Path) -> None:
    library("persons", "reveal", "ZJ-1001", "--purpose", "邀请参加技术对接会")
    out = tmp_path / "副本.json"
    assert library("persons", "export", "ZJ-1001", str(out)).code == 0
    copy = json.loads(out.read_text(encoding="utf-8"))
    assert (copy["record"]["手机"], copy["reveals"][0]["purpose"]) == (PHONE, "邀请参加技术对接会")
    page = out.with_suffix(".html").read_text(encoding="utf-8")
    assert all(text in page for text in (NAME, PHONE, "谁看过完整信息", "邀请参加技术对接会"))
    assert "http" not in page, "the page asks nobody for anything"
    assert library("persons", "export", "ZJ-1001", str(out)).code == 1
    assert library("persons", "export", "ZJ-1001", str(out), "--force").code == 0


def test_an_erasure_ends_with_a_certificate(library: Cli, tmp_path: Path) -> None:
    out = tmp_path / "证明.txt"
    erased = library("persons", "erase", "ZJ-1001", "--reason", "本人来信要求", "--out", str(out))
    assert erased.code == 0
    assert "个人信息删除证明" in erased.out
    assert "没有发现遗留" in out.read_text(encoding="utf-8")
    assert files_with(Settings().var_dir, NAME, PHONE, "ZJ-1001") == []
    (listed,) = library("persons", "certificates", "--json").json
    assert listed["state"] == "已完成"
    assert listed["id"] in library("persons", "certificates").out
    assert library("persons", "certificates", listed["id"]).out.strip() in erased.out
    assert "没有未完成的删除" in library("persons", "finish").out
    rows = [EXPERT_HEADER, ("ZJ-1001", NAME, "示例大学", "铸造")]
    again = library("import", "experts", str(csv_file(tmp_path, rows)))
    assert "已按本人要求删除" in again.out + again.err
    assert library("persons", "reveal", "ZJ-1001", "--purpose", "邀请参加技术对接会").code == 1
    assert library("persons", "readmit", listed["id"], "--reason", "本人同意").code == 0


def test_keys_are_changed(library: Cli) -> None:
    before = library("keys", "show", "--json").json
    rotated = library("keys", "rotate", "--json").json
    assert (rotated["sealing"]["n_records"], rotated["dropped_former"]) == (1, False)
    after = library("keys", "show", "--json").json
    assert (before["n_keys"], after["n_keys"], after["current"]) == (1, 2, rotated["current"])
    assert "旧密钥已删去" in library("keys", "rotate", "--drop-former").out
    assert library("keys", "show", "--json").json["n_keys"] == 1
    shown = library("persons", "reveal", "ZJ-1001", "--purpose", "邀请参加技术对接会")
    assert PHONE in shown.out


def test_without_the_key_everything_else_works(library: Cli, tmp_path: Path) -> None:
    assert "可用" in library("doctor").out
    Settings().resolved_key_file.unlink()
    assert "密钥文件" in library("doctor", "--json").out
    refused = library("persons", "reveal", "ZJ-1001", "--purpose", "邀请参加技术对接会")
    assert (refused.code, "密钥文件" in refused.err) == (1, True)
    assert library("init").code == 0
    assert not Settings().resolved_key_file.exists(), "a new key would hide that the old one is missing"
    assert library("export", "experts", str(tmp_path / "a.csv")).code == 0
    full = library("export", "experts", str(tmp_path / "b.csv"), "--reveal", "--purpose", "邀请参加对接会")
    assert (full.code, (tmp_path / "b.csv").exists()) == (1, False), "what is sealed is no telephone number"
    assert library("persons", "export", "ZJ-1001", str(tmp_path / "c.json")).code == 1
    application = Application(Settings())
    with application.database.read() as unit:
        expert = unit.experts.get("ZJ-1001")
    application.database.close()
    assert expert is not None
    assert key_of(expert.phone)


def test_retention_says_what_it_does(library: Cli) -> None:
    preview = library("retention", "--dry-run", "--json").json
    assert {line["name"] for line in preview["lines"]} >= {"sessions", "reveals", "audit", "payloads"}
    assert preview["is_dry"]
    assert "保存天数" in library("retention").out
