"""Hostile files sent by the page: a sentence, nothing in the library, and nothing left once it is given up."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from recommender.bootstrap import Application
from recommender.domain.accounts import Actor
from recommender.domain.import_jobs import JobState, JobTask
from recommender.domain.kinds import EntityKind
from recommender.domain.messages import ERRORS
from recommender.domain.paging import PageRequest
from tests.console import stage
from tests.console.conftest import client_of
from tests.console.pages import opened, page_of, send
from tests.console.people import OFFICER, actor_of
from tests.hostile import archives, markup, tables, texts
from tests.hostile.cases import Case, Refused, RowErrors

ROOT = "/console/imports"
CASES = [
    pytest.param(case, id=f"{module.__name__.rpartition('.')[2]}-{case.name}")
    for module in (archives, markup, tables, texts)
    for case in module.CASES[::4]
]
"""Every fourth of the corpus: all of it goes through the same readers at the command line."""


@pytest.fixture(scope="module")
def city(town: Path, application: Application, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    built = stage.copy_of(town, tmp_path_factory.mktemp("hostile") / "var")
    built.encoder = application.encoder
    yield built
    built.database.close()


@pytest.fixture(scope="module")
def desk(city: Application) -> TestClient:
    # Not started, so that the tasks are done when the test says so.
    return client_of(create_app(city), OFFICER)


def library(city: Application) -> dict[EntityKind, int]:
    return city.library.counts()


def left(city: Application) -> list[str]:
    """Folders of imports, and jobs."""
    officer = actor_of(city, OFFICER)
    folders = [path.name for path in city.settings.uploads_dir.iterdir() if path.is_dir()]
    return sorted([*folders, *(view.job.id for view in city.import_jobs.open_jobs(officer))])


@pytest.mark.parametrize("case", CASES)
def test_each_file_is_answered_and_leaves_no_trace(
    case: Case, desk: TestClient, city: Application, tmp_path: Path
) -> None:
    path = case.make(tmp_path)
    before, stored = left(city), library(city)
    page = opened(desk, f"{ROOT}/new")
    with path.open("rb") as file:
        response = send(desk, page, ROOT, files={"file": (path.name, file)}, kind=case.kind)
    assert response.status_code in {200, 413, 422}
    answer = page_of(response)
    assert str(city.settings.var_dir) not in answer.html
    if response.status_code == 200:
        _check(case, city, answer.address.split("/")[3])
    else:
        assert isinstance(case.expected, Refused)
        assert answer.title in {"上传文件", "提交的内容过大"}
        sentence = re.sub(r"\\\{\w+\\\}", ".*", re.escape(ERRORS[case.expected.code]))
        assert re.search(sentence, answer.text) or "超过上限" in answer.text
    assert library(city) == stored
    assert left(city) == before


def _check(case: Case, city: Application, job_id: str) -> None:
    """Have a file checked that looked like one, and give it up."""
    officer = actor_of(city, OFFICER)
    city.import_jobs.begin(officer, job_id, JobTask.CHECK)
    city.import_runner.run_waiting()
    job = city.import_jobs.get(officer, job_id).job
    if isinstance(case.expected, Refused):
        assert job.fault is not None
        assert (job.state, job.fault.code) == (JobState.UPLOADED, case.expected.code)
        assert str(city.settings.var_dir) not in str(job.fault)
    else:
        assert job.state is JobState.CHECKED
        errors = _errors(city, officer, job_id)
        assert errors == (case.expected.errors if isinstance(case.expected, RowErrors) else ())
    city.import_receiver.discard(officer, job_id)


def _errors(city: Application, officer: Actor, job_id: str) -> tuple[tuple[int, str, str], ...]:
    found = city.import_jobs.issues(officer, job_id, PageRequest(limit=200)).items
    return tuple((error.row, error.column, error.code) for error in found)


def test_a_file_that_is_larger_than_any_form_comes_in(desk: TestClient, city: Application) -> None:
    text = "专家编号,姓名,简介\n" + "".join(f"ZJ{n},甲某,{'研究轧制工艺' * 60}\n" for n in range(2_500))
    content = text.encode()
    assert len(content) > 2 * city.settings.max_body_bytes
    page = opened(desk, f"{ROOT}/new")
    response = send(desk, page, ROOT, files={"file": ("简介.csv", content)})
    assert response.status_code == 200
    job_id = page_of(response).address.split("/")[3]
    assert (city.settings.uploads_dir / job_id / "source").read_bytes() == content
    city.import_receiver.discard(actor_of(city, OFFICER), job_id)


def test_files_are_for_their_owner_alone_on_disk_too(desk: TestClient, city: Application) -> None:
    page = opened(desk, f"{ROOT}/new")
    content = "专家编号,姓名\nZJ1,甲某\n".encode()
    response = send(desk, page, ROOT, files={"file": ("../../名单.csv", content)})
    job_id = page_of(response).address.split("/")[3]
    folder = city.settings.uploads_dir / job_id
    assert [folder.stat().st_mode & 0o777, (folder / "source").stat().st_mode & 0o777] == [0o700, 0o600]
    assert city.import_jobs.get(actor_of(city, OFFICER), job_id).job.file_name == "名单.csv"
    city.import_receiver.discard(actor_of(city, OFFICER), job_id)
