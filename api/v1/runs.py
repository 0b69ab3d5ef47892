"""Operations on runs (夜间批次): looking at them, publishing, going back, and what they suggested to whom."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query

from api import messages as zh
from api.problems import documented
from api.security.access import allowed
from api.v1.dependencies import Served
from api.v1.mapping import match_list
from api.v1.paging import PageOut, paged
from api.v1.schemas import FilterText
from api.v1.schemas_runs import DigestOut, PublishedOut, RunDetailOut, RunOut, StageOut, SuggestionsOut
from recommender.domain.accounts import Actor, Permission
from recommender.domain.kinds import EntityKind
from recommender.domain.paging import PageRequest
from recommender.nightly.sources import Scope
from recommender.services.nightly.explaining import Explanation
from recommender.services.nightly.runs import RunLine

_ERRORS: Final = documented(401, 403, 404, 422, 500, 503)
router = APIRouter(tags=[zh.TAG_RUNS], responses=_ERRORS)
suggestions_router = APIRouter(tags=[zh.TAG_RUNS], responses=_ERRORS)

_Reader = Annotated[Actor, allowed(Permission.RUNS_READ)]
_Manager = Annotated[Actor, allowed(Permission.RUNS_MANAGE)]
_RunId = Annotated[str, Path(title="批次编号", description="批次编号", examples=["20261128T013000-3fa2c1"])]
_Run = Annotated[str, Query(title="批次", description="批次编号；不填为已发布的批次", max_length=200)]
_MAX_CHANGES: Final = 1000


@router.get(
    "/runs",
    summary="批次列表",
    description="夜间与手动批次，新的在前。",
    response_description="一页批次",
)
def list_runs(served: Served, actor: _Reader, page: Annotated[PageRequest, paged("newest")]) -> PageOut[RunOut]:
    """Runs, newest first."""
    found = served.runs.page(actor, page)
    return PageOut[RunOut](items=[_line(line) for line in found.items], next_cursor=found.next_cursor)


@router.get(
    "/runs/published",
    summary="查看已发布的批次",
    description="现在看到的推荐来自哪个批次，以及它的详情。",
    response_description="批次详情",
)
def get_published_run(served: Served, _actor: _Reader) -> RunDetailOut:
    """The run that readers see."""
    return _detail(served, None)


@router.post(
    "/runs/rollback",
    summary="退回前一个批次",
    description="让推荐回到前一次发布的批次。",
    response_description="现在发布的批次",
    responses=documented(409),
)
def roll_back_run(served: Served, actor: _Manager) -> PublishedOut:
    """Let readers see again what they saw before."""
    return PublishedOut.model_validate(served.runs.roll_back(actor=actor))


@router.get(
    "/runs/{run_id}",
    summary="查看批次",
    description="一个批次的状态、进度、用时与推荐分布。",
    response_description="批次详情",
)
def get_run(run_id: _RunId, served: Served, _actor: _Reader) -> RunDetailOut:
    """One run."""
    return _detail(served, run_id)


@router.post(
    "/runs/{run_id}/publish",
    summary="发布批次",
    description="让推荐来自这个批次。只有已完成、针对全市的批次可以发布。",
    response_description="现在发布的批次",
    responses=documented(409),
)
def publish_run(run_id: _RunId, served: Served, actor: _Manager) -> PublishedOut:
    """Let readers see a run."""
    return PublishedOut.model_validate(served.runs.publish(run_id, actor=actor))


@router.get(
    "/runs/{run_id}/digest",
    summary="批次的变化",
    description="与前一个批次相比，查看范围内的推荐有什么新增、变好、不再推荐。",
    response_description="变化摘要",
)
def get_run_digest(
    *,
    run_id: _RunId,
    served: Served,
    actor: _Reader,
    enterprise: Annotated[
        str, Query(title="企业", description="只看一家企业：统一社会信用代码", max_length=200)
    ] = "",
    scopes: Annotated[
        list[FilterText] | None,
        Query(
            alias="scope",
            title="范围",
            description="写作 区镇=杨舍镇 或 产业链=纺织；可重复",
            examples=[["区镇=杨舍镇"]],
            max_length=3,
        ),
    ] = None,
    limit: Annotated[
        int, Query(title="条数", description="最多列出多少处变化", ge=0, le=_MAX_CHANGES, examples=[200])
    ] = 200,
) -> DigestOut:
    """What changed since the run before."""
    scope = Scope.parse(scopes or ())
    found = served.runs.digest(run_id, enterprise=enterprise or None, scope=scope, limit=limit, actor=actor)
    return DigestOut.model_validate(found)


@suggestions_router.get(
    "/needs/{need_id:path}/suggestions",
    summary="需求的推荐",
    description="批次给一条需求的推荐，名次与得分是当时的；现在不可推荐的不列出，已有决定而不再推荐的另有提示。",
    response_description="推荐",
)
def get_need_suggestions(
    need_id: Annotated[str, Path(title="需求编号", description="需求编号", examples=["XQ-1"])],
    served: Served,
    actor: Annotated[Actor, allowed(Permission.NEEDS_READ)],
    run: _Run = "",
) -> SuggestionsOut:
    """What a run suggested to a need."""
    return _suggestions(served.explanations.explain(actor, need_id, run or None, source_kind=EntityKind.NEED))


@suggestions_router.get(
    "/enterprises/{code:path}/suggestions",
    summary="企业的推荐",
    description="批次给一家没有登记需求的企业的推荐，依据它的产品与经营范围。",
    response_description="推荐",
)
def get_enterprise_suggestions(
    code: Annotated[str, Path(title="统一社会信用代码", description="统一社会信用代码")],
    served: Served,
    actor: Annotated[Actor, allowed(Permission.LIBRARY_READ)],
    run: _Run = "",
) -> SuggestionsOut:
    """What a run suggested to an enterprise."""
    return _suggestions(served.explanations.explain(actor, code, run or None, source_kind=EntityKind.ENTERPRISE))


@suggestions_router.get(
    "/achievements/{achievement_id:path}/suggestions",
    summary="成果的推荐",
    description="批次认为可能用得上一项成果的企业；不在查看范围内的企业不列出。",
    response_description="推荐",
)
def get_achievement_suggestions(
    achievement_id: Annotated[str, Path(title="成果编号", description="成果编号", examples=["LW-1"])],
    served: Served,
    actor: Annotated[Actor, allowed(Permission.LIBRARY_READ)],
    run: _Run = "",
) -> SuggestionsOut:
    """What a run suggested to an achievement."""
    found = served.explanations.explain(actor, achievement_id, run or None, source_kind=EntityKind.ACHIEVEMENT)
    return _suggestions(found)


def _line(line: RunLine) -> RunOut:
    return RunOut.model_validate(_fields_of(line))


def _fields_of(line: RunLine) -> dict[str, Any]:
    run = line.run
    return {
        name: line.is_published if name == "is_published" else getattr(run, name) for name in RunOut.model_fields
    }


def _detail(served: Served, run_id: str | None) -> RunDetailOut:
    detail = served.runs.show(run_id)
    run = detail.run
    stages = [
        StageOut(stage=stage, n_shards=done.n_shards, n_done=done.n_done, n_quarantined=done.n_quarantined)
        for stage, done in detail.progress.items()
    ]
    return RunDetailOut(
        **_fields_of(RunLine(run, detail.is_published)),
        snapshot_id=run.snapshot_id,
        encoder_id=run.encoder_id,
        configuration_hash=run.configuration_hash,
        n_suggestions=detail.n_suggestions,
        stages=stages,
        report=run.report,
    )


def _suggestions(found: Explanation) -> SuggestionsOut:
    return SuggestionsOut(
        run_id=found.run.id,
        title=found.title,
        lists=[match_list(part) for part in found.lists],
        notes=list(found.notes),
    )
