"""Operations of blind judging: pools, the next item, what is said of it, how far it is, what it tells."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path

from api import messages as zh
from api.problems import documented
from api.security.access import allowed
from api.traffic.lanes import MATCHES
from api.v1.dependencies import Served, require_json
from api.v1.paging import PageOut, paged
from api.v1.schemas_judging import (
    JudgementIn,
    NextTaskOut,
    PairAgreementOut,
    PoolIn,
    PoolOut,
    PoolProgressOut,
    PoolResultsOut,
    SystemFiguresOut,
    TaskOut,
)
from recommender.domain.accounts import Actor, Permission
from recommender.domain.judging import GRADE_LABELS, JudgingPool, PoolProgress
from recommender.domain.kinds import KIND_LABELS
from recommender.domain.paging import PageRequest
from recommender.evaluation.metrics import NDCG
from recommender.evaluation.pooled import SystemFigures
from recommender.services.feedback.judging import PoolDraft
from recommender.services.feedback.tasks import JudgingTask

router = APIRouter(prefix="/judging", tags=[zh.TAG_JUDGING], responses=documented(401, 403, 404, 422, 500, 503))

_Judge = Annotated[Actor, allowed(Permission.FEEDBACK_JUDGE)]
_Manager = Annotated[Actor, allowed(Permission.FEEDBACK_EXPORT)]
_PoolId = Annotated[
    str, Path(title="评判池编号", description="评判池编号", max_length=200, examples=["PC20261128-3fa2c1"])
]
_Number = Annotated[str, Path(title="序号", description="评判项的序号", max_length=20, examples=["1"])]
_MAX_DIGITS: Final = 9
_GRADES: Final = {str(grade): label for grade, label in GRADE_LABELS.items()}


@router.get("/pools", summary="评判池列表", description="评判池，新的在前。", response_description="一页评判池")
def list_judging_pools(
    served: Served, actor: _Judge, page: Annotated[PageRequest, paged("created")]
) -> PageOut[PoolOut]:
    """Pools, newest first."""
    found = served.judging.page(actor, page)
    return PageOut[PoolOut](items=[_pool(pool) for pool in found.items], next_cursor=found.next_cursor)


@router.post(
    "/pools",
    status_code=201,
    summary="建立评判池",
    description="请几个系统为选定的需求各提供候选，去重后打乱，供人盲评。"
    "需求多时要几秒到几分钟，也可以用命令 matchmaker judging pool。",
    response_description="新的评判池",
    responses=documented(400, 413, 415),
    dependencies=[Depends(require_json)],
    openapi_extra=MATCHES,
)
def create_judging_pool(body: PoolIn, actor: _Manager, served: Served) -> PoolOut:
    """Make a pool."""
    return _pool(served.judging.create(actor, PoolDraft(**body.model_dump())))


@router.get(
    "/pools/{pool_id}/next",
    summary="取下一项",
    description="当前账号接下来要评判的一项；评判或跳过之前，重复取得到同一项。顺序因人而异，与名次无关。",
    response_description="下一项",
)
def get_judging_task(pool_id: _PoolId, actor: _Judge, served: Served) -> NextTaskOut:
    """The next item for the judge."""
    task = served.judging.next(actor, pool_id)
    return NextTaskOut(task=None if task is None else _task(task), grades=_GRADES)


@router.put(
    "/pools/{pool_id}/items/{item_number}",
    summary="评判一项",
    description="给出等级，或跳过；再次提交即更改自己先前的评判。",
    response_description="评判进度",
    responses=documented(400, 409, 413, 415),
    dependencies=[Depends(require_json)],
)
def put_judgement(
    pool_id: _PoolId, item_number: _Number, body: JudgementIn, actor: _Judge, served: Served
) -> PoolProgressOut:
    """Keep a judgement."""
    return _progress(served.judging.judge(actor, pool_id, _number(item_number), body.grade, body.note))


@router.get(
    "/pools/{pool_id}/progress",
    summary="评判进度",
    description="一个评判池做到了哪里。",
    response_description="评判进度",
)
def get_judging_progress(pool_id: _PoolId, actor: _Judge, served: Served) -> PoolProgressOut:
    """How far a pool is."""
    return _progress(served.judging.progress(actor, pool_id))


@router.get(
    "/pools/{pool_id}/results",
    summary="评判结果",
    description="评判者之间的一致程度，以及各系统在已评候选上的度量。",
    response_description="评判结果",
)
def get_judging_results(pool_id: _PoolId, actor: _Manager, served: Served) -> PoolResultsOut:
    """What a pool tells."""
    found = served.judging.results(actor, pool_id)
    return PoolResultsOut(
        n_shared=found.agreement.n_items,
        alpha=found.agreement.alpha,
        pairs=[PairAgreementOut.model_validate(pair) for pair in found.agreement.pairs],
        systems=[_figures(system) for system in found.systems],
    )


@router.post(
    "/pools/{pool_id}/close",
    summary="结束评判池",
    description="不再接受评判；已经结束的，再次结束没有变化。",
    response_description="评判池",
)
def close_judging_pool(pool_id: _PoolId, actor: _Manager, served: Served) -> PoolOut:
    """End a pool."""
    return _pool(served.judging.close(actor, pool_id))


def _number(text: str) -> int:
    """The number of an item; what is none is the number of no item."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else 0


def _pool(pool: JudgingPool) -> PoolOut:
    return PoolOut(
        id=pool.id,
        title=pool.title,
        created_at=pool.created_at,
        kinds=list(pool.kinds),
        closed_at=pool.closed_at,
    )


def _task(task: JudgingTask) -> TaskOut:
    return TaskOut(
        number=task.number,
        need_title=task.need_title,
        need_text=task.need_text,
        kind=task.kind,
        label=KIND_LABELS[task.kind],
        title=task.title,
        text=task.text,
        works=list(task.works),
        n_left=task.n_left,
    )


def _progress(progress: PoolProgress) -> PoolProgressOut:
    return PoolProgressOut(
        n_items=progress.n_items,
        n_wanted=progress.n_wanted,
        n_done=progress.n_done,
        n_skipped=progress.n_skipped,
        ratio=progress.ratio,
        by_judge=dict(progress.by_judge),
    )


def _figures(system: SystemFigures) -> SystemFiguresOut:
    against = next((line for line in system.against_served if line.metric == NDCG), None)
    return SystemFiguresOut(
        system=system.system,
        kind=system.kind,
        n_queries=system.n_queries,
        figures=dict(system.figures),
        difference=against.difference if against else None,
        p_value=against.p_value if against else None,
    )
