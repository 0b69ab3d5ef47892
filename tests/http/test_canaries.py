"""Nothing personal reaches who may not see it: in no answer, no list, no error, no log, no figure, no export.

Unmistakable names, numbers and addresses are put wherever people's data may lie. Then every operation of the
OpenAPI document is asked by everybody, with what it finds and with nonsense; an operation that is added later is
asked as well, without being named here.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from recommender.cli.main import run as cli
from recommender.domain.accounts import AccountDraft, Role
from recommender.domain.cases import Pair
from recommender.domain.entities import Achievement, Expert, Need, Platform
from recommender.domain.kinds import Confidentiality, EntityKind
from recommender.domain.workflow import CaseState
from recommender.services.nightly.options import NightOptions
from recommender.services.review.cases import Choice
from tests.actors import TESTER
from tests.http import library
from tests.http.conftest import settings_in
from tests.http.library import MILL
from tests.http.people import (
    ADMIN,
    CITY_OFFICER,
    ENTERPRISE,
    HTTPS,
    OFFICER,
    PEOPLE,
    SERVICE,
    Person,
    session_headers,
    token_headers,
)
from tests.http.test_walk import WALK, Operation
from tests.http.walk_objects import object_at

NOBODY: Final[frozenset[Person]] = frozenset()
OWNER: Final = frozenset({ENTERPRISE})
OFFICE: Final = frozenset({ENTERPRISE, OFFICER, CITY_OFFICER, ADMIN})
"""Who may read the whole of a confidential need of the mill's."""

EXPERT_NAME, DIRECTOR, STUDENT, WISHED_FOR = "闻人镜湖", "澹台望舒", "钟离问渠", "慕容听雪"
SECRET: Final = "金丝雀配方甲乙丙丁"

CANARIES: Final[Mapping[str, frozenset[Person]]] = {
    EXPERT_NAME: NOBODY,
    WISHED_FOR: OWNER,
    "13911112222": NOBODY,
    "139-1111-2222": NOBODY,
    "jinghu.canary@unusual.edu.cn": NOBODY,
    "0512-58887766": NOBODY,
    DIRECTOR: NOBODY,
    "13611114444": NOBODY,
    STUDENT: NOBODY,
    "canary_weixin_77": NOBODY,
    "13711113333": OWNER,
    "xuqiu.canary@mill.cn": OWNER,
    SECRET: OFFICE,
    "管理员的真名金丝雀": frozenset({ADMIN}),
}
"""What was put somewhere, and who may read it without saying what for."""

EXPERT: Final = Expert(
    id="ZJ-CANARY-1",
    name=EXPERT_NAME,
    organisation="金丝雀大学",
    phone="13911112222",
    email="jinghu.canary@unusual.edu.cn",
    research_fields=("薄板冷轧边裂控制", "冷轧边裂机理"),
    biography=f"{EXPERT_NAME}，研究冷轧薄板边裂。电话 139-1111-2222，邮箱 jinghu.canary@unusual.edu.cn，"
    "微信 canary_weixin_77",
    solvable_problems=f"冷轧薄板边裂诊断，请联系{EXPERT_NAME} 13911112222",
    source_url="https://canary.example.edu.cn/13911112222",
    consent_record=f"{EXPERT_NAME}来电 13911112222",
    data_source=f"{EXPERT_NAME}的主页",
)
COAUTHOR: Final = Expert(id="ZJ-CANARY-2", name=STUDENT, organisation="金丝雀大学")
PLATFORM: Final = Platform(
    id="PT-CANARY-1",
    name="金丝雀冷轧边裂检测平台",
    director=DIRECTOR,
    research_fields=("薄板冷轧边裂控制",),
    services=f"冷轧薄板边裂检测，联系人{DIRECTOR}，电话 0512-58887766",
    address="北港镇一号，0512-58887766",
)
WORK: Final = Achievement(
    id="LW-CANARY-1",
    type="论文",
    title="冷轧薄板边裂控制的金丝雀研究",
    abstract=f"边裂机理与控制。{STUDENT}与{EXPERT_NAME}完成，通信作者 13611114444，jinghu.canary@unusual.edu.cn",
    author_ids=(EXPERT.id, COAUTHOR.id),
)
NEED: Final = Need(
    id="XQ-CANARY-1",
    title="薄板冷轧边裂控制的金丝雀需求",
    description="轧制薄板时边部开裂。联系 13711113333，xuqiu.canary@mill.cn",
    enterprise_code=MILL,
    industry_chain="冶金新材料",
    intended_experts=(WISHED_FOR,),
    foundation=f"曾请{WISHED_FOR}看过",
    public_summary="边裂，电话 13711113333",
)
CONFIDENTIAL: Final = replace(
    NEED,
    id="XQ-CANARY-2",
    description=f"{SECRET}，边裂",
    foundation="",
    public_summary="减少边裂",
    confidentiality=Confidentiality.CONFIDENTIAL,
)
OPEN_NEEDS: Final = ("XQ-CANARY-1", "XQ-CANARY-2")
CASE: Final = Pair(EntityKind.NEED, NEED.id, EntityKind.EXPERT, EXPERT.id)

