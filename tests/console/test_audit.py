"""The trail in words: every action has a sentence, filters stand in the address, a file holds what is shown."""

import ast
import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.console.messages import audit as zh
from api.console.pages.audit.words import actor_name, facts_of, sentence_of
from recommender.bootstrap import Application
from recommender.domain.kinds import EntityKind
from recommender.exchange.tables.registry import TABLES
from tests.console.pages import opened

AUDIT = "/console/audit"
SERVICES = Path(__file__).parents[2] / "recommender" / "services"
ACTION = re.compile(r"[a-z_]+:[a-z_*]+:[a-z_*]+")


def written(call: ast.AST) -> str:
    """A string of the program with ``*`` for what is put in at run time."""
    match call:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(part.value if isinstance(part, ast.Constant) else "*" for part in parts)
    return ""


def words_in(tree: ast.AST) -> set[str]:
    return {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


class Program:
    """What the services say, looked through once.

    Attributes:
        functions: each with the module that it stands in.
        calls: by the name of what is called: module, function it stands in, call.
    """

    def __init__(self, paths: list[Path]) -> None:
        self.functions: list[tuple[Path, ast.FunctionDef]] = []
        self.calls: dict[str, list[tuple[Path, ast.FunctionDef, ast.Call]]] = defaultdict(list)
        for path in paths:
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef):
                    self.functions.append((path, function))
                    for node in ast.walk(function):
                        if isinstance(node, ast.Call):
                            name = str(getattr(node.func, "attr", getattr(node.func, "id", "")))
                            self.calls[name].append((path, function, node))

    def actions(self) -> Iterator[str]:
        """Every action that is written; where the last part is put in at run time, with all that it may be."""
        for path, function in self.functions:
            for node in ast.walk(function):
                action = written(node)
                if not ACTION.fullmatch(action):
                    continue
                if isinstance(node, ast.JoinedStr) and action.endswith(":*"):
                    verbs = self.words_for(node.values[-1], path, function)
                    yield from (action.removesuffix("*") + verb for verb in verbs)
                else:
                    yield action

    def words_for(self, value: ast.AST, path: Path, function: ast.FunctionDef, depth: int = 2) -> set[str]:
        """What a value may be: named there, assigned in the function, or handed to it by whoever calls it."""
        value = value.value if isinstance(value, ast.FormattedValue) else value
        if not isinstance(value, ast.Name) or depth == 0:
            return words_in(value)
        found = set()
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and any(getattr(each, "id", "") == value.id for each in node.targets):
                found |= words_in(node.value)
        names = [argument.arg for argument in function.args.args if argument.arg not in {"self", "cls"}]
        if value.id not in names:
            return found
        place = names.index(value.id)
        for home, caller, call in self.calls[function.name]:
            # What begins with an underscore is its module's own.
            if home == path or not function.name.startswith("_"):
                named = [key.value for key in call.keywords if key.arg == value.id]
                for given in (*call.args[place : place + 1], *named):
                    found |= self.words_for(given, home, caller, depth - 1)
        return found


def of_accounts() -> Iterator[str]:
    """What the services of accounts hand to their common way of writing lines."""
    for path in (SERVICES / "accounts").rglob("*.py"):
        for text in words_in(ast.parse(path.read_text(encoding="utf-8"))):
            if re.fullmatch(r"[a-z]+:[a-z_]+", text):
                yield f"account:{text}"


@cache
def all_actions() -> frozenset[str]:
    program = Program(sorted(SERVICES.rglob("*.py")))
    return frozenset(program.actions()) | frozenset(of_accounts())


def test_every_action_that_services_write_has_a_sentence() -> None:
    actions = all_actions()
    assert {
        "review:*:decide",
        "review:need:edit",
        "account:session:refuse",
        "account:objection:take_on",
        "import:*:apply",
        "identity:*:merge",
        "personal:*:release",
        "personal:person:readmit",
        "index:snapshot:publish",
    } <= actions, "the search itself must find them"
    told = {line for action in actions for line in _filled(action)}
    assert {line for line in told if sentence_of(line, {}) == line} == set()


def _filled(action: str) -> list[str]:
    """An action with the kinds of subject that may stand in it."""
    kinds = ("case", "need") if action.startswith("review:") else ("expert", "platform")
    return [action.replace("*", kind) for kind in kinds] if "*" in action else [action]


def test_every_sentence_is_of_an_action_that_is_written() -> None:
    actions = all_actions()
    patterns = [re.compile(action.replace("*", "[a-z_*]+")) for action in actions]
    idle = [key for key in zh.SENTENCES if not any(pattern.fullmatch(key) for pattern in patterns)]
    assert idle == []


def test_sources_and_subjects_have_names() -> None:
    assert {action.split(":")[0] for action in all_actions()} == set(zh.SOURCES)
    assert {table.subject for table in TABLES.values()} | {kind.value for kind in EntityKind} == set(zh.SUBJECTS)


@pytest.mark.parametrize(
    ("action", "detail", "sentence"),
    [
        ("review:case:decide", {"from": "确认", "to": "推送"}, "推进对接：由“确认”到“推送”"),
        ("import:expert:apply", {"n_new": 1200, "n_changed": 0}, "导入专家：新增 1,200，更新 0"),
        ("personal:platform:reveal", {}, "查看创新平台的完整信息"),
        ("review:outcome:record", {"what": "funding"}, "记录对接结果（预研资金）"),
        ("account:objection:answer", {}, "答复异议：--"),
        ("later:thing:done", {}, "later:thing:done"),
        ("odd", {}, "odd"),
    ],
)
def test_lines_read_as_sentences(action: str, detail: dict[str, object], sentence: str) -> None:
    assert sentence_of(action, detail) == sentence


