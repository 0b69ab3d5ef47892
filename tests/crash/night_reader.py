"""Somebody who reads suggestions all the while, and sees whether they are all of one run."""

import random
import threading
from collections import Counter
from dataclasses import dataclass, field

from recommender.domain.runs import RunState
from recommender.store import Database
from recommender.store.unit_of_work import UnitOfWork
from tests.crash.night_city import City, without_run

_PAUSE_S = 0.015


@dataclass
class Reader:
    """Reads in a thread of its own, inside a ``with`` block.

    Attributes:
        city: what runs may hold.
        database: read with connections of its own.
        n_reads: so far, by run.
        problems: what should not have been seen.
    """

    city: City
    database: Database
    n_reads: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def __enter__(self) -> "Reader":
        self._stop = threading.Event()
        self._draw = random.Random(20_261_128)
        self._thread = threading.Thread(target=self._read_on)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self.database.close()

    def _read_on(self) -> None:
        while not self._stop.wait(_PAUSE_S):
            try:
                with self.database.read() as unit:
                    self._look(unit)
            except Exception as error:
                self.problems.append(f"{type(error).__name__}: {error}")

    def _look(self, unit: UnitOfWork) -> None:
        shown = unit.runs.published()
        assert shown is not None
        run = unit.runs.get(shown.run_id)
        assert run is not None
        n_stored = unit.runs.count(run.id)
        if run.state is not RunState.DONE or n_stored != run.report["n_suggestions"]:
            self.problems.append(f"run {run.id} is {run.state} and has {n_stored} suggestions")
        sources = self._draw.sample(sorted(next(iter(self.city.outcomes.values())).lists), 2)
        found = [without_run(unit.runs.suggestions(None, source)) for source in sources]
        outcomes = self.city.outcomes.values()
        if not any([outcome.lists[source] for source in sources] == found for outcome in outcomes):
            self.problems.append(f"run {run.id} suggests to {sources} what no undisturbed night does")
        self.n_reads[run.id] += 1
