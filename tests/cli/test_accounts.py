"""``matchmaker accounts`` as an administrator uses it; passwords come from a terminal or a pipe."""

import io
import os
import pty
import re
import sys
import time
from pathlib import Path

import pytest

from api import worker
from recommender.bootstrap import Application
from recommender.domain.errors import NotSignedIn
from recommender.settings import Settings
from tests.cli.test_commands import Cli, cli

__all__ = ["cli"]

PASSWORD = "秋水共长天一色-落霞孤鹜"
ROOT = Path(__file__).parents[2]
COMMANDS = [
    ("accounts",),
    ("accounts", "add"),
    ("accounts", "list"),
    ("accounts", "disable"),
    ("accounts", "enable"),
    ("accounts", "password"),
    ("accounts", "reach"),
    ("accounts", "tokens"),
    ("accounts", "tokens", "add"),
    ("accounts", "tokens", "list"),
    ("accounts", "tokens", "revoke"),
]


@pytest.fixture
def library(cli: Cli) -> Cli:
    """With tables."""
    assert cli("init").code == 0
    return cli


@pytest.fixture
def served(library: Cli, tmp_path: Path) -> Application:
    """What a server over the same database knows."""
    return Application(Settings(var_dir=tmp_path / "var"))


def pipe(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_every_command_explains_itself_in_chinese(cli: Cli) -> None:
    for arguments in COMMANDS:
        result = cli(*arguments, "--help")
        assert (result.code, "用法" in result.out) == (0, True), arguments


def test_a_password_from_a_pipe(library: Cli, served: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, f"{PASSWORD}\nmore\n")
    result = library("accounts", "add", "admin", "--role", "admin", "--name", "管理员")
    assert (result.code, result.out) == (0, "账号 admin 已建立，范围：全市。\n")
    assert served.sign_in.sign_in("admin", PASSWORD, address="").signed_in.account.display_name == "管理员"
    served.database.close()


def test_a_password_from_a_terminal_is_asked_twice_and_not_shown(library: Cli, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "recommender.cli.main", "accounts", "add", "admin", "--role", "admin"]
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execve(sys.executable, command, {**os.environ, "MATCHMAKER_VAR_DIR": str(tmp_path / "var")})
    shown = ""
    for question in ("密码", "再输入一次"):
        shown += _read_until(terminal, question)
        os.write(terminal, f"{PASSWORD}\n".encode())
    shown += _read_until(terminal, "已建立")
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert PASSWORD not in shown


def _read_until(terminal: int, text: str) -> str:
    found = b""
    deadline = time.monotonic() + 60
    while text.encode() not in found:
        assert time.monotonic() < deadline, found.decode(errors="replace")
        found += os.read(terminal, 1000)
    # The question is written before the echo is turned off.
    time.sleep(0.3)
    return found.decode(errors="replace")


def test_there_is_no_option_for_a_password(library: Cli) -> None:
    result = library("accounts", "add", "admin", "--role", "admin", "--password", PASSWORD)
    assert result.code == 2
    assert "--password" in result.err


def test_a_password_that_is_made_up_is_shown_once(library: Cli, served: Application) -> None:
    result = library("accounts", "add", "zhang.san", "--role", "officer", "--town", "杨舍镇", "--generate")
    (password,) = re.findall(r"初始密码：(\S+)", result.out)
    signed_in = served.sign_in.sign_in("zhang.san", password, address="").signed_in
    assert signed_in.account.must_change_password
    again = library("accounts", "password", "zhang.san", "--generate", "--json").json
    assert again["password"] != password
    with pytest.raises(NotSignedIn):
        served.sign_in.sign_in("zhang.san", password, address="")
    served.database.close()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "x1", "--role", "boss", "--generate"), "可选：enterprise 企业"),
        (("add", "x1", "--role", "officer", "--generate"), "区镇或产业链"),
        (("add", "x1", "--role", "enterprise", "--generate"), "统一社会信用代码"),
        (("add", "a b", "--role", "admin", "--generate"), "登录名须为"),
        (("add", "x1", "--role", "admin"), "12 到 200"),
        (("disable", "nobody"), "nobody"),
        (("password", "nobody"), "nobody"),
        (("tokens", "add", "nobody", "--name", "x", "--scope", "match"), "nobody"),
        (("list", "--role", "boss"), "可选：enterprise 企业"),
    ],
)
def test_mistakes_get_a_sentence(
    library: Cli, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], sentence: str
) -> None:
    pipe(monkeypatch, "short\n")
    result = library("accounts", *arguments)
    assert result.code in {1, 2}
    assert sentence in result.err
    assert result.out == ""
    assert library("accounts", "list").out == "没有这样的账号。请用 matchmaker accounts add 建立。\n"


