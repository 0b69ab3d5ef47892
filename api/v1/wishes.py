"""Operations on wishes (意向): what an enterprise says of whom it is shown for a need."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path

from api import messages as zh
from api.problems import documented
from api.security.access import allowed
from api.traffic.lanes import MATCHES
from api.v1.dependencies import Served, require_json
from api.v1.schemas_wishes import WishesOut, WishIn, WishLineOut, WishOut, WishUndoIn
from recommender.domain.accounts import Actor, Permission

_CHANGED: Final = documented(400, 409, 413, 415)
_AS_JSON: Final = [Depends(require_json)]
router = APIRouter(tags=[zh.TAG_CASES], responses=documented(401, 403, 404, 422, 429, 500, 503))

_Reader = Annotated[Actor, allowed(Permission.CASES_READ)]
_Answerer = Annotated[Actor, allowed(Permission.CASES_ANSWER)]
_NeedId = Annotated[str, Path(title="需求编号", description="需求编号", examples=["XQ-1"])]


@router.get(
    "/needs/{need_id:path}/wishes",
    summary="需求的意向",
    description="企业为一条需求表示过的有意与无意，以及审核员处理到哪一步。",
    response_description="意向与进展",
)
def list_wishes(need_id: _NeedId, served: Served, actor: _Reader) -> WishesOut:
    """What is said for a need."""
    return WishesOut(items=list(map(WishLineOut.of, served.wishes.of_need(actor, need_id))))


@router.post(
    "/needs/{need_id:path}/wishes",
    summary="表示意向",
    description="对看到的专家、创新平台或成果表示有意或无意。有意的排在审核员队列的最前，推送时随即成为“企业有意”；"
    "无意的不再推荐。推送之后在对接中答复。审核员也可以代为记录。",
    response_description="现在的意向",
    responses=_CHANGED,
    dependencies=_AS_JSON,
    openapi_extra=MATCHES,
)
def say_wish(need_id: _NeedId, body: WishIn, served: Served, actor: _Answerer) -> WishOut:
    """Say whether an enterprise wants somebody."""
    return WishOut.of(served.wishes.say(actor, need_id, body.draft(), version=body.version))


@router.post(
    "/needs/{need_id:path}/wishes/undo",
    summary="撤销意向",
    description="撤销自己最近一次表示的意向，有时限；此前的意向恢复有效。",
    response_description="现在的意向",
    responses=_CHANGED,
    dependencies=_AS_JSON,
)
def undo_wish(need_id: _NeedId, body: WishUndoIn, served: Served, actor: _Answerer) -> WishOut:
    """Take back what was said last."""
    return WishOut.of(served.wishes.undo(actor, body.pair(need_id), version=body.version))
