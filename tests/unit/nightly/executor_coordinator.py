"""A coordinator that somebody else kills: ``python -m tests.unit.nightly.executor_coordinator FOLDER``.

Two workers, of which one spins for ever and the other waits for a file that never comes.
"""

import signal
import sys
from contextlib import closing
from pathlib import Path

from recommender.nightly.executors.processes import ProcessExecutor
from tests.unit.nightly.executor_scripts import Script


def main() -> None:
    """Run until killed."""
    # Whoever started this may have had it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    script = Script(folder=Path(sys.argv[1]), acts={0: "spin", 1: "wait"})
    with closing(ProcessExecutor(n_workers=2, n_threads=1).run(script, range(2))) as outcomes:
        list(outcomes)


if __name__ == "__main__":
    main()
