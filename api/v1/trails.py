"""Operations that look back: the audit trail and the processing log."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api import messages as zh
from api.problems import documented
from api.security.access import allowed
from api.v1.dates import Moment
from api.v1.dependencies import Served
from api.v1.paging import PageOut, paged
from api.v1.schemas import Text
from api.v1.schemas_personal import AuditOut, ProcessingOut
from api.v1.vocabularies import ActivityValue
from recommender.domain.accounts import Actor, Permission
from recommender.domain.auditing import AuditFilter
from recommender.domain.paging import PageRequest

router = APIRouter(tags=[zh.TAG_PERSONAL], responses=documented(401, 403, 422, 429, 500, 503))

_Reader = Annotated[Actor, allowed(Permission.AUDIT_READ)]


def _text(title: str, description: str) -> Any:
    return Query(title=title, description=description, max_length=200)


@router.get(
    "/audit",
    summary="审计记录",
    description="谁在何时对什么做了什么，按发生的先后；可按操作人、操作、对象与时间筛选。",
    response_description="一页审计记录",
)
def list_audit(
    served: Served,
    reader: _Reader,
    page: Annotated[PageRequest, paged("number")],
    *,
    actor: Annotated[Text, _text("操作人", "账号、命令行用户或程序")] = "",
    action: Annotated[Text, _text("操作", "操作的开头，例如 personal:")] = "",
    target: Annotated[Text, _text("对象", "对象的编号")] = "",
    since: Annotated[Moment | None, Query(title="从", description="从何时起，须带时区")] = None,
    until: Annotated[Moment | None, Query(title="到", description="到何时止，须带时区")] = None,
) -> PageOut[AuditOut]:
    """Lines of the audit trail."""
    chosen = AuditFilter(actor=actor, action=action, target=target, since=since, until=until)
    found = served.trails.audit(reader, page, chosen)
    return PageOut[AuditOut](items=list(map(AuditOut.of, found.items)), next_cursor=found.next_cursor)


@router.get(
    "/processing",
    summary="处理活动记录",
    description="个人信息被怎样处理过：活动、目的、合法性基础、信息种类与人数。",
    response_description="一页处理活动记录",
)
def list_processing(
    served: Served,
    reader: _Reader,
    page: Annotated[PageRequest, paged("number")],
    *,
    activity: Annotated[ActivityValue | None, Query(title="活动", description="只看这种活动；不填为全部")] = None,
) -> PageOut[ProcessingOut]:
    """Lines of the processing log."""
    found = served.trails.processing(reader, page, activity)
    return PageOut[ProcessingOut](items=list(map(ProcessingOut.of, found.items)), next_cursor=found.next_cursor)
