"""Operations of intake: what is missing in a need, what it says in figures, and what was asked before."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api import messages as zh
from api.problems import documented
from api.security.access import allowed
from api.traffic.lanes import MATCHES
from api.v1.dependencies import Served, require_json
from api.v1.schemas_intake import (
    BoundOut,
    IndicatorOut,
    IntakeIn,
    IntakeOut,
    LeakOut,
    PartOut,
    SimilarOut,
)
from recommender.domain.accounts import Actor, Permission
from recommender.domain.entities import Need
from recommender.domain.match import Span
from recommender.intake.completeness import PartResult
from recommender.intake.fields import FieldIndicator
from recommender.intake.indicators.numerals import plain_text
from recommender.intake.leaks import Leak
from recommender.services.intake import IntakeReview, SimilarNeed

router = APIRouter(tags=[zh.TAG_INTAKE])


@router.post(
    "/intake",
    summary="为需求草稿体检",
    description="给出完整度与要追问的问题、从文字中找出的技术指标、以前相近的需求及其结果、公开摘要的草稿与泄露提示。"
    "请求的文字不保存。",
    response_description="体检结果",
    responses=documented(400, 401, 403, 413, 415, 422, 500, 503),
    dependencies=[Depends(require_json)],
    openapi_extra=MATCHES,
)
def review_draft(
    body: IntakeIn, actor: Annotated[Actor, allowed(Permission.NEEDS_WRITE)], served: Served
) -> IntakeOut:
    """Review a need that is being written."""
    return _answer(served.intake.review(actor, _need(body)))


@router.get(
    "/needs/{need_id:path}/intake",
    summary="为已登记的需求体检",
    description="与为草稿体检相同，用于一条已登记的需求。",
    response_description="体检结果",
    responses=documented(401, 403, 404, 422, 500, 503),
    openapi_extra=MATCHES,
)
def review_need(
    need_id: Annotated[str, Path(title="需求编号", description="需求编号", examples=["XQ-1"])],
    actor: Annotated[Actor, allowed(Permission.NEEDS_READ)],
    served: Served,
) -> IntakeOut:
    """Review a stored need."""
    return _answer(served.intake.review_stored(actor, need_id))


def _need(body: IntakeIn) -> Need:
    fields = body.model_dump()
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    return Need(id="", **{**fields, **lists})


def _answer(review: IntakeReview) -> IntakeOut:
    judged = review.completeness
    return IntakeOut(
        score=judged.score,
        topic=judged.topic,
        industry=judged.industry,
        parts=[_part(part) for part in judged.parts],
        gaps=[_part(part) for part in judged.gaps],
        indicators=[_indicator(found) for found in review.indicators],
        similar=[_similar(other) for other in review.similar],
        summary_draft=review.summary.text,
        summary_left_out=review.summary.left_out,
        summary_note=review.summary.note,
        leaks=[_leak(leak) for leak in review.leaks],
        problems=list(review.problems),
    )


def _part(result: PartResult) -> PartOut:
    return PartOut(
        part=result.part,
        label=result.label,
        state=result.state,
        points=result.points,
        weight=result.weight,
        reason=result.reason,
        question=result.question,
        quoted=result.quoted,
        field=result.field,
        span=_pair(result.span),
    )


def _indicator(found: FieldIndicator) -> IndicatorOut:
    indicator = found.indicator
    return IndicatorOut(
        field=found.field,
        name=indicator.name,
        change=indicator.change,
        bounds=[BoundOut(comparator=b.comparator, value=plain_text(b.value)) for b in indicator.bounds],
        unit=indicator.unit,
        texts=list(indicator.texts),
        span=(indicator.span.start, indicator.span.end),
        name_span=(indicator.name_span.start, indicator.name_span.end),
        comparator_span=_pair(indicator.comparator_span),
        value_span=(indicator.value_span.start, indicator.value_span.end),
        unit_span=_pair(indicator.unit_span),
    )


def _similar(other: SimilarNeed) -> SimilarOut:
    contract = other.contract
    return SimilarOut(
        id=other.id,
        title=other.title,
        summary=other.summary,
        state=other.state,
        similarity=other.similarity,
        is_duplicate=other.is_duplicate,
        n_cases=other.n_cases,
        furthest=other.furthest,
        contract_kind=contract.kind if contract else None,
        contract_signed_on=contract.signed_on if contract else None,
        contract_amount_wan=contract.amount_wan if contract else None,
    )


def _leak(leak: Leak) -> LeakOut:
    return LeakOut(kind=leak.kind, text=leak.text, span=(leak.span.start, leak.span.end), warning=leak.warning)


def _pair(span: Span | None) -> tuple[int, int] | None:
    return None if span is None else (span.start, span.end)
