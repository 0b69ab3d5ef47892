"""Operations on matches (对接): the lists officers work from, and every step from suggestion to evaluation."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query

from api import messages as zh
from api.problems import documented
from api.security.access import allowed
from api.v1.dependencies import Served, require_json
from api.v1.needs import text_query
from api.v1.paging import PageOut, paged
from api.v1.schemas import Text
from api.v1.schemas_cases import CaseDetailOut, CaseOut, ReminderOut
from api.v1.schemas_decisions import MAX_CASE_ID, AnswerIn, BatchIn, BatchOut, DecisionIn, MovedOut, ProposalIn
from api.v1.schemas_needs import TimelineOut, TransitionOut, VersionIn
from api.v1.vocabularies import CaseStateValue, CaseViewValue, KindValue
from recommender.domain.accounts import Actor, Permission
from recommender.domain.case_lists import CaseFilter
from recommender.domain.cases import Pair
from recommender.domain.paging import PageRequest
from recommender.domain.workflow import CaseState
from recommender.services.review.cases import Choice
from recommender.services.review.queue import ORDERS

_ERRORS: Final = documented(401, 403, 404, 422, 429, 500, 503)
_CHANGED: Final = documented(400, 409, 413, 415)
_AS_JSON: Final = [Depends(require_json)]
router = APIRouter(tags=[zh.TAG_CASES], responses=_ERRORS)

_Reader = Annotated[Actor, allowed(Permission.CASES_READ)]
_Reviewer = Annotated[Actor, allowed(Permission.CASES_REVIEW)]
_Answerer = Annotated[Actor, allowed(Permission.CASES_ANSWER)]
CaseId = Annotated[
    str,
    Path(
        title="对接编号",
        description="对接编号，如列表所给",
        examples=["need!XQ-1!expert!ZJ-1"],
        max_length=MAX_CASE_ID,
    ),
]
_BatchId = Annotated[str, Path(title="批量编号", description="批量决定的编号", examples=["3f2a9c0d1e4b5a68"])]
_View = Annotated[
    CaseViewValue | None,
    Query(
        title="看哪些",
        description="unreviewed 待审核的推荐，high_score 其中得分高的，low_confidence 其中得分低的，"
        "wished 企业点名而还没有推送的，mine 我的，my_due 其中即将到期或已逾期的，due 即将到期，overdue 已逾期，"
        "returned 对方未应，open 进行中，all 全部。"
        "前三种取自已发布的批次，只列现在仍可推荐的，可按 list、score 排序，其中 unreviewed 先列企业点名的；"
        "wished 可按 asked（先点名的在前）、score 排序；"
        "其余是有人处理过的，可按 updated、opened、due、score 排序。不填时，审核员为 unreviewed，其他账号为 all",
    ),
]
_Score = Annotated[float | None, Query(ge=0, le=1, title="得分", description="得分界限；不填为不限")]


@router.get(
    "/cases",
    summary="推荐与对接列表",
    description="审核员的工作列表，也是企业查看推送给自己的对接的地方（view=all）。",
    response_description="一页推荐或对接",
)
def list_cases(
    served: Served,
    actor: _Reader,
    page: Annotated[PageRequest, paged(*ORDERS)],
    view: _View = None,
    source_kind: Annotated[
        KindValue | None,
        Query(title="来源类别", description="待审核的推荐：need（默认）、enterprise 或 achievement"),
    ] = None,
    kind: Annotated[
        KindValue | None, Query(title="对象类别", description="expert、platform、achievement 等；不填为全部")
    ] = None,
    states: Annotated[
        list[CaseStateValue],
        Query(alias="state", title="状态", description="只看这些状态，可重复", max_length=len(CaseState)),
    ] = [],  # noqa: B006
    chain: Annotated[Text, text_query("产业链", "产业链包含的文字")] = "",
    town: Annotated[Text, text_query("区镇", "企业所在区镇包含的文字")] = "",
    need: Annotated[Text, text_query("需求", "需求编号")] = "",
    enterprise: Annotated[Text, text_query("企业", "统一社会信用代码")] = "",
    target: Annotated[Text, text_query("对象", "对象的编号")] = "",
    officer: Annotated[Text, text_query("审核员", "负责的账号")] = "",
    min_score: _Score = None,
    max_score: _Score = None,
) -> PageOut[CaseOut]:
    """Matches of a view."""
    wanted = CaseFilter(
        view=view or served.queue.usual_view(actor),
        source_kind=source_kind,
        target_kind=kind,
        town=town,
        industry_chain=chain,
        states=frozenset(states),
        need_id=need,
        enterprise_code=enterprise,
        target_id=target,
        officer=officer,
        min_score=min_score,
        max_score=max_score,
    )
    found = served.queue.page(actor, wanted, page)
    return PageOut[CaseOut](items=list(map(CaseOut.of, found.items)), next_cursor=found.next_cursor)


@router.post(
    "/cases",
    summary="提出对接",
    description="审核员自己想到的对接，直接进入官员审核；对方现在不能推荐时答复 409 并说明原因。",
    response_description="新的对接",
    status_code=201,
    responses=_CHANGED,
    dependencies=_AS_JSON,
)
def propose_case(body: ProposalIn, served: Served, actor: _Reviewer) -> CaseDetailOut:
    """Open a match that an officer thinks of."""
    pair = Pair(body.source_kind, body.source_id, body.target_kind, body.target_id)
    return _detail(served, actor, served.cases.propose(actor, pair).id)


@router.post(
    "/cases/decisions",
    summary="批量决定",
    description="同一步用于多条：全部成功或全部不变；不能处理的逐条列在错误的 errors 中。可以整批撤销。",
    response_description="批量编号与每条的新状态",
    responses=_CHANGED,
    dependencies=_AS_JSON,
)
def decide_cases(body: BatchIn, served: Served, actor: _Reviewer) -> BatchOut:
    """The same step for several matches."""
    choice = Choice(to=body.to, reason=body.reason, note=body.note)
    items = [(item.id, item.version) for item in body.items]
    batch_id, cases = served.cases.decide_many(actor, items, choice)
    return BatchOut(batch_id=batch_id, items=list(map(MovedOut.of, cases)))


@router.post(
    "/case-batches/{batch_id}/undo",
    summary="撤销批量决定",
    description="整批撤销自己的批量决定，有时限；其中任何一条已有后续时全部不变，并逐条列出。",
    response_description="批量编号与每条恢复后的状态",
    responses=documented(409),
)
def undo_batch(batch_id: _BatchId, served: Served, actor: _Reviewer) -> BatchOut:
    """Take a batch back."""
    cases = served.undo.undo_batch(actor, batch_id)
    return BatchOut(batch_id=batch_id, items=list(map(MovedOut.of, cases)))


@router.post(
    "/cases/{case_id:path}/claim",
    summary="认领",
    description="在一段时间内由自己独自处理；到时自动放开。他人正在处理时答复 409。",
    response_description="认领后的对接",
    responses=_CHANGED,
    dependencies=_AS_JSON,
)
def claim_case(case_id: CaseId, body: VersionIn, served: Served, actor: _Reviewer) -> CaseDetailOut:
    """Work on a match alone for a while."""
    return _detail(served, actor, served.cases.claim(actor, case_id, version=body.version).id)


@router.post(
    "/cases/{case_id:path}/release",
    summary="放开认领",
    description="不再独自处理；还没有决定的回到待审核。",
    response_description="放开后的对接",
    responses=_CHANGED,
    dependencies=_AS_JSON,
)
def release_case(case_id: CaseId, body: VersionIn, served: Served, actor: _Reviewer) -> CaseDetailOut:
    """Give a match back."""
    return _detail(served, actor, served.cases.release(actor, case_id, version=body.version).id)


@router.post(
    "/cases/{case_id:path}/decisions",
    summary="走下一步",
    description="审核、推送、记录专家答复、接洽、洽谈、签约、结题等。不允许、他人正在处理或版本不符时答复 409。",
    response_description="处理后的对接",
    responses=_CHANGED,
    dependencies=_AS_JSON,
)
def decide_case(case_id: CaseId, body: DecisionIn, served: Served, actor: _Reviewer) -> CaseDetailOut:
    """Take a match one step further."""
    case = served.cases.decide(actor, case_id, body.choice(), version=body.version)
    return _detail(served, actor, case.id)


@router.post(
    "/cases/{case_id:path}/answer",
    summary="企业答复",
    description="企业对推送给自己的对接表示有意或无意；审核员也可以代为记录。",
    response_description="答复后的对接",
    responses=_CHANGED,
    dependencies=_AS_JSON,
)
def answer_case(case_id: CaseId, body: AnswerIn, served: Served, actor: _Answerer) -> CaseDetailOut:
    """Say whether an enterprise is interested."""
    choice = Choice(to=body.to, reason=body.reason, note=body.note)
    return _detail(served, actor, served.cases.decide(actor, case_id, choice, version=body.version).id)


@router.post(
    "/cases/{case_id:path}/undo",
    summary="撤销最近的决定",
    description="撤销自己最近的一次决定，有时限；连同当时记录的合同等一并撤销。",
    response_description="恢复后的对接",
    responses=_CHANGED,
    dependencies=_AS_JSON,
)
def undo_case(case_id: CaseId, body: VersionIn, served: Served, actor: _Answerer) -> MovedOut:
    """Take back one's own last decision."""
    return MovedOut.of(served.undo.undo_case(actor, case_id, version=body.version))


