"""Operations that match: free text, a stored need, and the other side of the cloth."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api import messages as zh
from api.problems import documented
from api.security.access import allowed
from api.traffic.lanes import MATCHES
from api.v1.dependencies import Served, require_json
from api.v1.mapping import match_answer, match_request
from api.v1.schemas import (
    DEMAND_DEFAULT,
    MAX_FILTERS,
    NO_FILTERS,
    SUPPLY_DEFAULT,
    DemandKind,
    FilterText,
    SupplyKind,
)
from api.v1.schemas_matches import (
    DEMAND_KIND_DESCRIPTION,
    FILTER_DESCRIPTION,
    K_DESCRIPTION,
    KIND_DESCRIPTION,
    MAX_KINDS,
    MatchAnswerOut,
    MatchTextIn,
)
from recommender.domain.accounts import Actor, Permission

router = APIRouter(tags=[zh.TAG_MATCH])

_MayMatch = Annotated[Actor, allowed(Permission.MATCH)]

_K = Annotated[
    int, Query(title="条数", description=K_DESCRIPTION, examples=[10], json_schema_extra={"minimum": 1})
]
_Filters = Annotated[
    list[FilterText],
    Query(
        alias="filter",
        title="筛选条件",
        description=f"{FILTER_DESCRIPTION}。可重复",
        examples=[["区域=苏州"]],
        max_length=MAX_FILTERS,
    ),
]
_SupplyKinds = Annotated[
    list[SupplyKind],
    Query(alias="kind", title="匹配对象", description=f"{KIND_DESCRIPTION}。可重复", max_length=MAX_KINDS),
]
_DemandKinds = Annotated[
    list[DemandKind],
    Query(alias="kind", title="匹配对象", description=f"{DEMAND_KIND_DESCRIPTION}。可重复", max_length=MAX_KINDS),
]


@router.post(
    "/match",
    summary="用自由文本匹配",
    description="输入一条未登记的需求，得到专家、创新平台与成果的排序、理由和依据。请求的文字不保存。",
    response_description="匹配结果",
    responses=documented(400, 413, 415, 422, 500, 503),
    dependencies=[Depends(require_json)],
    openapi_extra=MATCHES,
)
def match_text(body: MatchTextIn, actor: _MayMatch, served: Served) -> MatchAnswerOut:
    """Match a need that is not stored."""
    request = match_request(body.kinds, body.k, body.filters)
    return match_answer(served.matching.match_text(actor, body.title, body.text, request))


@router.get(
    "/needs/{need_id:path}/matches",
    summary="为已登记的需求匹配",
    description="为一条已登记的需求匹配专家、创新平台与成果；所属企业、产业链、合作方式、期望成熟度也计入排序，回避关系等规则生效。",
    response_description="匹配结果",
    responses=documented(404, 422, 500, 503),
    openapi_extra=MATCHES,
)
def match_need(
    need_id: Annotated[str, Path(title="需求编号", description="需求编号", examples=["XQ-1"])],
    actor: _MayMatch,
    served: Served,
    kinds: _SupplyKinds = SUPPLY_DEFAULT,
    k: _K = 10,
    filters: _Filters = NO_FILTERS,
) -> MatchAnswerOut:
    """Match a stored need."""
    request = match_request(kinds, k, filters)
    return match_answer(served.matching.match_need(actor, need_id, request))


@router.get(
    "/achievements/{achievement_id:path}/matches",
    summary="为成果匹配企业与需求",
    description="反过来看：一项成果可能用在哪些企业、解决哪些已登记的需求。",
    response_description="匹配结果",
    responses=documented(404, 422, 500, 503),
    openapi_extra=MATCHES,
)
def match_achievement(
    achievement_id: Annotated[str, Path(title="成果编号", description="成果编号", examples=["LW-1"])],
    actor: _MayMatch,
    served: Served,
    kinds: _DemandKinds = DEMAND_DEFAULT,
    k: _K = 10,
    filters: _Filters = NO_FILTERS,
) -> MatchAnswerOut:
    """Match a stored achievement with those who could use it."""
    return match_answer(
        served.matching.match_achievement(actor, achievement_id, match_request(kinds, k, filters))
    )
