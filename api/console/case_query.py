"""What the list of matches is asked for: read from its address, and written into addresses again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeVar

from api.console.messages import cases as zh
from recommender.domain.accounts import Actor, Permission
from recommender.domain.case_groups import GROUP_STATES, CaseGroup
from recommender.domain.case_lists import CaseFilter, CaseSort, CaseView
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import CaseState

V = TypeVar("V", bound=StrEnum)

PAGE_ROWS: Final = 50


class Shape(StrEnum):
    """How matches are laid out."""

    BOARD = "board"
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """One question to the list.

    Attributes:
        asked: names and values of the address, as they were written.
    """

    shape: Shape
    wanted: CaseFilter
    request: PageRequest
    group: CaseGroup | None
    asked: Mapping[str, str]

    @classmethod
    def of(cls, actor: Actor, asked: Mapping[str, str]) -> "CaseQuery":
        """The question of an address; what is not a value of its vocabulary is as good as not asked for."""
        usual = CaseView.OPEN if actor.may(Permission.CASES_REVIEW) else CaseView.ALL
        view = _value(asked, "view", CaseView) or usual
        group = _value(asked, "group", CaseGroup)
        state = _value(asked, "state", CaseState)
        if view not in zh.VIEWS:
            view = usual
        states = frozenset({state}) if state else frozenset(GROUP_STATES[group]) if group else frozenset()
        wanted = CaseFilter(
            view=view,
            target_kind=_value(asked, "kind", EntityKind),
            states=states,
            town=asked.get("town", "").strip(),
            industry_chain=asked.get("chain", "").strip(),
            officer=asked.get("officer", ""),
            need_id=asked.get("need", ""),
            enterprise_code=asked.get("enterprise", ""),
            text=asked.get("q", "").strip(),
        )
        sort = asked.get("sort", "")
        known = sort.removeprefix("-") in set(CaseSort)
        return cls(
            shape=_value(asked, "as", Shape) or (Shape.TABLE if group or state else Shape.BOARD),
            wanted=wanted,
            request=PageRequest(
                limit=PAGE_ROWS,
                cursor=asked.get("cursor", ""),
                sort=sort if known else CaseSort.DUE if view in _BY_DUE or usual is CaseView.ALL else "",
            ),
            group=group,
            asked=dict(asked),
        )

    def viewed(self, view: CaseView) -> CaseFilter:
        """The same question with another view."""
        return replace(self.wanted, view=view)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beside the view is asked for."""
        return replace(self.wanted, view=CaseView.ALL) != CaseFilter(view=CaseView.ALL)


_BY_DUE: Final = frozenset({CaseView.OPEN, CaseView.MINE, CaseView.DUE, CaseView.OVERDUE, CaseView.RETURNED})
"""Views of what waits: what is due first stands first."""


def _value(asked: Mapping[str, str], name: str, vocabulary: type[V]) -> V | None:
    text = asked.get(name, "")
    return vocabulary(text) if text in set(vocabulary) else None