@router.get(
    "/cases/{case_id:path}/timeline",
    summary="对接的时间线",
    description="对接走过的每一步：谁、何时、从哪里到哪里、原因与备注。",
    response_description="时间线",
)
def get_case_timeline(case_id: CaseId, served: Served, actor: _Reader) -> TimelineOut:
    """Every step of a match."""
    return TimelineOut(items=list(map(TransitionOut.of, served.cases.get(actor, case_id).timeline)))


@router.get(
    "/reminders",
    summary="提醒",
    description="即将到期与已经逾期的需求和对接，期限早的在前；有了进展的不再出现。",
    response_description="一页提醒",
)
def list_reminders(
    served: Served,
    actor: _Reader,
    page: Annotated[PageRequest, paged("due")],
    overdue: Annotated[
        bool | None, Query(title="已逾期", description="true 只看已逾期，false 只看未逾期；不填为全部")
    ] = None,
    mine: Annotated[bool, Query(title="只看我的", description="只看自己负责的对接")] = False,  # noqa: FBT002
) -> PageOut[ReminderOut]:
    """What is due and what is overdue."""
    found = served.queue.reminders(actor, page, overdue=overdue, mine=mine)
    return PageOut[ReminderOut](items=list(map(ReminderOut.of, found.items)), next_cursor=found.next_cursor)


# Behind the others, whose paths an id with a slash could otherwise take.
@router.get(
    "/cases/{case_id:path}",
    summary="查看对接",
    description="一条推荐或对接的全部情况、时间线、结果，以及现在可以做什么。",
    response_description="对接详情",
)
def get_case(case_id: CaseId, served: Served, actor: _Reader) -> CaseDetailOut:
    """One match."""
    return _detail(served, actor, case_id)


def _detail(served: Served, actor: Actor, case_id: str) -> CaseDetailOut:
    return CaseDetailOut.of_detail(served.cases.get(actor, case_id))
