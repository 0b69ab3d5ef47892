"""What the desk shows: the queue with its views, and the open case with what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.console.messages import review as zh
from api.console.pages.review.address import SOURCES, TARGETS, DeskAddress, sorts_of
from api.console.pages.review.choices import Choices, choices_of, reject_choices
from api.console.visit import Visit
from recommender.bootstrap import now
from recommender.domain.case_lists import CaseLine
from recommender.domain.errors import NotFound
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.domain.paging import Page
from recommender.domain.workflow import CaseState
from recommender.matching.messages import PART_LABELS
from recommender.services.review.dossiers import Dossier

PAGE: Final = "review"
"""Under which name views of the desk are kept."""

MOST: Final = 1000
"""Counts of views end here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One view above the queue; ``n`` is :data:`MOST` for that many or more."""

    label: str
    href: str
    hint: str
    n: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Ids of the matches before and after the open one, ``""`` at the ends."""

    before: str = ""
    after: str = ""


def desk_of(visit: Visit, address: DeskAddress, **more: Any) -> dict[str, Any]:
    """Everything that the template of the desk needs.

    Raises:
        InvalidInput: the cursor is of another list.
    """
    found = visit.served.queue.page(visit.actor, address.wanted(), address.request)
    opened = address.case or (found.items[0].case.id if found.items else "")
    return {
        "address": address,
        "found": found,
        "tabs": tabs_of(visit, address),
        "views": visit.served.saved_views.of(visit.actor, PAGE),
        "sorts": [(name, zh.SORT_LABELS[name]) for name in sorts_of(address.view)],
        "sources": [(kind.value, KIND_LABELS[kind]) for kind in SOURCES],
        "targets": [(kind.value, KIND_LABELS[kind]) for kind in TARGETS],
        "empty": empty_of(address),
        "most": MOST,
        "conditions": conditions_of(address),
        "reject": reject_choices(),
        "pushed": zh.AND_PUSH.format(step=zh.STEP_LABELS[CaseState.CONFIRMED]),
        **case_of(visit, address, opened, found),
        **more,
    }


def case_of(visit: Visit, address: DeskAddress, opened: str, found: Page[CaseLine] | None) -> dict[str, Any]:
    """What the template of one case needs; a case that is gone is said to be gone."""
    context: dict[str, Any] = {
        "address": address,
        "opened": opened,
        "dossier": None,
        "gone": "",
        "choices": Choices(),
        "beside": neighbours(found.items if found else (), opened),
        "now": now(),
        "thresholds": visit.served.review_settings.thresholds,
        "part_labels": PART_LABELS,
        "typed": {},
    }
    if not opened:
        return context
    try:
        dossier = visit.served.dossiers.get(visit.actor, opened)
    except NotFound as error:
        return context | {"gone": str(error)}
    return context | {"dossier": dossier, "choices": choices_for(visit, dossier)}


def choices_for(visit: Visit, dossier: Dossier) -> Choices:
    """The buttons under a case."""
    return choices_of(dossier.case, dossier.detail.steps, visit.actor.id)


def tabs_of(visit: Visit, address: DeskAddress) -> list[Tab]:
    """The views with how much each holds under the same filters."""
    settings = visit.served.review_settings
    views = list(zh.VIEW_LABELS)
    counts = visit.served.queue.counts(visit.actor, [address.wanted(view) for view in views], most=MOST)
    return [
        Tab(
            label=zh.VIEW_LABELS[view],
            href=address.to_view(view),
            hint=zh.VIEW_HINTS[view].format(high=settings.high_score, low=settings.low_score),
            n=n,
            is_current=view is address.view,
        )
        for view, n in zip(views, counts, strict=True)
    ]


def conditions_of(address: DeskAddress) -> list[tuple[str, str]]:
    """The filters in force: what each says, and the address without it."""
    return [
        (f"{zh.FILTER_LABELS[name]}{_shown(name, value)}", address.without(name))
        for name, value in address.filters.items()
    ]


def _shown(name: str, value: str) -> str:
    match name:
        case "source" | "kind":
            return f"：{KIND_LABELS[EntityKind(value)]}" if name == "kind" else KIND_LABELS[EntityKind(value)]
        case "low" | "high":
            return f" {int(value) / 100:.2f}"
    return f"：{value}"


def empty_of(address: DeskAddress) -> dict[str, str]:
    """What an empty queue says, and where it leads."""
    if address.filters:
        title, text = zh.EMPTY_FILTERED
        return {"title": title, "text": text, "href": address.without(*address.filters), "link": zh.CLEAR}
    title, text = zh.EMPTY[address.view]
    other = zh.ANOTHER_VIEW[address.view]
    return {"title": title, "text": text, "href": address.to_view(other), "link": zh.VIEW_LABELS[other]}


def neighbours(lines: Sequence[CaseLine], opened: str) -> Neighbours:
    """The matches around one in the queue; from one that is not in it one goes on to the first."""
    ids = [line.case.id for line in lines]
    if opened not in ids:
        return Neighbours(after=ids[0] if ids else "")
    place = ids.index(opened)
    return Neighbours(
        before=ids[place - 1] if place else "", after=ids[place + 1] if place + 1 < len(ids) else ""
    )
