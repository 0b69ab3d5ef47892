"""Operations on the library as a whole: its lists, and correcting single records."""

from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel

from api import messages as zh
from api.etags import ChangedVersions, ExpectedVersion, Versions
from api.problems import documented
from api.security.access import allowed
from api.v1.dependencies import Served, require_json
from api.v1.paging import PageOut, paged
from api.v1.schemas import MAX_FILTERS, NO_FILTERS, FilterText
from api.v1.schemas_edits import AchievementEditIn, EditIn, EnterpriseEditIn, ExpertEditIn, PlatformEditIn
from api.v1.schemas_entities import AchievementOut, EnterpriseOut, ExpertOut, PlatformOut
from api.v1.schemas_matches import FILTER_DESCRIPTION
from recommender.bootstrap import Application
from recommender.domain.accounts import Actor, Permission
from recommender.domain.entities import fingerprint
from recommender.domain.filters import Filter
from recommender.domain.kinds import EntityKind
from recommender.domain.listing import MAX_TEXT, ORDERS, Listing
from recommender.domain.paging import PageRequest

Out = TypeVar("Out", bound=BaseModel)

router = APIRouter(tags=[zh.TAG_LIBRARY], responses=documented(401, 403, 422, 500, 503))

_Reader = Annotated[Actor, allowed(Permission.LIBRARY_READ)]
_Editor = Annotated[Actor, allowed(Permission.LIBRARY_WRITE)]
_EDIT: Final[dict[str, Any]] = {
    "responses": documented(400, 404, 412, 413, 415, 428),
    "dependencies": [Depends(require_json)],
}
_EDIT_NOTE: Final = (
    "须在请求头 If-Match 中写明所依据的版本；值与所见的（含遮盖的）相同则不改。重建索引后影响匹配。"
)


async def _listing(
    filters: Annotated[
        list[FilterText],
        Query(
            alias="filter",
            title="筛选条件",
            description=f"{FILTER_DESCRIPTION}。可重复",
            examples=[["区域=苏州"]],
            max_length=MAX_FILTERS,
        ),
    ] = NO_FILTERS,
    text: Annotated[
        str,
        Query(
            title="名称",
            description="名称中包含的文字；按姓名查找专家需要权限 personal.reveal",
            max_length=MAX_TEXT,
            examples=["钢铁"],
        ),
    ] = "",
) -> Listing:
    return Listing(tuple(Filter.parse(item) for item in filters), text.strip())


_Listing = Annotated[Listing, Depends(_listing)]


@router.get(
    "/enterprises",
    summary="企业列表",
    description="企业账号只看到自己的企业，审核员看到负责范围内的企业。",
    response_description="一页企业",
)
def list_enterprises(
    served: Served,
    actor: _Reader,
    listing: _Listing,
    page: Annotated[PageRequest, paged(*ORDERS[EntityKind.ENTERPRISE])],
) -> PageOut[EnterpriseOut]:
    """Enterprises that the actor deals with."""
    return PageOut[EnterpriseOut](**_page(served, actor, EntityKind.ENTERPRISE, listing, page, EnterpriseOut))


@router.get(
    "/experts",
    summary="专家列表",
    description="专家的公开信息，姓名等按掩码显示；不含已撤回同意的专家。",
    response_description="一页专家",
)
def list_experts(
    served: Served,
    actor: _Reader,
    listing: _Listing,
    page: Annotated[PageRequest, paged(*ORDERS[EntityKind.EXPERT])],
) -> PageOut[ExpertOut]:
    """Experts."""
    return PageOut[ExpertOut](**_page(served, actor, EntityKind.EXPERT, listing, page, ExpertOut))


@router.get(
    "/platforms",
    summary="创新平台列表",
    description="资源库中的创新平台。",
    response_description="一页创新平台",
)
def list_platforms(
    served: Served,
    actor: _Reader,
    listing: _Listing,
    page: Annotated[PageRequest, paged(*ORDERS[EntityKind.PLATFORM])],
) -> PageOut[PlatformOut]:
    """Platforms."""
    return PageOut[PlatformOut](**_page(served, actor, EntityKind.PLATFORM, listing, page, PlatformOut))


