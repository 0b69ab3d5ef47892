"""Operations on needs: list, draft, edit, and take from state to state."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query

from api import messages as zh
from api.etags import NOT_MODIFIED, ChangedVersions, ExpectedVersion, ReadVersions
from api.problems import documented
from api.security.access import allowed
from api.v1.dependencies import Served, require_json
from api.v1.paging import PageOut, paged
from api.v1.schemas import Text
from api.v1.schemas_entities import NeedOut
from api.v1.schemas_needs import (
    NeedChangeIn,
    NeedDetailOut,
    NeedIn,
    NeedLineOut,
    NeedProgressOut,
    NeedStepIn,
    TimelineOut,
    TransitionOut,
    VersionIn,
)
from api.v1.vocabularies import NeedStateValue
from recommender.domain.accounts import Actor, Permission
from recommender.domain.entities import fingerprint
from recommender.domain.need_lists import NeedFilter, NeedSort
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import NeedState

_ERRORS: Final = documented(401, 403, 404, 422, 429, 500, 503)
_BODY: Final = documented(400, 413, 415)
_AS_JSON: Final = [Depends(require_json)]
router = APIRouter(tags=[zh.TAG_NEEDS], responses=_ERRORS)

_Reader = Annotated[Actor, allowed(Permission.NEEDS_READ)]
_Writer = Annotated[Actor, allowed(Permission.NEEDS_WRITE)]
_NeedId = Annotated[str, Path(title="需求编号", description="需求编号", examples=["XQ-1"])]
_MAX_TEXT: Final = 100


def text_query(title: str, description: str) -> Any:
    """A condition in the query of a list."""
    return Query(title=title, description=description, max_length=_MAX_TEXT)


@router.get(
    "/needs",
    summary="需求列表",
    description="当前账号能看到的需求及其状态，可按状态、产业链、区镇等筛选。导入后未经处理的需求计为已发布。",
    response_description="一页需求",
)
def list_needs(
    served: Served,
    actor: _Reader,
    page: Annotated[PageRequest, paged(*NeedSort)],
    states: Annotated[
        list[NeedStateValue],
        Query(alias="state", title="状态", description="只看这些状态，可重复", max_length=len(NeedState)),
    ] = [],  # noqa: B006
    text: Annotated[Text, text_query("关键词", "名称或描述包含的文字")] = "",
    chain: Annotated[Text, text_query("产业链", "产业链包含的文字")] = "",
    town: Annotated[Text, text_query("区镇", "企业所在区镇包含的文字")] = "",
    enterprise: Annotated[Text, text_query("企业", "统一社会信用代码")] = "",
    filed_by: Annotated[Text, text_query("填写人", "填写需求的账号")] = "",
) -> PageOut[NeedLineOut]:
    """Needs with where they stand."""
    wanted = NeedFilter(
        states=frozenset(states),
        text=text,
        industry_chain=chain,
        town=town,
        enterprise_code=enterprise,
        filed_by=filed_by,
    )
    found = served.needs.page(actor, wanted, page)
    return PageOut[NeedLineOut](items=list(map(NeedLineOut.of, found.items)), next_cursor=found.next_cursor)


@router.post(
    "/needs",
    summary="新建需求",
    description="存为草稿，编号由系统给出。企业账号只为本企业填写；审核员须写明负责范围内的企业。",
    response_description="草稿与可走的步骤",
    status_code=201,
    responses=_BODY,
    dependencies=_AS_JSON,
)
def create_need(body: NeedIn, served: Served, actor: _Writer, versions: ChangedVersions) -> NeedDetailOut:
    """Write a draft."""
    detail = served.needs.create(actor, body.content())
    versions.show(detail.record_version)
    return NeedDetailOut.of(detail)


@router.get(
    "/needs/{need_id:path}/progress",
    summary="需求的进度",
    description="需求所处的状态、期限，以及当前账号现在可以走的步骤。",
    response_description="进度",
)
def get_need_progress(need_id: _NeedId, served: Served, actor: _Reader) -> NeedProgressOut:
    """Where a need stands."""
    detail = served.needs.get(actor, need_id)
    return NeedProgressOut.of(detail.progress, detail.steps)


@router.get(
    "/needs/{need_id:path}/timeline",
    summary="需求的时间线",
    description="需求走过的每一步：谁、何时、从哪里到哪里、原因与备注。",
    response_description="时间线",
)
def get_need_timeline(need_id: _NeedId, served: Served, actor: _Reader) -> TimelineOut:
    """Every step of a need."""
    return TimelineOut(items=list(map(TransitionOut.of, served.needs.timeline(actor, need_id))))


@router.post(
    "/needs/{need_id:path}/steps",
    summary="走下一步",
    description="提交、发布、退回、撤回、关闭等。步骤不允许或已被他人处理时答复 409，并说明现在可以做什么。",
    response_description="需求与新的进度",
    responses=_BODY | documented(409),
    dependencies=_AS_JSON,
)
def move_need(need_id: _NeedId, body: NeedStepIn, served: Served, actor: _Writer) -> NeedDetailOut:
    """Take a need one step further."""
    detail = served.needs.move(actor, need_id, body.to, version=body.version, reason=body.reason, note=body.note)
    return NeedDetailOut.of(detail)


@router.post(
    "/needs/{need_id:path}/undo",
    summary="撤销最近的一步",
    description="撤销自己最近走的一步，有时限；随之取消的对接一并恢复。",
    response_description="需求与恢复后的进度",
    responses=_BODY | documented(409),
    dependencies=_AS_JSON,
)
def undo_need(need_id: _NeedId, body: VersionIn, served: Served, actor: _Writer) -> NeedDetailOut:
    """Take back one's own last step."""
    served.undo.undo_need(actor, need_id, version=body.version)
    return NeedDetailOut.of(served.needs.get(actor, need_id))


@router.get(
    "/needs/{need_id:path}",
    summary="查看需求",
    description="按编号查看一条需求的内容；响应头 ETag 是它的版本，修改时填入 If-Match。",
    response_description="需求",
    responses=dict(NOT_MODIFIED),
)
def get_need(need_id: _NeedId, served: Served, actor: _Reader, versions: ReadVersions) -> NeedOut:
    """What a need says."""
    detail = served.needs.get(actor, need_id)
    versions.show(detail.record_version, fingerprint(detail.need))
    return NeedOut.model_validate(detail.need)


@router.patch(
    "/needs/{need_id:path}",
    summary="修改需求",
    description="只改写明的字段；须在请求头 If-Match 中写明所依据的版本。发布之后只有审核员可以修改。",
    response_description="修改后的需求与进度",
    responses=_BODY | documented(409, 412, 428),
    dependencies=_AS_JSON,
)
def change_need(
    need_id: _NeedId,
    body: NeedChangeIn,
    served: Served,
    actor: _Writer,
    expected: ExpectedVersion,
    versions: ChangedVersions,
) -> NeedDetailOut:
    """Change what a need says."""
    detail = served.needs.edit(actor, need_id, body.content(), record_version=expected)
    versions.show(detail.record_version)
    return NeedDetailOut.of(detail)
