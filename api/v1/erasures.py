"""Operations of administrators that erase people, and the certificates."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path

from api import messages as zh
from api.problems import documented
from api.security.access import allowed
from api.v1.dependencies import Served, require_json
from api.v1.schemas_personal import CertificateOut, CertificatesOut, ErasureIn
from recommender.domain.accounts import Actor, Permission

router = APIRouter(prefix="/erasures", tags=[zh.TAG_PERSONAL], responses=documented(401, 403, 422, 429, 500, 503))

_Manager = Annotated[Actor, allowed(Permission.PERSONS_MANAGE)]
_CertificateId = Annotated[
    str, Path(title="证明编号", description="删除证明的编号", examples=["SC-20261128-1a2b3c4d"])
]
_AS_JSON: Final = [Depends(require_json)]


@router.get(
    "",
    summary="删除证明列表",
    description="最近的删除证明，新的在前。",
    response_description="删除证明",
)
def list_erasures(served: Served, actor: _Manager) -> CertificatesOut:
    """The last certificates."""
    return CertificatesOut(items=list(map(CertificateOut.of, served.erasures.certificates(actor))))


@router.post(
    "",
    summary="删除个人信息",
    description="立即从数据库中删去一位专家的全部个人信息，不能恢复；索引与文件由下一个夜间批次完成。",
    response_description="删除证明",
    status_code=201,
    responses=documented(400, 404, 413, 415),
    dependencies=_AS_JSON,
)
def erase_person(body: ErasureIn, served: Served, actor: _Manager) -> CertificateOut:
    """Erase a person from the database; files follow."""
    return CertificateOut.of(served.erasures.begin(actor, body.person_id, body.reason))


@router.get(
    "/{certificate_id}",
    summary="查看删除证明",
    description="一份删除证明：删除了什么，复查是否还有遗留。",
    response_description="删除证明",
    responses=documented(404),
)
def get_erasure(certificate_id: _CertificateId, served: Served, actor: _Manager) -> CertificateOut:
    """One certificate."""
    return CertificateOut.of(served.erasures.certificate(actor, certificate_id))