@router.get(
    "/achievements",
    summary="成果列表",
    description="资源库中的成果；按年份排序时，年份未知的排在最后。",
    response_description="一页成果",
)
def list_achievements(
    served: Served,
    actor: _Reader,
    listing: _Listing,
    page: Annotated[PageRequest, paged(*ORDERS[EntityKind.ACHIEVEMENT])],
) -> PageOut[AchievementOut]:
    """Achievements."""
    return PageOut[AchievementOut](**_page(served, actor, EntityKind.ACHIEVEMENT, listing, page, AchievementOut))


@router.patch(
    "/enterprises/{code:path}",
    summary="修改企业",
    description=f"更正一家企业的资料。{_EDIT_NOTE}",
    response_description="修改后的企业",
    **_EDIT,
)
def edit_enterprise(
    code: Annotated[str, Path(title="统一社会信用代码", description="统一社会信用代码")],
    body: EnterpriseEditIn,
    served: Served,
    actor: _Editor,
    expected: ExpectedVersion,
    versions: ChangedVersions,
) -> EnterpriseOut:
    """Correct an enterprise."""
    return _edited(served, actor, EntityKind.ENTERPRISE, code, body, expected, versions, EnterpriseOut)


@router.patch(
    "/experts/{expert_id:path}",
    summary="修改专家",
    description=f"更正一位专家的资料；同意与撤回另行登记。{_EDIT_NOTE}",
    response_description="修改后的专家",
    **_EDIT,
)
def edit_expert(
    expert_id: Annotated[str, Path(title="专家编号", description="专家编号")],
    body: ExpertEditIn,
    served: Served,
    actor: _Editor,
    expected: ExpectedVersion,
    versions: ChangedVersions,
) -> ExpertOut:
    """Correct an expert."""
    return _edited(served, actor, EntityKind.EXPERT, expert_id, body, expected, versions, ExpertOut)


@router.patch(
    "/platforms/{platform_id:path}",
    summary="修改创新平台",
    description=f"更正一个创新平台的资料。{_EDIT_NOTE}",
    response_description="修改后的创新平台",
    **_EDIT,
)
def edit_platform(
    platform_id: Annotated[str, Path(title="平台编号", description="平台编号")],
    body: PlatformEditIn,
    served: Served,
    actor: _Editor,
    expected: ExpectedVersion,
    versions: ChangedVersions,
) -> PlatformOut:
    """Correct a platform."""
    return _edited(served, actor, EntityKind.PLATFORM, platform_id, body, expected, versions, PlatformOut)


@router.patch(
    "/achievements/{achievement_id:path}",
    summary="修改成果",
    description=f"更正一项成果的资料。{_EDIT_NOTE}",
    response_description="修改后的成果",
    **_EDIT,
)
def edit_achievement(
    achievement_id: Annotated[str, Path(title="成果编号", description="成果编号")],
    body: AchievementEditIn,
    served: Served,
    actor: _Editor,
    expected: ExpectedVersion,
    versions: ChangedVersions,
) -> AchievementOut:
    """Correct an achievement."""
    return _edited(
        served, actor, EntityKind.ACHIEVEMENT, achievement_id, body, expected, versions, AchievementOut
    )


def _page(
    served: Application,
    actor: Actor,
    kind: EntityKind,
    listing: Listing,
    page: PageRequest,
    schema: type[Out],
) -> dict[str, Any]:
    found = served.library.page(actor, kind, listing, page)
    return {"items": [schema.model_validate(item) for item in found.items], "next_cursor": found.next_cursor}


def _edited(
    served: Application,
    actor: Actor,
    kind: EntityKind,
    id: str,
    body: EditIn,
    expected: int,
    versions: Versions,
    schema: type[Out],
) -> Out:
    after = served.library_edits.edit(actor, kind, id, body.changes(), version=expected)
    versions.show(after.version, fingerprint(after.record))
    return schema.model_validate(after.record)
