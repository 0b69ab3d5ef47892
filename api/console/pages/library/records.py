"""One record of the library: what is known of it, what stands behind it, what came of it, what was done to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.filters import path_id, when
from api.console.messages import library as zh
from api.console.pages.library.kinds import ListedKind
from api.console.visit import Submission, Visit
from recommender.domain.accounts import Actor, Permission
from recommender.domain.case_lists import CaseFilter, CaseLine, CaseView
from recommender.domain.errors import MatchmakerError
from recommender.domain.facts import EnterpriseFact, FactIndicator
from recommender.domain.kinds import EntityKind
from recommender.domain.library_details import WorkFilter
from recommender.domain.need_lists import NeedFilter
from recommender.domain.paging import PageRequest
from recommender.domain.personal import PERSON_KINDS
from recommender.services.record_sheets import sheet_of

N_WORKS: Final = 15
_N_CASES: Final = 50
_FIRST: Final = "overview"
_TABS: Final = {
    EntityKind.EXPERT: (_FIRST, "works", "relations", "history"),
    EntityKind.PLATFORM: (_FIRST, "works", "relations", "history"),
    EntityKind.ACHIEVEMENT: (_FIRST, "relations", "history"),
    EntityKind.ENTERPRISE: (_FIRST, "facts", "needs", "relations", "history"),
}

router = APIRouter(prefix="/library")


@router.post("/{kind}/reveal/{id:path}")
def reveal(sent: Annotated[Submission, form(Permission.REVEAL)], kind: ListedKind, id: str) -> Response:
    """Show what is masked, for a purpose."""
    purpose = sent.fields.text("purpose")
    try:
        shown = sent.served.reveals.reveal(sent.actor, kind, id, purpose)
    except MatchmakerError as error:
        return sent.again("library/record.html", error, **_record(sent, kind, id, purpose=purpose))
    to = f"/console/library/{kind.value}/{path_id(shown.id)}"
    return sent.go(to, notice=zh.REVEALED.format(until=when(shown.valid_until)))


@router.get("/{kind}/{id:path}")
def show_record(visit: Annotated[Visit, page(Permission.LIBRARY_READ)], kind: ListedKind, id: str) -> Response:
    """One record."""
    return visit.render("library/record.html", **_record(visit, kind, id))


def _record(visit: Visit, kind: EntityKind, id: str, *, purpose: str = "") -> dict[str, Any]:
    served, actor = visit.served, visit.actor
    record = served.library.get(actor, kind, id)
    tabs = [tab for tab in _TABS[kind] if tab != "history" or actor.may(Permission.LIBRARY_WRITE)]
    wanted = visit.request.query_params.get("tab", _FIRST)
    tab = wanted if wanted in tabs else _FIRST
    return {
        "kind": kind,
        "record": record,
        "groups": sheet_of(record, actor),
        "tabs": tabs,
        "tab": tab,
        "purpose": purpose,
        "is_person": kind in PERSON_KINDS,
        "open_until": served.library_details.open_until(actor, kind, record.id) if kind in PERSON_KINDS else None,
        **_beside(visit, kind, record.id),
        **_of_tab(visit, kind, record.id, tab),
    }


def _beside(visit: Visit, kind: EntityKind, id: str) -> dict[str, Any]:
    """What every tab shows."""
    served, actor = visit.served, visit.actor
    is_expert = kind is EntityKind.EXPERT
    consent = served.consents.of(actor, id) if is_expert and actor.may(Permission.CONSENT_RECORD) else None
    works = None
    if kind in PERSON_KINDS:
        given = visit.request.query_params
        wanted = WorkFilter(given.get("w", "").strip(), given.get("type", ""))
        request = PageRequest(limit=N_WORKS, cursor=given.get("cursor", ""))
        works = served.library_details.works(actor, kind, id, wanted, request)
    written = served.library_details.written(actor, kind, id)
    return {"consent": consent, "works": works, "written": written}


def _of_tab(visit: Visit, kind: EntityKind, id: str, tab: str) -> dict[str, Any]:
    served, actor = visit.served, visit.actor
    match tab:
        case "overview" if kind is EntityKind.ACHIEVEMENT:
            return {"credits": served.library_details.credits(actor, id)}
        case "facts":
            return {"facts": FactTable.of(served.library_details.facts(actor, id))}
        case "needs":
            request = PageRequest(limit=_N_CASES, sort="-updated")
            return {"needs": served.needs.page(actor, NeedFilter(enterprise_code=id), request).items}
        case "relations":
            return {
                "cases": _cases(visit, actor, kind, id),
                "proposed": served.library_details.proposed(actor, kind, id),
            }
        case "history":
            return {"history": served.library_history.of(actor, kind, id)}
    return {}


def _cases(visit: Visit, actor: Actor, kind: EntityKind, id: str) -> Sequence[CaseLine]:
    if not actor.may(Permission.CASES_READ):
        return ()
    wanted = CaseFilter(view=CaseView.ALL, target_kind=kind, target_id=id)
    if kind is EntityKind.ENTERPRISE:
        wanted = CaseFilter(view=CaseView.ALL, enterprise_code=id)
    return visit.served.queue.page(actor, wanted, PageRequest(limit=_N_CASES)).items


@dataclass(frozen=True, slots=True)
class FactTable:
    """Yearly facts as a table: a row for each indicator, a column for each year, the latest first."""

    years: tuple[int, ...]
    rows: tuple[tuple[FactIndicator, tuple[EnterpriseFact | None, ...]], ...]

    @classmethod
    def of(cls, facts: Sequence[EnterpriseFact]) -> "FactTable":
        """The table of facts in any order."""
        years = sorted({fact.year for fact in facts}, reverse=True)
        by_place = {(fact.indicator, fact.year): fact for fact in facts}
        named = [each for each in FactIndicator if any(each is fact.indicator for fact in facts)]
        return cls(
            tuple(years), tuple((each, tuple(by_place.get((each, year)) for year in years)) for each in named)
        )
