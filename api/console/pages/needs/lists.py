"""Lists of needs: an enterprise's own, and what an officer has to look at."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.console.access import page
from api.console.messages import needs as zh
from api.console.visit import Visit
from recommender.domain.accounts import Permission, Role
from recommender.domain.need_lists import NEED_VIEW_STATES, NeedFilter, NeedSort, NeedView
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import OPEN_NEED_STATES, NeedState

router = APIRouter()
_ROWS: Final = 30
_Text = Annotated[str, Query(max_length=100)]


@router.get("/needs")
def list_needs(
    visit: Annotated[Visit, page(Permission.NEEDS_READ)],
    view: str = "",
    state: str = "",
    text: _Text = "",
    chain: _Text = "",
    town: _Text = "",
    late: str = "",
    sort: str = "",
    cursor: str = "",
) -> Response:
    """Needs that the reader sees, with what waits beside each."""
    is_owner = visit.actor.role is Role.ENTERPRISE
    chosen = NeedView(view) if view in set(NeedView) else NeedView.ALL if is_owner else NeedView.REVIEW
    asked = NeedFilter(
        text=text.strip(),
        industry_chain=chain.strip(),
        town=town.strip(),
        is_overdue=bool(late),
    )
    states = frozenset({NeedState(state)}) if state in set(NeedState) else NEED_VIEW_STATES[chosen]
    order = sort or (f"-{NeedSort.UPDATED}" if is_owner else NeedSort.DUE.value)
    overview = visit.served.need_overview
    counts = overview.views(visit.actor, asked)
    return visit.render(
        "needs/list.html",
        found=overview.page(
            visit.actor, replace(asked, states=states), PageRequest(limit=_ROWS, cursor=cursor, sort=order)
        ),
        counts=counts,
        counts_owner=counts[NeedView.OWNER],
        view=chosen,
        sort=order,
        is_owner=is_owner,
        is_narrowed=bool(text or chain or town or state or late),
        labels=zh.OWNER_VIEW_LABELS if is_owner else zh.VIEW_LABELS,
        open_states=OPEN_NEED_STATES,
        states=[one for one in NeedState if one in NEED_VIEW_STATES[chosen]],
        zh=zh,
    )
