"""The process of the pool that works: it opens once, then answers numbers of shards until nobody asks.

Run as ``python -m recommender.nightly.executors.worker FD N_THREADS``. ``FD`` is a socket to the parent: the
pickled opener comes in, then numbers; a :class:`~recommender.nightly.executors.reply.Reply` goes out for each.
Standard input is a pipe on which nothing is ever written; its end says that the parent is gone.
"""

import os
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection

from recommender.nightly.executors.attempt import attempt, described
from recommender.nightly.executors.reply import Reply


def main() -> None:
    """Serve the parent; end with it."""
    descriptor, n_threads = int(sys.argv[1]), int(sys.argv[2])
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    os.set_inheritable(descriptor, False)  # noqa: FBT003 — positional only
    with suppress(EOFError, ConnectionError):
        _serve(Connection(descriptor), n_threads)


def _end_with_the_parent() -> None:
    """Wait beside the work, which may be in the midst of a shard when the parent dies."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def _serve(parent: Connection, n_threads: int) -> None:
    try:
        work = parent.recv().open(n_threads)
    except Exception as raised:
        parent.send_bytes(Reply(error=described(raised)).packed())
        return
    parent.send_bytes(Reply().packed())
    while True:
        outcome = attempt(work, parent.recv())
        reply = Reply(payload=outcome.payload or b"", error=outcome.error, seconds=outcome.seconds)
        parent.send_bytes(reply.packed())


if __name__ == "__main__":
    main()
