"""Steps beside what took them back, and which of them stand."""

from typing import Final

from sqlalchemy import ColumnElement, Join, Table, and_

from recommender.store import tables

STEPS: Final[Table] = tables.Base.metadata.tables["workflow_step"]
UNDOING: Final = STEPS.alias("undoing")
STANDS: Final[ColumnElement[bool]] = and_(STEPS.c.undoes.is_(None), UNDOING.c.undoes.is_(None))
"""Whether a step of :func:`joined_undoing` takes nothing back and was not taken back.

Of the step that undoes, the column of the join is asked for, not its key: only then does PostgreSQL know that
rows without a partner are wanted. Otherwise it expects one where there are thousands, and loops over all else.
"""


def joined_undoing() -> Join:
    """Steps, each beside the one that took it back."""
    return STEPS.outerjoin(UNDOING, UNDOING.c.undoes == STEPS.c.number)