IDS: Final[Mapping[str, tuple[str, ...]]] = {
    "expert_id": (EXPERT.id, COAUTHOR.id),
    "platform_id": (PLATFORM.id,),
    "achievement_id": (WORK.id,),
    "need_id": (*OPEN_NEEDS, "XQ-1"),
    "code": (MILL,),
    "case_id": (CASE.id,),
}
"""What stands in the paths beside the usual objects."""

NONSENSE: Final = ("no-such-object", "../../etc/passwd", "%00", "' OR 1=1 --", "甲" * 300)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and who asked it."""

    person: Person | None
    method: str
    path: str


def fill(application: Application) -> None:
    """The library of these tests, with a canary wherever people's data may lie."""
    library.fill(application.database)
    with application.database.write() as unit:
        unit.experts.upsert([EXPERT, COAUTHOR])
        unit.platforms.upsert([PLATFORM])
        unit.achievements.upsert([WORK])
        unit.needs.upsert([NEED, CONFIDENTIAL])
    for _ in range(2):
        application.nightly.run(NightOptions(as_of=date(2026, 11, 28)), actor="test")
    case = application.cases.get(TESTER, CASE.id).case
    for state in (CaseState.CONFIRMED, CaseState.PUSHED):
        note = f"与{EXPERT_NAME}通过电话 13911112222"
        case = application.cases.decide(TESTER, CASE.id, Choice(to=state, note=note), version=case.version)
    draft = AccountDraft(login_name="canary", display_name="管理员的真名金丝雀", role=Role.ADMIN)
    application.accounts.create(TESTER, draft)


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    built = Application(settings_in(tmp_path_factory.mktemp("canaries") / "var"))
    fill(built)
    yield built
    built.database.close()


class Visitor:
    """Asks everything as everybody, and remembers what came back."""

    def __init__(self, client: TestClient, application: Application) -> None:
        self._client = client
        self._application = application
        self._headers = {person: self._of(person) for person in PEOPLE}

    def _of(self, person: Person) -> dict[str, str]:
        return (token_headers if person is SERVICE else session_headers)(self._application, person)

    def ids(self, operation: Operation) -> Iterator[dict[str, str]]:
        """Values for the parameters of a path: those with canaries, and the usual object for others."""
        usual = {
            name: object_at(operation.path, name).make(self._application)
            for name in operation.parameters
            if name not in IDS
        }
        choices = [name for name in operation.parameters if name in IDS]
        for n in range(max((len(IDS[name]) for name in choices), default=1)):
            yield {**usual, **{name: IDS[name][n % len(IDS[name])] for name in choices}}

    def ask(
        self, operation: Operation, person: Person, ids: Mapping[str, str], body: object = None
    ) -> tuple[Asked, httpx2.Response]:
        path = operation.path.format_map({name: quote(value, safe="/") for name, value in ids.items()})
        response = self._client.request(
            operation.method,
            path,
            headers={"if-match": '"1"', **self._headers[person]},
            params={**operation.query, **({"limit": 200} if operation.method == "GET" else {})},
            json=body,
        )
        return Asked(person, operation.method, path), response


@pytest.fixture(scope="module")
def visitor(application: Application) -> Iterator[Visitor]:
    with TestClient(create_app(application), base_url=HTTPS, raise_server_exceptions=False) as client:
        yield Visitor(client, application)


def leaks(text: str, person: Person | None) -> list[str]:
    """Canaries in a text that somebody may not read; JSON may write characters as escapes."""
    readable = text.encode().decode("unicode_escape", errors="ignore") if "\\u" in text else text
    return [
        canary
        for canary, readers in CANARIES.items()
        if person not in readers and (canary in text or canary in readable)
    ]


READS: Final = [operation for operation in WALK if operation.method == "GET"]
WRITES: Final = [operation for operation in WALK if operation.method != "GET" and operation.example is not None]


