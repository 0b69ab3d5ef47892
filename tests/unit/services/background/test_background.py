"""What jobs share: a thread that stops when told, progress told in time, patience with a busy database."""

import threading
from pathlib import Path

import pytest

from recommender.domain.errors import Unavailable
from recommender.domain.jobs import JobProgress
from recommender.services.background import patience, progress
from recommender.services.background.patience import patiently
from recommender.services.background.progress import ProgressFile, Teller
from recommender.services.background.worker import Stopped, Worker


def test_a_busy_database_is_asked_again_unless_the_process_is_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_RETRY_SECONDS", 0.0)
    asked: list[int] = []

    def write() -> str:
        asked.append(1)
        if len(asked) % 3:
            raise Unavailable("store.busy", place="x")
        return "written"

    assert patiently(write, is_stopping=lambda: False) == "written"
    assert len(asked) == 3
    with pytest.raises(Unavailable):
        patiently(write, is_stopping=lambda: True)
    assert len(asked) == 3 + 1
    monkeypatch.setattr(patience, "_MAX_SECONDS", -1.0)
    with pytest.raises(Unavailable):
        patiently(write, is_stopping=lambda: False)


def test_each_stage_is_told_at_once_and_the_rest_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[JobProgress] = []
    stopping: list[bool] = []
    tell = Teller(told.append, lambda: bool(stopping))
    for done in range(50):
        tell("读取", done, 50)
    tell("比较", 0, None)
    assert told == [JobProgress("读取", 0, 50), JobProgress("比较", 0, None)]
    monkeypatch.setattr(progress, "_TELL_SECONDS", 0.0)
    tell("比较", 7, 9)
    assert told[-1] == JobProgress("比较", 7, 9)
    stopping.append(True)
    with pytest.raises(Stopped):
        tell("比较", 8, 9)


def test_progress_is_read_by_others_and_forgotten(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path / "progress.json")
    assert file.read() == JobProgress()
    file.tell(JobProgress("比较", 1, 4))
    assert ProgressFile(tmp_path / "progress.json").read().ratio == 1 / 4
    file.forget()
    file.forget()
    assert file.read() == JobProgress()
    (tmp_path / "progress.json").write_text("{", encoding="utf-8")
    assert file.read() == JobProgress()
    ProgressFile(tmp_path / "gone" / "progress.json").tell(JobProgress())


def test_a_worker_looks_when_woken_goes_on_after_errors_and_ends(caplog: pytest.LogCaptureFixture) -> None:
    looked = threading.Semaphore(0)
    n_looked: list[int] = []
    tidied: list[int] = []

    def look() -> None:
        n_looked.append(1)
        looked.release()
        if len(n_looked) == 1:
            raise Unavailable("store.busy", place="x")
        if len(n_looked) == 2:
            raise ValueError("broken")

    worker = Worker("looking", look, tidy=lambda: tidied.append(1))
    worker.start()
    for _ in range(4):
        worker.wake()
        assert looked.acquire(timeout=60)
    worker.stop()
    assert worker.is_stopping
    assert tidied == [1], "once in an hour"
    assert "looking for looking failed" in caplog.text
    n_before = len(n_looked)
    worker.wake()
    assert len(n_looked) == n_before


def test_a_worker_that_is_started_twice_works_on_one_thread() -> None:
    def threads() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name == "started-twice"]

    worker = Worker("started-twice", lambda: None)
    worker.start()
    worker.start()
    assert len(threads()) == 1
    worker.stop()
    worker.stop()
    assert threads() == []
    worker.start()
    assert len(threads()) == 1
    worker.stop()
