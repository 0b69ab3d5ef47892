"""How much there is beside each of several needs: suggestions of a run, and matches."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, Table, func, select

from recommender.domain.accounts import Actor
from recommender.domain.kinds import EntityKind
from recommender.domain.need_lists import NeedCounts
from recommender.domain.workflow import CaseState
from recommender.store import tables
from recommender.store.case_visibility import case_visible
from recommender.store.cases import CASES
from recommender.store.conditions import among

_RUNS: Final[Table] = tables.Base.metadata.tables["match_run"]
_SUGGESTIONS: Final = tables.Base.metadata.tables["suggestion"].c


class NeedCountReader:
    """Counts for a page of needs, each in one statement whatever the number of needs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, actor: Actor, need_ids: Sequence[str], *, run_id: str = "") -> dict[str, NeedCounts]:
        """What there is beside each of these needs.

        Args:
            actor: whose matches are counted; of an enterprise those that it was shown.
            run_id: of the run whose suggestions are counted, ``""`` for none.
        """
        suggestions = self._suggestions(need_ids, run_id) if run_id else {}
        cases = self._cases(actor, need_ids)
        return {id: NeedCounts(n_suggestions=suggestions.get(id, 0), cases=cases.get(id, {})) for id in need_ids}

    def _suggestions(self, need_ids: Sequence[str], run_id: str) -> dict[str, int]:
        number = select(_RUNS.c.number).where(_RUNS.c.id == run_id).scalar_subquery()
        statement = select(_SUGGESTIONS.source_id, func.count()).where(
            _SUGGESTIONS.run_number == number,
            _SUGGESTIONS.source_kind == EntityKind.NEED,
            among(_SUGGESTIONS.source_id, need_ids, self._connection.dialect),
        )
        rows = self._connection.execute(statement.group_by(_SUGGESTIONS.source_id))
        return {id: int(n) for id, n in rows}

    def _cases(self, actor: Actor, need_ids: Sequence[str]) -> dict[str, dict[CaseState, int]]:
        statement = select(CASES.c.need_id, CASES.c.state, func.count()).where(
            among(CASES.c.need_id, need_ids, self._connection.dialect), case_visible(actor)
        )
        found: defaultdict[str, dict[CaseState, int]] = defaultdict(dict)
        for id, state, n in self._connection.execute(statement.group_by(CASES.c.need_id, CASES.c.state)):
            found[id][state] = n
        return dict(found)