def test_facts_are_named_and_written_as_people_read_them() -> None:
    detail = {
        "whole_city": True,
        "towns": ["甲镇", "乙镇"],
        "n_rows": 1500,
        "again": False,
        "chains": [],
        "x": {"n": 2},
    }
    assert list(facts_of(detail)) == [
        ("全市", "是"),
        ("区镇", "甲镇、乙镇"),
        ("行数", "1,500"),
        ("重新比较", "否"),
        ("x", "条数 2"),
    ]


@pytest.mark.parametrize(
    ("actor", "name"),
    [
        ("id1", "陈晓岚"),
        ("cli:root", "命令行（root）"),
        ("job:night", "定时任务（night）"),
        ("unknown", "没有这个账号"),
        ("夜间任务", "夜间任务"),
    ],
)
def test_actors_have_names(actor: str, name: str) -> None:
    assert actor_name(actor, {"id1": "陈晓岚"}) == name


def test_the_trail_names_who_did_what_to_whom(admin: TestClient) -> None:
    page = opened(admin, f"{AUDIT}?who=chenxl&source=review")
    assert "陈晓岚 推进对接：由“确认”到“推送” 需求 XQ" in page.text
    assert "管理员" not in page.text.partition("做了什么 对象")[2]
    assert dict(page.forms[-1].fields) | {"who": "chenxl", "source": "review"} == dict(page.forms[-1].fields)
    narrowed = opened(admin, f"{AUDIT}?action=review:need:create")
    assert ("新建需求" in narrowed.text, "推进对接：由" in narrowed.text) == (True, False)
    link = next(href for href, text in page.links if href.startswith("/console/cases/"))
    assert "!" in link


def test_pages_go_on_where_the_last_ended(admin: TestClient) -> None:
    first = opened(admin, f"{AUDIT}?source=review")
    (following,) = [href for href, text in first.links if text == "下一页"]
    assert "source=review" in following
    numbers = [
        re.findall(r"/console/audit/(\d+)", opened(admin, each).html)
        for each in (f"{AUDIT}?source=review", following)
    ]
    assert int(numbers[0][-1]) > int(numbers[1][0])


def test_days_bound_the_trail(admin: TestClient) -> None:
    today = datetime.now(UTC).astimezone().date()
    tomorrow = today + timedelta(days=1)
    assert "没有符合条件的记录" in opened(admin, f"{AUDIT}?since={tomorrow}").text
    assert "登录" in opened(admin, f"{AUDIT}?since={today}&until={today}&who=guanli").text
    for wrong in ("since=gestern", "until=2026-02-30", "until=9999-12-31"):
        refused = opened(admin, f"{AUDIT}?{wrong}", status=422)
        assert "应为日期" in refused.text
    assert "“范围”不能是" in opened(admin, f"{AUDIT}?source=x", status=422).text


def test_one_line_shows_everything_it_holds(admin: TestClient) -> None:
    listed = opened(admin, f"{AUDIT}?action=import:expert:apply")
    line = opened(admin, next(href for href, _ in listed.links if re.fullmatch(r"/console/audit/\d+", href)))
    assert line.title.startswith("导入专家：新增 ")
    assert "操作代码 import:expert:apply" in line.text
    assert "SHA-256" in line.text
    assert "没有编号为 999999999999 的审计记录" in opened(admin, f"{AUDIT}/999999999999", status=404).text


def test_a_file_holds_what_the_page_shows_and_nothing_live(admin: TestClient, application: Application) -> None:
    response = admin.get(f"{AUDIT}/export.csv?action=import:")
    assert response.headers["content-type"].startswith("text/csv")
    assert "attachment" in response.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == zh.COLUMNS
    assert {row[3] for row in rows[1:]} >= {"导入专家：新增 60，更新 0"}
    assert all(row[5].startswith("import:") for row in rows[1:])
    newest = opened(admin, f"{AUDIT}?action=audit:")
    assert f"导出审计记录（{len(rows) - 1} 条）" in newest.text


def test_who_saw_whom_is_listed_by_number_and_never_by_name(admin: TestClient, application: Application) -> None:
    page = opened(admin, f"{AUDIT}/reveals")
    assert "陈晓岚 专家 ZJ" in page.text
    assert "核对职称与单位，准备走访" in page.text
    with application.database.read() as unit:
        names = [expert.name for expert in unit.experts.iterate()]
    assert [name for name in names if name in page.text] == []
    assert "没有符合条件的记录" in opened(admin, f"{AUDIT}/reveals?person=ZJ0001").text
    assert "准备走访" in opened(admin, f"{AUDIT}/reveals?who=chenxl").text


def test_the_processing_log_is_narrowed_down(admin: TestClient) -> None:
    everything = opened(admin, f"{AUDIT}/processing")
    assert ("建立索引" in everything.text, "法定职责" in everything.text) == (True, True)
    chosen = opened(admin, f"{AUDIT}/processing?activity=登记意愿")
    assert ("本人来信，不希望被推荐" in chosen.text, "为供需匹配建立索引" in chosen.text) == (True, False)
    assert "“处理活动”不能是" in opened(admin, f"{AUDIT}/processing?activity=x", status=422).text


@pytest.mark.parametrize("path", ["", "/1", "/reveals", "/processing", "/export.csv"])
def test_only_who_reads_the_trail_comes_here(officer: TestClient, enterprise: TestClient, path: str) -> None:
    for client in (officer, enterprise):
        assert opened(client, f"{AUDIT}{path}", status=403).title == "没有权限"