@pytest.mark.parametrize("operation", READS, ids=str)
def test_no_answer_shows_what_is_not_for_who_asked(
    visitor: Visitor, operation: Operation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    found = []
    for ids in visitor.ids(operation):
        for person in PEOPLE:
            asked, response = visitor.ask(operation, person, ids)
            shown = f"{response.text}\n{dict(response.headers)}"
            found += [(asked.path, person.login_name, canary) for canary in leaks(shown, person)]
    assert found == []
    assert leaks(caplog.text, None) == []


@pytest.mark.parametrize("operation", [op for op in READS if op.parameters], ids=str)
def test_no_error_page_shows_anything(visitor: Visitor, operation: Operation) -> None:
    for nonsense in NONSENSE:
        for person in (ADMIN, ENTERPRISE):
            _, response = visitor.ask(operation, person, dict.fromkeys(operation.parameters, nonsense))
            assert leaks(response.text, person) == []


@pytest.mark.parametrize("operation", WRITES, ids=str)
def test_what_is_refused_is_not_repeated(
    visitor: Visitor, operation: Operation, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither by the answer nor by the log, whatever is wrong with the body; such bodies change nothing."""
    caplog.set_level(logging.DEBUG)
    (ids, *_) = visitor.ids(operation)
    wrong = [{EXPERT_NAME: 1}, [EXPERT.phone], {name: {"x": EXPERT.email} for name in operation.example or {}}]
    for person in (ADMIN, ENTERPRISE):
        for body in wrong:
            _, response = visitor.ask(operation, person, ids, body)
            assert response.status_code >= 400
            assert not leaks(response.text, None) or body == wrong[0], (
                "a wrong field is named, its content is not"
            )
    assert leaks(caplog.text, None) == []


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.login_name)
def test_matching_in_free_words_names_nobody(
    visitor: Visitor, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    (operation,) = (operation for operation in WALK if str(operation) == "POST /v1/match")
    _, response = visitor.ask(operation, person, {}, {"text": "薄板冷轧边裂控制", "k": 20})
    assert response.status_code == 200
    assert {EXPERT.id, PLATFORM.id, WORK.id} <= {
        match["id"] for part in response.json()["lists"] for match in part["matches"]
    }, "the canaries are among what is found"
    assert leaks(response.text, person) == []
    assert leaks(caplog.text, None) == []


def test_the_canaries_would_be_seen_if_nothing_hid_them(application: Application) -> None:
    """So that the tests above do not pass because nothing is there."""
    with application.database.read() as unit:
        everything = json.dumps(
            [str(record) for kind in EntityKind for record in unit.of(kind).iterate()], ensure_ascii=False
        )
    assert {canary for canary in CANARIES if canary not in everything} == {"管理员的真名金丝雀"}


def test_owners_and_officers_still_read_what_is_theirs(visitor: Visitor) -> None:
    (operation,) = (operation for operation in WALK if str(operation) == "GET /v1/needs/{need_id}")
    _, own = visitor.ask(operation, ENTERPRISE, {"need_id": NEED.id})
    assert "13711113333" in own.text
    _, reviewed = visitor.ask(operation, OFFICER, {"need_id": CONFIDENTIAL.id})
    assert SECRET in reviewed.text
    _, closed = visitor.ask(operation, SERVICE, {"need_id": CONFIDENTIAL.id})
    assert "减少边裂" in closed.text


@pytest.mark.parametrize("kind", ["experts", "platforms", "achievements", "needs", "enterprises"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_file_that_is_exported_holds_any(
    application: Application, tmp_path: Path, kind: str, ending: str
) -> None:
    path = tmp_path / f"{kind}.{ending}"
    application.exports.export(kind, path, actor="test")
    text = path.read_text(encoding="utf-8-sig") if ending == "csv" else _sheet(path)
    assert text
    # Whoever exports needs at the server reviews them; confidential ones are not in the file at all.
    assert leaks(text, None) == []


def _sheet(path: Path) -> str:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))


def test_a_look_at_duplicates_shows_names_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever decides whether two persons are one must read their names; nothing else."""
    monkeypatch.setenv("MATCHMAKER_VAR_DIR", str(tmp_path / "var"))
    built = Application(settings_in(tmp_path / "var"))
    built.database.upgrade()
    with built.database.write() as unit:
        unit.experts.upsert([EXPERT, replace(EXPERT, id="ZJ-CANARY-9", biography="别的", phone="13911112223")])
    built.database.close()
    assert cli(["duplicates", "find"]) == 0
    assert cli(["duplicates", "list", "--json"]) == 0
    shown = capsys.readouterr().out
    assert "ZJ-CANARY-9" in shown
    assert set(leaks(shown, None)) <= {EXPERT_NAME}


def test_no_command_prints_any(
    application: Application,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MATCHMAKER_VAR_DIR", str(application.settings.var_dir))
    monkeypatch.setenv("MATCHMAKER_LOG_LEVEL", "DEBUG")
    for command in (
        ["match", "--text", "薄板冷轧边裂控制", "-k", "20"],
        ["match", "--need", NEED.id, "--json"],
        ["runs", "explain", NEED.id],
        ["runs", "explain", NEED.id, "--json"],
        ["runs", "digest", "--json"],
        ["duplicates", "find"],
        ["feedback", "export", str(tmp_path / "feedback")],
        ["import", "list", "--json"],
        ["figures", "--json"],
        ["doctor"],
    ):
        assert cli(command) in (0, 1), command
        shown = capsys.readouterr()
        assert leaks(shown.out + shown.err, None) == [], command
    written = [path.read_text(encoding="utf-8") for path in (tmp_path / "feedback").rglob("*") if path.is_file()]
    assert written
    assert leaks("\n".join(written), None) == []
