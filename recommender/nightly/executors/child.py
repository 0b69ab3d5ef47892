"""The parent's hold on one worker process: its start, its shard, its answers, its end."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from typing import Final

from recommender.nightly.executors.protocol import WORKER_LOST, Outcome
from recommender.nightly.executors.reply import Reply

_THREAD_VARIABLES: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_LOOK_EVERY_S: Final = 1.0


class Child:
    """A worker process, started anew and not forked, since FAISS does not survive a fork.

    It ends with the parent: the other end of its standard input is ours alone, and it watches that.

    Args:
        opener: the pickled opener.
        n_threads: threads that native libraries may use in there, at least 1.
    """

    def __init__(self, opener: bytes, n_threads: int) -> None:
        self.has_opened = False
        self.shard: int | None = None
        self._given_at = 0.0
        self._connection, far_end = Pipe()
        with far_end:
            self._process = _start(far_end.fileno(), n_threads)
        with suppress(OSError):  # it has died already, which answer() will say
            self._connection.send_bytes(opener)

    def give(self, shard: int) -> None:
        """Have a shard done; the worker must be free."""
        self.shard, self._given_at = shard, time.monotonic()
        with suppress(OSError):  # as above
            self._connection.send(shard)

    def answer(self) -> Reply | None:
        """What a child that :func:`heard` returned has to say; None if it has died."""
        try:
            return Reply.unpacked(self._connection.recv_bytes()) if self._connection.poll() else None
        except (EOFError, OSError):  # at the end of the stream, or in the midst of a message
            return None

    def outcome(self, reply: Reply | None) -> Outcome | None:
        """The reply as the outcome of the shard held, which is taken from the worker; None if it held none."""
        if self.shard is None:
            return None
        shard, self.shard = self.shard, None
        if reply is None:
            lost_after_s = time.monotonic() - self._given_at
            return Outcome(shard=shard, payload=None, error=WORKER_LOST, seconds=lost_after_s)
        payload = None if reply.error else reply.payload
        return Outcome(shard=shard, payload=payload, error=reply.error, seconds=reply.seconds)

    def kill(self) -> None:
        """Stop it at once, without waiting until it is gone."""
        self._process.kill()

    def end(self) -> int:
        """Stop it, wait until it is gone and return its exit code: below 0 it is the signal that ended it."""
        self._process.kill()
        code = self._process.wait()
        self._connection.close()
        if self._process.stdin:
            self._process.stdin.close()
        return code

    @classmethod
    def heard(cls, children: Sequence["Child"]) -> list["Child"]:
        """Wait until at least one has something to say or has died, and return those.

        A dead worker's end of the connection is closed, unless a process that it forked still holds it: so the
        processes are looked at as well, once a second.
        """
        while True:
            spoken = wait([child._connection for child in children], _LOOK_EVERY_S)
            found = [
                child for child in children if child._connection in spoken or child._process.poll() is not None
            ]
            if found:
                return found


def _start(descriptor: int, n_threads: int) -> "subprocess.Popen[bytes]":
    module = "recommender.nightly.executors.worker"
    return subprocess.Popen(  # noqa: S603 — our own interpreter and module
        [sys.executable, "-P", "-m", module, str(descriptor), str(n_threads)],
        env=_environment(n_threads),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        pass_fds=[descriptor],
        # Ctrl-C in the terminal is for the parent, which then ends its workers.
        process_group=0,
    )


def _environment(n_threads: int) -> Mapping[str, str]:
    """This process's environment and import path; the caps must stand before libraries are loaded."""
    caps = dict.fromkeys(_THREAD_VARIABLES, str(n_threads))
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    return {**os.environ, **caps, "TOKENIZERS_PARALLELISM": "false", "PYTHONPATH": path}
