"""The address of the desk: which queue, narrowed down how, and which case is open."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, urlencode

from api.console.messages.review import VIEW_LABELS
from recommender.domain.case_lists import (
    SUGGESTION_VIEWS,
    CaseFilter,
    CaseSort,
    CaseView,
    SuggestionSort,
    WishSort,
)
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.domain.paging import PageRequest

DESK: Final = "/console/review"
PAGE_SIZE: Final = 50
SOURCES: Final = (EntityKind.NEED, EntityKind.ENTERPRISE, EntityKind.ACHIEVEMENT)
TARGETS: Final = (*SUPPLY_KINDS, EntityKind.ENTERPRISE)
_MAX_TEXT: Final = 100
_MAX_ID: Final = 1000
_USUAL: Final = {
    CaseView.MY_DUE: CaseSort.DUE.value,
    CaseView.MINE: CaseSort.DUE.value,
    CaseView.HIGH_SCORE: SuggestionSort.SCORE.value,
}
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAddress:
    """What stands behind the ``?``; what makes no sense is left out, so that every address opens something.

    Attributes:
        source, kind: kinds of source and target, ``""`` for the usual and for any.
        q, chain, town: parts of texts.
        low, high: bounds of the score in hundredths, as they were typed.
        cursor: of the page of the queue.
        case: id of the match that is open, ``""`` for the first of the queue.
    """

    view: CaseView = CaseView.UNREVIEWED
    source: str = ""
    kind: str = ""
    q: str = ""
    chain: str = ""
    town: str = ""
    low: str = ""
    high: str = ""
    sort: str = ""
    cursor: str = ""
    case: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "DeskAddress":
        """The address that query parameters make."""
        found = {name: values.get(name, "").strip()[:_MAX_TEXT] for name in ("q", "chain", "town")}
        view = _one_of(tuple(VIEW_LABELS), values.get("view", ""), CaseView.UNREVIEWED)
        return cls(
            view=view,
            source=_one_of(SOURCES, values.get("source", ""), ""),
            kind=_one_of(TARGETS, values.get("kind", ""), ""),
            low=_hundredths(values.get("low", "")),
            high=_hundredths(values.get("high", "")),
            sort=_one_of(sorts_of(view), values.get("sort", ""), ""),
            cursor=values.get("cursor", ""),
            case=values.get("case", "")[:_MAX_ID],
            **found,
        )

    @classmethod
    def parse(cls, query: str) -> "DeskAddress":
        """The address with that query."""
        return cls.of(dict(parse_qsl(query)))

    @property
    def is_of_suggestions(self) -> bool:
        """Whether the queue holds what the system suggests."""
        return self.view in SUGGESTION_VIEWS

    @property
    def can_pick(self) -> bool:
        """Whether what the queue holds may be decided on together: all of it waits for the same decision."""
        return self.is_of_suggestions or self.view is CaseView.WISHED

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the queue down, by name."""
        names = ("source", "kind", "q", "chain", "town", "low", "high")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    def wanted(self, view: CaseView | None = None) -> CaseFilter:
        """What the services are asked for; of another view the same is asked as far as it has it."""
        asked = view or self.view
        return CaseFilter(
            view=asked,
            source_kind=EntityKind(self.source) if self.source else None,
            target_kind=EntityKind(self.kind) if self.kind else None,
            text=self.q,
            industry_chain=self.chain,
            town=self.town,
            min_score=int(self.low) / 100 if self.low else None,
            max_score=int(self.high) / 100 if self.high else None,
        )

    @property
    def request(self) -> PageRequest:
        """Which part of the queue."""
        return PageRequest(limit=PAGE_SIZE, cursor=self.cursor, sort=self.sort or _USUAL.get(self.view, ""))

    @property
    def order(self) -> str:
        """The order in force."""
        return self.request.sort or sorts_of(self.view)[0]

    def query(self, **changes: Any) -> str:
        """The query of this address with changes, without a ``?``."""
        values = asdict(replace(self, **changes))
        if values["view"] == CaseView.UNREVIEWED:
            del values["view"]
        return urlencode({name: value for name, value in values.items() if value})

    def url(self, **changes: Any) -> str:
        """The whole address with changes."""
        query = self.query(**changes)
        return f"{DESK}?{query}" if query else DESK

    def to_view(self, view: CaseView) -> str:
        """Another view under the same filters, from its beginning."""
        return self.url(view=view, sort="", cursor="", case="")

    def without(self, *names: str) -> str:
        """The same without some filters, from the beginning."""
        return self.url(cursor="", case="", **dict.fromkeys(names, ""))


def sorts_of(view: CaseView) -> tuple[str, ...]:
    """Orders that a view has."""
    if view in SUGGESTION_VIEWS:
        return (SuggestionSort.LIST, SuggestionSort.SCORE, f"-{SuggestionSort.SCORE}")
    if view is CaseView.WISHED:
        return (WishSort.ASKED, WishSort.SCORE)
    return (CaseSort.UPDATED, CaseSort.DUE, CaseSort.SCORE)


def _one_of(known: tuple[V, ...], value: str, default: Any) -> Any:
    return next((item for item in known if item == value), default)


def _hundredths(text: str) -> str:
    """A whole number from 0 to 100, ``""`` for anything else."""
    return str(int(text)) if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100 else ""  # noqa: PLR2004