def test_the_life_of_an_account(library: Cli, served: Application) -> None:
    password = library(
        "accounts", "add", "zhang.san", "--role", "officer", "--city", "--generate", "--json"
    ).json["password"]
    library("accounts", "add", "admin", "--role", "admin", "--generate")
    assert library("accounts", "reach", "zhang.san", "--chain", "纺织").out == "账号 zhang.san 现在负责：纺织。\n"
    assert library("accounts", "disable", "zhang.san").code == 0
    with pytest.raises(NotSignedIn):
        served.sign_in.sign_in("zhang.san", password, address="")
    listed = library("accounts", "list").out
    assert re.search(r"zhang\.san\s*│\s*zhang\.san\s*│\s*审核员\s*│\s*纺织\s*│\s*停用", listed)
    assert library("accounts", "list", "--role", "admin", "--json").json[0]["login_name"] == "admin"
    assert library("accounts", "enable", "zhang.san").code == 0
    assert served.sign_in.sign_in("zhang.san", password, address="").signed_in.account.version == 4
    last = library("accounts", "disable", "admin")
    assert (last.code, "最后一个" in last.err) == (1, True)
    served.database.close()


def test_tokens_of_programs(library: Cli, served: Application) -> None:
    created = library("accounts", "add", "night", "--role", "service")
    assert "accounts tokens add night" in created.err
    made = library(
        "accounts", "tokens", "add", "night", "--name", "夜间", "--scope", "match", "--scope", "needs.read"
    )
    secret = made.out.strip()
    assert re.fullmatch(r"smx_[\w-]{43}", secret)
    assert secret not in made.err
    assert served.tokens.resume(secret).actor.permissions == {"match", "needs.read"}
    (token,) = library("accounts", "tokens", "list", "night", "--json").json
    assert secret not in str(token)
    assert token["id"] in library("accounts", "tokens", "list", "night").out
    assert library("accounts", "tokens", "revoke", "night", token["id"]).code == 0
    with pytest.raises(NotSignedIn):
        served.tokens.resume(secret)
    wrong = library("accounts", "tokens", "add", "night", "--name", "x", "--scope", "accounts.manage")
    assert (wrong.code, "可选：" in wrong.err) == (2, True)
    served.database.close()


def test_who_did_it_is_written_down(library: Cli, served: Application) -> None:
    library("accounts", "add", "admin", "--role", "admin", "--generate")
    with served.database.read() as unit:
        (entry,) = unit.audit.tail(1)
    assert (entry.actor[:4], entry.action) == ("cli:", "account:account:create")
    served.database.close()


def test_serve_says_how_to_make_the_first_account(library: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "serve", lambda _application: 0)
    assert "matchmaker accounts add admin --role admin" in library("serve").err
    library("accounts", "add", "admin", "--role", "admin", "--generate")
    assert "accounts add" not in library("serve").err


def test_serve_starts_without_tables_and_says_so(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "serve", lambda _application: 0)
    result = cli("serve")
    assert (result.code, "matchmaker init" in result.err) == (0, True)
