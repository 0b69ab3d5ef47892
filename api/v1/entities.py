"""Operations that show one entity of the library by its id."""

from typing import Annotated

from fastapi import APIRouter, Path

from api import messages as zh
from api.etags import NOT_MODIFIED, ReadVersions, Versions
from api.problems import documented
from api.security.access import allowed
from api.v1.dependencies import Served
from api.v1.schemas_entities import AchievementOut, EnterpriseOut, ExpertOut, PlatformOut
from recommender.bootstrap import Application
from recommender.domain.accounts import Actor, Permission
from recommender.domain.entities import Entity, fingerprint
from recommender.domain.kinds import EntityKind

router = APIRouter(tags=[zh.TAG_LIBRARY], responses=documented(404, 422, 500, 503) | dict(NOT_MODIFIED))

_MayRead = Annotated[Actor, allowed(Permission.LIBRARY_READ)]


@router.get(
    "/enterprises/{code:path}",
    summary="查看企业",
    description="按统一社会信用代码查看一家企业。",
    response_description="企业",
)
def get_enterprise(
    code: Annotated[str, Path(title="统一社会信用代码", description="统一社会信用代码")],
    actor: _MayRead,
    served: Served,
    versions: ReadVersions,
) -> EnterpriseOut:
    """One enterprise."""
    return EnterpriseOut.model_validate(_shown(served, actor, EntityKind.ENTERPRISE, code, versions))


@router.get(
    "/experts/{expert_id:path}",
    summary="查看专家",
    description="按编号查看一位专家的公开信息，姓名等按掩码显示；已撤回同意的专家按没有这个编号处理。",
    response_description="专家",
)
def get_expert(
    expert_id: Annotated[str, Path(title="专家编号", description="专家编号")],
    actor: _MayRead,
    served: Served,
    versions: ReadVersions,
) -> ExpertOut:
    """What is public of one expert."""
    return ExpertOut.model_validate(_shown(served, actor, EntityKind.EXPERT, expert_id, versions))


@router.get(
    "/platforms/{platform_id:path}",
    summary="查看创新平台",
    description="按编号查看一个创新平台。",
    response_description="创新平台",
)
def get_platform(
    platform_id: Annotated[str, Path(title="平台编号", description="平台编号")],
    actor: _MayRead,
    served: Served,
    versions: ReadVersions,
) -> PlatformOut:
    """One innovation platform."""
    return PlatformOut.model_validate(_shown(served, actor, EntityKind.PLATFORM, platform_id, versions))


@router.get(
    "/achievements/{achievement_id:path}",
    summary="查看成果",
    description="按编号查看一项成果。",
    response_description="成果",
)
def get_achievement(
    achievement_id: Annotated[str, Path(title="成果编号", description="成果编号")],
    actor: _MayRead,
    served: Served,
    versions: ReadVersions,
) -> AchievementOut:
    """One achievement."""
    return AchievementOut.model_validate(_shown(served, actor, EntityKind.ACHIEVEMENT, achievement_id, versions))


def _shown(served: Application, actor: Actor, kind: EntityKind, id: str, versions: Versions) -> Entity:
    """An entity as the actor sees it, marked with its version and with what they see of it."""
    found = served.library.get_versioned(actor, kind, id)
    versions.show(found.version, fingerprint(found.record))
    return found.record
