"""From decisions to data that ``evaluate`` reads, and from a pool to figures of its systems."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from recommender.bootstrap import Application
from recommender.cli.main import run
from recommender.domain.accounts import GRANTS, Actor, Reach, Role
from recommender.domain.cases import Case, Pair, Shown, Subject, Transition
from recommender.domain.entities import Expert, Need
from recommender.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from recommender.domain.judging import System
from recommender.domain.kinds import Confidentiality, EntityKind
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import CaseState, ReasonCode
from recommender.evaluation.dataset import Dataset
from recommender.feedback.propensity import PositionBias
from recommender.services.feedback.judging import PoolDraft
from recommender.services.review.cases import Choice
from tests.actors import TESTER
from tests.journeys import nights

START = datetime(2026, 11, 1, 8, tzinfo=UTC)
NAME, PHONE = "慕容九歌", "13988887777"
CANARY = Expert(
    id="ZJ-canary",
    name=NAME,
    research_fields=("冷轧边裂",),
    biography=f"{NAME}长期研究板带轧制，可致电{PHONE}。",
)
GONE = Expert(id="ZJ-gone", name="某", research_fields=("板形",), consent_withdrawn_on=date(2026, 1, 1))
SECRET = Need(
    id="XQ-secret",
    title="某牌号的热处理",
    description="八百六十度保温后油淬。",
    confidentiality=Confidentiality.CONFIDENTIAL,
    public_summary="寻求热处理方面的技术",
)
NEEDS = [f"XQ20260{n:02}" for n in range(1, 9)]


@pytest.fixture(scope="module")
def application(
    sample_application: Application, before_any_night: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Application]:
    """The samples with matches that went as far as they do in life."""
    built = nights.copied(before_any_night, tmp_path_factory.mktemp("feedback") / "var")
    built.encoder = sample_application.encoder
    with built.database.write() as unit:
        unit.experts.upsert([CANARY, GONE])
        unit.needs.upsert([SECRET])
    targets = iter(_experts(built) * 3)
    for day, need in enumerate([*NEEDS, SECRET.id]):
        decide(built, need, next(targets), day, CaseState.CONFIRMED, CaseState.ENTERPRISE_INTERESTED)
        decide(built, need, next(targets), day, CaseState.REJECTED, reason=ReasonCode.FIELD)
        decide(built, need, next(targets), day, CaseState.REJECTED, reason=ReasonCode.EXPERT_BUSY)
    decide(built, NEEDS[0], CANARY.id, 0, CaseState.CONFIRMED, CaseState.CONTACT, CaseState.SIGNED)
    decide(built, NEEDS[0], GONE.id, 0, CaseState.CONFIRMED)
    yield built
    built.database.close()


def _experts(application: Application) -> list[str]:
    with application.database.read() as unit:
        return [expert.id for expert in unit.experts.iterate() if expert.id not in {CANARY.id, GONE.id}]


def decide(
    application: Application,
    need: str,
    target: str,
    day: int,
    *states: CaseState,
    reason: ReasonCode | None = None,
) -> None:
    """A match with the steps that an officer took."""
    pair = Pair(EntityKind.NEED, need, EntityKind.EXPERT, target)
    shown = Shown(run_id="r1", snapshot_id="g1", encoder_id="e1", configuration_hash="c1", position=4, score=0.5)
    case = Case(
        id=pair.id,
        pair=pair,
        need_id=need,
        enterprise_code="",
        state=states[-1],
        version=1,
        officer="officer-secret-login",
        opened_at=START,
        updated_at=START,
        shown=shown,
    )
    with application.database.write() as unit:
        assert unit.cases.open(case)
        before = CaseState.SUGGESTED
        for n, state in enumerate(states):
            unit.timeline.add(
                Transition(
                    subject=Subject.CASE,
                    subject_id=case.id,
                    actor="officer-secret-login",
                    at=START + timedelta(days=day, minutes=n),
                    from_state=before,
                    to_state=state,
                    version=n + 1,
                    reason=reason,
                    note="一句不该外传的话",
                )
            )
            before = state


@pytest.fixture(scope="module")
def exported(application: Application, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "feedback"
    application.feedback.export(TESTER, folder, bias=PositionBias(eta=1.0, clip=3.0))
    return folder


def rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "feedback.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_decision_is_there_with_what_was_shown(exported: Path) -> None:
    found = rows(exported)
    # Nine needs with 2 + 1 + 1 steps, and three on the expert with a contract; none on who has withdrawn.
    assert len(found) == 9 * 4 + 3
    assert GONE.id not in {row["target_id"] for row in found}
    first = found[0]
    assert (first["position"], first["run_id"], first["encoder_id"]) == (4, "r1", "e1")
    assert (first["propensity"], first["weight"]) == (1 / 4, 3.0)
    busy = [row for row in found if row["reason"] == "专家无暇"]
    assert len(busy) == 9
    assert {row["grade"] for row in busy} == {None}
    signed = [row for row in found if row["target_id"] == CANARY.id]
    assert {(row["grade"], row["furthest"]) for row in signed} == {(3, "签约")}


def test_no_need_is_in_two_splits_and_later_ones_test(exported: Path) -> None:
    asked = {}
    for split in ("train", "dev", "test"):
        lines = (exported / "qrels" / f"{split}.tsv").read_text(encoding="utf-8").splitlines()[1:]
        asked[split] = {line.split("\t")[0] for line in lines}
        assert {line.split("\t")[2] for line in lines} <= {"0", "1", "2", "3"}
    assert asked["train"] == set(NEEDS[:6])
    assert asked["dev"] == {NEEDS[6]}
    assert asked["test"] == {NEEDS[7], SECRET.id}


def test_evaluate_reads_it(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in (exported, exported / "masked"):
        assert run(["evaluate", str(folder), "--retriever", "lexical", "--json"]) == 0
        report = json.loads(capsys.readouterr().out)
        (experts,) = [kind for kind in report["kinds"] if kind["kind"] == "expert"]
        assert experts["n_queries"] == 2
        assert 0 <= experts["figures"]["nDCG@10"] <= 1


def test_the_masked_part_has_nothing_of_persons(exported: Path) -> None:
    masked = "\n".join(
        file.read_text(encoding="utf-8") for file in (exported / "masked").rglob("*") if file.is_file()
    )
    for secret in (NAME, PHONE, "officer-secret-login", SECRET.description):
        assert secret not in masked
    assert CANARY.id in masked
    assert "板带轧制" in masked
    everything = "\n".join(file.read_text(encoding="utf-8") for file in exported.rglob("*") if file.is_file())
    assert "一句不该外传的话" not in everything
    assert SECRET.description not in everything
    assert GONE.id not in everything


def test_both_parts_judge_the_same(exported: Path) -> None:
    assert Dataset.read(exported).qrels == Dataset.read(exported / "masked").qrels


def test_an_export_is_on_record(application: Application, exported: Path) -> None:
    with application.database.read() as unit:
        actions = [entry.action for entry in unit.audit.tail(50)]
        logged = unit.processing.page(PageRequest()).items
    assert "feedback:dataset:export" in actions
    assert any("训练" in line.purpose and line.n_persons > 1 for line in logged)


def test_a_folder_that_holds_something_is_left_alone(application: Application, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("bitte nicht", encoding="utf-8")
    with pytest.raises(Conflict, match="--force"):
        application.feedback.export(TESTER, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_who_may_not_export_does_not(application: Application, tmp_path: Path) -> None:
    officer = Actor(id="o", role=Role.OFFICER, permissions=GRANTS[Role.OFFICER], reach=Reach(whole_city=True))
    with pytest.raises(Forbidden):
        application.feedback.export(officer, tmp_path / "feedback")
    assert not (tmp_path / "feedback").exists()


def test_what_officers_decide_in_the_workflow_is_exported(later: nights.Libraries, tmp_path: Path) -> None:
    """From the published list to the line of feedback, by the services that people use."""
    application = later()
    chosen, refused, undone = [
        suggestion
        for suggestion in nights.suggestions(application)
        if suggestion.source_id == NEEDS[4] and suggestion.target_kind is EntityKind.PLATFORM
    ][:3]
    for suggestion, choice in (
        (chosen, Choice(to=CaseState.CONFIRMED)),
        (refused, Choice(to=CaseState.REJECTED, reason=ReasonCode.FIELD)),
        (undone, Choice(to=CaseState.CONFIRMED)),
    ):
        id = Pair(EntityKind.NEED, suggestion.source_id, suggestion.target_kind, suggestion.target_id).id
        version = application.cases.get(TESTER, id).case.version
        decided = application.cases.decide(TESTER, id, choice, version=version)
    application.undo.undo_case(TESTER, decided.id, version=decided.version)
    application.feedback.export(TESTER, tmp_path / "feedback")
    found = {row["target_id"]: row for row in rows(tmp_path / "feedback")}
    assert found.keys() == {chosen.target_id, refused.target_id}
    assert (found[chosen.target_id]["grade"], found[refused.target_id]["grade"]) == (1, 0)
    for suggestion in (chosen, refused):
        row = found[suggestion.target_id]
        assert (row["position"], row["score"]) == (suggestion.position, suggestion.score)
        assert (row["run_id"], row["configuration_hash"]) == (
            nights.published(application),
            application.match_config.hash,
        )
        assert 0 < row["propensity"] <= 1 <= row["weight"]


def judge_named(name: str, *towns: str) -> Actor:
    reach = Reach(whole_city=not towns, towns=frozenset(towns))
    return Actor(id=name, role=Role.OFFICER, permissions=GRANTS[Role.OFFICER], reach=reach)


DRAFT = PoolDraft(
    title="第一轮", need_ids=NEEDS[:2], kinds=(EntityKind.EXPERT,), depth=3, overlap_ratio=1.0, n_judges=2, seed=4
)


def test_a_pool_holds_what_every_system_names(application: Application) -> None:
    pool = application.judging.create(TESTER, DRAFT)
    with application.database.read() as unit:
        items = unit.judging.items(pool.id)
    for need in NEEDS[:2]:
        for system in System:
            ranks = sorted(item.ranks[system] for item in items if item.need_id == need and system in item.ranks)
            assert ranks == [1, 2, 3]
    again = application.judging.create(TESTER, DRAFT)
    with application.database.read() as unit:
        same = unit.judging.items(again.id)
    assert [(i.need_id, i.target_id, i.ranks) for i in same] == [(i.need_id, i.target_id, i.ranks) for i in items]
    assert GONE.id not in {item.target_id for item in items}


def test_from_a_pool_to_figures_and_a_test_collection(
    application: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = application.judging
    pool = service.create(TESTER, DRAFT)
    with application.database.read() as unit:
        served = {item.number: item.ranks.get(System.HYBRID, 9) for item in unit.judging.items(pool.id)}
    for judge in (judge_named("a"), judge_named("b")):
        seen = []
        while (task := service.next(judge, pool.id)) is not None:
            assert service.next(judge, pool.id) == task
            assert task.n_left == len(served) - len(seen)
            seen.append(task.number)
            service.judge(judge, pool.id, task.number, 3 if served[task.number] <= 2 else 0, "")
        assert sorted(seen) == sorted(served)
    results = service.results(TESTER, pool.id)
    assert results.progress.ratio == 1.0
    assert results.agreement.alpha == pytest.approx(1.0)
    figures = {item.system: item.figures["nDCG@10"] for item in results.systems}
    # Who judges by the served ranking finds the served system perfect and chance worse.
    assert figures[System.HYBRID] == pytest.approx(1.0)
    assert figures[System.RANDOM] < figures[System.HYBRID]
    assert service.export(TESTER, pool.id, tmp_path / "pool") == len(served)
    assert run(["evaluate", str(tmp_path / "pool"), "--retriever", "lexical", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [kind["n_queries"] for kind in report["kinds"]] == [2]
    service.close(TESTER, pool.id)
    with pytest.raises(Conflict):
        service.judge(judge_named("c"), pool.id, 1, 1)
    assert service.next(judge_named("c"), pool.id) is None


def test_a_task_tells_neither_who_nor_which_system(application: Application) -> None:
    draft = PoolDraft(title="名", need_ids=NEEDS[:1], kinds=(EntityKind.EXPERT,), depth=50, overlap_ratio=0)
    pool = application.judging.create(TESTER, draft)
    with application.database.read() as unit:
        names = [expert.name for expert in unit.experts.iterate()]
    judge = judge_named("a")
    n = 0
    while (task := application.judging.next(judge, pool.id)) is not None:
        shown = "\n".join((task.title, task.text))
        assert [name for name in names if len(name) > 1 and name in shown] == []
        assert PHONE not in shown
        application.judging.judge(judge, pool.id, task.number, None)
        n += 1
    assert n > 10


def test_a_judge_gets_only_needs_of_their_own_reach(application: Application) -> None:
    pool = application.judging.create(TESTER, DRAFT)
    stranger = judge_named("s", "没有这个镇")
    assert application.judging.next(stranger, pool.id) is None
    with pytest.raises(NotFound):
        application.judging.judge(stranger, pool.id, 1, 2)


def test_judges_see_their_own_count_alone(application: Application) -> None:
    pool = application.judging.create(TESTER, DRAFT)
    for name in ("a", "b"):
        application.judging.judge(judge_named(name), pool.id, 1, 1)
    assert application.judging.progress(judge_named("a"), pool.id).by_judge == {"a": 1}
    assert application.judging.progress(TESTER, pool.id).by_judge == {"a": 1, "b": 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"depth": 0},
        {"depth": 51},
        {"need_ids": []},
        {"overlap_ratio": 1.5},
        {"n_judges": 0},
        {"title": " "},
        {"systems": []},
        {"kinds": [EntityKind.NEED]},
        {"seed": -1},
    ],
)
def test_a_draft_out_of_range_is_refused(application: Application, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        application.judging.create(TESTER, PoolDraft(**{"title": "池", "need_ids": NEEDS[:1], **wrong}))


def test_a_pool_for_a_need_that_is_not_there_is_not_made(application: Application) -> None:
    with pytest.raises(NotFound):
        application.judging.create(TESTER, PoolDraft(title="池", need_ids=["XQ-nobody"]))
