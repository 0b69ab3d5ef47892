"""Named sets of filters that an account keeps for a page, so that daily work begins with one click."""

from dataclasses import dataclass
from typing import Final

MAX_NAME: Final = 30
"""Characters of a name: what fits on a tab."""

MAX_QUERY: Final = 1000
"""Characters of a query."""

MAX_VIEWS: Final = 20
"""Of one account on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """One of them.

    Attributes:
        page: which page it belongs to, such as ``review``.
        name: unique among the account's views of that page.
        query: what stands behind the ``?`` in the page's address; the page reads it like any address, so what
            it no longer knows has no effect.
        number: ascending, 0 before it is stored.
    """

    account_id: str
    page: str
    name: str
    query: str
    number: int = 0
