"""The executors by name, and the one that works in this process."""

import doctest
import sys

import pytest

from recommender.domain.errors import InvalidInput, Unavailable
from recommender.nightly.executors import attempt, reply
from recommender.nightly.executors.dask import DaskExecutor
from recommender.nightly.executors.open import EXECUTORS, open_executor
from recommender.nightly.executors.processes import ProcessExecutor
from recommender.nightly.executors.protocol import Executor
from recommender.nightly.executors.serial import SerialExecutor
from tests.unit.nightly.executor_contract import ExecutorContract


class TestSerial(ExecutorContract):
    n_workers = 1
    n_threads = 2

    @pytest.fixture
    def executor(self) -> Executor:
        return SerialExecutor(n_threads=self.n_threads)


class TestByName:
    @pytest.mark.parametrize(
        ("n_workers", "n_threads", "share"), [(2, 2, 1), (2, 8, 4), (3, 8, 2), (4, 2, 1), (1, 6, 6)]
    )
    def test_workers_share_the_cores(self, n_workers: int, n_threads: int, share: int) -> None:
        size = {"n_workers": n_workers, "n_threads": n_threads}
        assert open_executor("serial", **size) == SerialExecutor(n_threads=n_threads)
        assert open_executor("processes", **size) == ProcessExecutor(n_workers=n_workers, n_threads=share)
        scheduler = "tcp://127.0.0.1:8786"
        dask = open_executor("dask", **size, scheduler=scheduler)
        assert dask == DaskExecutor(scheduler=scheduler, n_threads=share)

    def test_unknown_name(self) -> None:
        with pytest.raises(InvalidInput) as raised:
            open_executor("threads", n_workers=1, n_threads=1)
        assert raised.value.code == "nightly.executor_unknown"
        assert all(name in str(raised.value) for name in EXECUTORS)

    def test_dask_needs_a_scheduler(self) -> None:
        with pytest.raises(InvalidInput) as raised:
            open_executor("dask", n_workers=1, n_threads=1)
        assert raised.value.code == "nightly.scheduler_missing"

    def test_dask_is_optional(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "distributed", None)  # as if it were not installed
        with pytest.raises(Unavailable, match="pip install 'distributed") as raised:
            open_executor("dask", n_workers=1, n_threads=1, scheduler="tcp://127.0.0.1:8786")
        assert raised.value.code == "nightly.dask_missing"


@pytest.mark.parametrize("module", [attempt, reply])
def test_examples_in_docstrings(module: object) -> None:
    result = doctest.testmod(module)
    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize("text", ["", "坏的向量", "\udce5 half a character"])
def test_replies_carry_any_error(text: str) -> None:
    packed = reply.Reply(error=text, seconds=1.5).packed()
    found = reply.Reply.unpacked(packed)
    assert found.seconds == 1.5
    assert found.error.encode() == text.encode(errors="backslashreplace")
