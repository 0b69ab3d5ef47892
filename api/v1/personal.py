"""Operations on personal data: consent, seeing a person in full, contacts of a match, a person's own copy."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path

from api import messages as zh
from api.operations import SECRET_ANSWER
from api.problems import documented
from api.security.access import allowed
from api.v1.cases import CaseId
from api.v1.dependencies import Served, require_json
from api.v1.paging import PageOut, paged
from api.v1.schemas_personal import (
    ConsentEntryOut,
    ConsentIn,
    PersonConsentOut,
    PersonDataOut,
    RevealedOut,
    RevealIn,
)
from recommender.domain.accounts import Actor, Permission
from recommender.domain.paging import PageRequest

_CHANGED: Final = documented(400, 413, 415)
_AS_JSON: Final = [Depends(require_json)]
router = APIRouter(tags=[zh.TAG_PERSONAL], responses=documented(401, 403, 422, 429, 500, 503))

_Recorder = Annotated[Actor, allowed(Permission.CONSENT_RECORD)]
_ExpertId = Annotated[str, Path(title="专家编号", description="专家编号", examples=["ZJ-1"])]


@router.get(
    "/consents",
    summary="意愿台账",
    description="全部专家的意愿记录，按登记的先后。",
    response_description="一页意愿记录",
)
def list_consents(
    served: Served, actor: _Recorder, page: Annotated[PageRequest, paged("number")]
) -> PageOut[ConsentEntryOut]:
    """The ledger."""
    found = served.consents.page(actor, page)
    return PageOut[ConsentEntryOut](
        items=list(map(ConsentEntryOut.of, found.items)), next_cursor=found.next_cursor
    )


@router.get(
    "/experts/{expert_id:path}/consents",
    summary="专家的意愿",
    description="一位专家现在同意什么，以及表示过的全部意愿。已撤回同意的专家也可以查看。",
    response_description="专家的意愿",
    responses=documented(404),
)
def get_consents(expert_id: _ExpertId, served: Served, actor: _Recorder) -> PersonConsentOut:
    """What a person agrees to."""
    return PersonConsentOut.of(served.consents.of(actor, expert_id))


@router.post(
    "/experts/{expert_id:path}/consents",
    summary="登记意愿",
    description="登记本人的同意或撤回。撤回“推荐”后即刻不再出现在任何结果中，下次重建索引时移出索引。",
    response_description="登记后的意愿",
    status_code=201,
    responses=_CHANGED | documented(404),
    dependencies=_AS_JSON,
)
def record_consent(expert_id: _ExpertId, body: ConsentIn, served: Served, actor: _Recorder) -> PersonConsentOut:
    """Record what a person said."""
    recorded = served.consents.record(
        actor, expert_id, body.scope, body.decision, basis=body.basis, evidence=body.evidence
    )
    return PersonConsentOut.of(recorded)


@router.post(
    "/reveals",
    summary="查看完整信息",
    description="写明用途后查看没有遮盖的个人信息；每次记一条，短时间内同一账号看到的都是完整内容。",
    response_description="完整信息",
    responses=_CHANGED | documented(404),
    dependencies=_AS_JSON,
    openapi_extra=SECRET_ANSWER,
)
def reveal(body: RevealIn, served: Served, actor: Annotated[Actor, allowed(Permission.REVEAL)]) -> RevealedOut:
    """Show what is masked otherwise."""
    return RevealedOut.of(served.reveals.reveal(actor, body.kind, body.id, body.purpose))


@router.post(
    "/cases/{case_id:path}/contacts",
    summary="对接的联系方式",
    description="双方都已同意、且专家同意提供联系方式时，给出专家的姓名与联系方式；每次记一条。",
    response_description="联系方式",
    responses=documented(404, 409),
    openapi_extra=SECRET_ANSWER,
)
def release_contacts(
    case_id: CaseId, served: Served, actor: Annotated[Actor, allowed(Permission.CASES_READ)]
) -> RevealedOut:
    """Contacts of a match."""
    return RevealedOut.of(served.reveals.contacts_of(actor, case_id))


@router.post(
    "/experts/{expert_id:path}/personal-data",
    summary="个人信息副本",
    description="库中关于一位专家的全部内容，供交给本人；每次记一条。",
    response_description="个人信息副本",
    responses=documented(404),
    openapi_extra=SECRET_ANSWER,
)
def export_person(
    expert_id: _ExpertId, served: Served, actor: Annotated[Actor, allowed(Permission.PERSONS_MANAGE)]
) -> PersonDataOut:
    """Everything about a person."""
    return PersonDataOut(**served.persons.collect(actor, expert_id))
