"""Operations on what came of matches: contract, milestones, evaluations, 预研资金."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path

from api import messages as zh
from api.problems import documented
from api.security.access import allowed
from api.v1.cases import CaseId
from api.v1.dependencies import Served, require_json
from api.v1.schemas_outcomes import (
    ContractIn,
    EvaluationIn,
    FundingIn,
    MilestoneChangeIn,
    MilestoneIn,
    OutcomeOut,
    evaluation_of,
)
from recommender.domain.accounts import Actor, Permission

router = APIRouter(
    tags=[zh.TAG_CASES],
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503),
    dependencies=[Depends(require_json)],
)

_Reviewer = Annotated[Actor, allowed(Permission.CASES_REVIEW)]
_Answerer = Annotated[Actor, allowed(Permission.CASES_ANSWER)]
_MAX_DIGITS: Final = 5
_Number = Annotated[str, Path(title="序号", description="里程碑的序号，从 1 开始", examples=["1"])]


@router.put(
    "/cases/{case_id:path}/contract",
    summary="更正合同",
    description="补记登记号、金额，或更正合同；签约之后才能填写。",
    response_description="对接结果",
)
def put_contract(case_id: CaseId, body: ContractIn, served: Served, actor: _Reviewer) -> OutcomeOut:
    """Write the contract anew."""
    return OutcomeOut.of(served.outcomes.correct_contract(actor, case_id, body.contract()))


@router.post(
    "/cases/{case_id:path}/milestones",
    summary="添加里程碑",
    description="为实施添加一个节点；签约之后才能填写。",
    response_description="对接结果",
    status_code=201,
)
def add_milestone(case_id: CaseId, body: MilestoneIn, served: Served, actor: _Reviewer) -> OutcomeOut:
    """Add a milestone."""
    return OutcomeOut.of(served.outcomes.add_milestone(actor, case_id, body.milestone()))


@router.patch(
    "/cases/{case_id:path}/milestones/{number}",
    summary="修改里程碑",
    description="记录完成日期，或更正名称、计划日期、备注。",
    response_description="对接结果",
)
def change_milestone(
    case_id: CaseId, number: _Number, body: MilestoneChangeIn, served: Served, actor: _Reviewer
) -> OutcomeOut:
    """Change a milestone."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    place = int(number) if number.isascii() and number.isdigit() and len(number) <= _MAX_DIGITS else 0
    return OutcomeOut.of(served.outcomes.change_milestone(actor, case_id, place, changes))


@router.put(
    "/cases/{case_id:path}/evaluation",
    summary="评价",
    description="一方对合作的评价，实施之后才能填写；再次填写即更正。企业账号只能填写企业一方。",
    response_description="对接结果",
)
def put_evaluation(case_id: CaseId, body: EvaluationIn, served: Served, actor: _Answerer) -> OutcomeOut:
    """Record one side's judgement."""
    return OutcomeOut.of(served.outcomes.evaluate(actor, case_id, evaluation_of(body)))


@router.put(
    "/cases/{case_id:path}/funding",
    summary="预研资金",
    description="记录一笔预研资金与企业为此投入的研发费用；再次填写即更正。",
    response_description="对接结果",
)
def put_funding(case_id: CaseId, body: FundingIn, served: Served, actor: _Reviewer) -> OutcomeOut:
    """Record one instalment."""
    return OutcomeOut.of(served.outcomes.pay(actor, case_id, body.funding()))
