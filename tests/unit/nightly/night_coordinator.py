"""A coordinator that one of its own shards kills.

``python -m tests.unit.nightly.night_coordinator FOLDER EXECUTOR POISON``: eight shards, of which POISON kills the
coordinator. Started again, it goes on from its record. Ends with 0 when nothing is left to do.
"""

import os
import sys
from pathlib import Path

from recommender.nightly.executors.open import open_executor
from recommender.nightly.supervision import supervise
from tests.unit.nightly.executor_scripts import Script
from tests.unit.nightly.night_record import FiledRecord

N_SHARDS = 8


def main() -> None:
    """One start of the coordinator."""
    folder, name, poison = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    script = Script(folder=folder / "work", acts={poison: "kill-coordinator"})
    (script.folder / "coordinator").write_text(str(os.getpid()))
    record = FiledRecord(folder / "record", N_SHARDS)
    executor = open_executor(name, n_workers=3, n_threads=3)
    supervise(executor, script, record.pending(), **record.callbacks())


if __name__ == "__main__":
    main()
