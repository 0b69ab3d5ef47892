"""What the template of the guided form shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.console.messages import needs as zh
from api.console.pages.needs.need_form import rows_of
from api.console.pages.needs.values import Merge, Value, digests, values_of
from api.console.visit import Visit
from recommender.domain.accounts import Permission
from recommender.domain.entities import Enterprise, Need
from recommender.domain.kinds import EntityKind
from recommender.domain.workflow import EDITABLE_NEED_STATES, REVIEWER_EDITABLE_NEED_STATES, NeedState
from recommender.services.intake import IntakeReview
from recommender.services.review.needs import NeedDetail

_N_EMPTY_ROWS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The form with what stands in it.

    Attributes:
        detail: the stored need, ``None`` for a new one.
        values: of its fields.
        owner: what was typed as the enterprise of a new need.
        faults: sentences about fields.
        opened: what the form was opened with, ``""`` where it is opened now.
        merge: where somebody else was faster.
        review: advice on what was typed and the draft that it is about, where these were asked for.
        more_rows: whether more empty rows are wanted than usual.
    """

    detail: NeedDetail | None
    values: Mapping[str, Value]
    owner: str = ""
    faults: Mapping[str, str] | None = None
    opened: str = ""
    merge: Merge | None = None
    review: tuple[IntakeReview, Need] | None = None
    more_rows: bool = False


def blank() -> Paper:
    """The form of a new need."""
    return Paper(detail=None, values=values_of(Need(id="", title="")))


def stored(detail: NeedDetail) -> Paper:
    """The form of a stored need."""
    return Paper(detail=detail, values=values_of(detail.need))


def context(visit: Visit, paper: Paper) -> dict[str, Any]:
    """Everything that the template names."""
    detail = paper.detail
    need = detail.need if detail is not None else None
    reviews = visit.actor.may(Permission.NEEDS_REVIEW)
    dossier = visit.served.need_overview.get(visit.actor, need.id) if need is not None else None
    review, draft = paper.review or (None, need)
    listed = paper.values["indicators"]
    return {
        "detail": detail,
        "dossier": dossier,
        "values": paper.values,
        "owner": paper.owner,
        "rows": rows_of(listed, n_empty=_N_EMPTY_ROWS + (1 if paper.more_rows else 0)),
        "opened": paper.opened or digests(paper.values),
        "record_version": detail.record_version if detail is not None else 0,
        "faults": paper.faults or {},
        "merge": paper.merge,
        "reviews": reviews,
        "is_editable": detail is None or may_edit(detail.progress.state, reviews=reviews),
        "may_submit": detail is None or any(step.target is NeedState.SUBMITTED for step in detail.steps),
        "examples": _examples(visit, need),
        "chains": [industry.name for industry in visit.served.intake_knowledge.industries if industry.name],
        "advice": review or (dossier.check if dossier is not None else None),
        "similar": review,
        "draft": draft,
        "listed": listed,
        "zh": zh,
    }


def may_edit(state: NeedState, *, reviews: bool) -> bool:
    """Whether what a need says may be changed where it stands."""
    return state in (REVIEWER_EDITABLE_NEED_STATES if reviews else EDITABLE_NEED_STATES)


def _examples(visit: Visit, need: Need | None) -> Mapping[str, str]:
    """Well-put answers from the trade of the need, or of the enterprise that writes it."""
    chain, title, text = (need.industry_chain, need.title, need.text) if need is not None else ("", "", "")
    if not chain and visit.actor.enterprise_code:
        owner = visit.served.library.get(visit.actor, EntityKind.ENTERPRISE, visit.actor.enterprise_code)
        chain = owner.industry_chain if isinstance(owner, Enterprise) else ""
    industry = visit.served.intake_knowledge.industry_of(chain, title, text)
    return {part.value: f"{example.rstrip('。')}。" for part, example in industry.examples.items()}
