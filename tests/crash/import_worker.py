"""A process that imports a file as often as it is told to, each time in a child that may be killed.

Everything is loaded once, so that a round costs the import alone. Told by a line on its input, it answers with
one word a line: ``started PID``, ``reading N``, ``writing N``, ``done`` by the child, then ``ended`` by itself.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from recommender.services.imports import ImportService, ImportStage
from recommender.store import Database
from tests.actors import TESTER

WORDS = {ImportStage.READ: "reading", ImportStage.WRITE: "writing"}


def say(line: str) -> None:
    """One line in one piece, whoever else writes."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def import_once(url: str, path: Path) -> None:
    """Import the file and say how far it is."""
    say(f"started {os.getpid()}")
    database = Database.open(url)
    service = ImportService(database, lambda: datetime.now(UTC))
    service.apply("experts", path, actor=TESTER, on_progress=lambda stage, done, _: say(f"{WORDS[stage]} {done}"))
    say("done")


def main() -> None:
    """One round for every line of the input."""
    url, path = sys.argv[1], Path(sys.argv[2])
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            import_once(url, path)
            os._exit(0)
        os.waitpid(child, 0)
        say("ended")


if __name__ == "__main__":
    main()
