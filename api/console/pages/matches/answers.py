"""What is said of a ranked entity: wanted or not, before a push or after it, and taken back."""

from typing import Annotated, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form
from api.console.filters import path_id
from api.console.messages import matches as zh
from api.console.notices import Undo
from api.console.pages.matches.asking import Asked
from api.console.pages.matches.needs import address, results
from api.console.visit import Submission
from api.traffic.lanes import MATCHES
from recommender.domain.accounts import Permission
from recommender.domain.cases import Pair
from recommender.domain.errors import InvalidInput, MatchmakerError
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.domain.wishes import Stance, Wish
from recommender.domain.workflow import OPEN_NEED_STATES, CaseState, ReasonCode
from recommender.services.review.cases import Choice
from recommender.services.review.wishes import WishDraft

router = APIRouter()
_STATES: Final = {Stance.WANTED: CaseState.ENTERPRISE_INTERESTED, Stance.UNWANTED: CaseState.ENTERPRISE_DECLINED}


@router.post("/needs/{need_id:path}/matches", openapi_extra=MATCHES)
def say(sent: Annotated[Submission, form(Permission.CASES_ANSWER)], need_id: str) -> Response:
    """Say whether somebody is wanted; where an officer has pushed it already, that answers the match."""
    try:
        pair = _pair(sent, need_id)
        stance = _stance(sent)
        if sent.fields.text("case_version"):
            return _answer(sent, pair, stance)
        draft = WishDraft(
            target_kind=pair.target_kind,
            target_id=pair.target_id,
            stance=stance,
            reason=_reason(sent, stance),
            note=sent.fields.text("note"),
        )
        wish = sent.served.wishes.say(sent.actor, need_id, draft, version=sent.fields.version())
    except MatchmakerError as error:
        return _again(sent, need_id, error)
    fields = _fields(pair) | {"version": str(wish.version)}
    return sent.go(_back(sent, need_id), notice=_said(sent, wish), undo=_undo(sent, need_id, fields))


@router.post("/needs/{need_id:path}/matches/undo", openapi_extra=MATCHES)
def undo(sent: Annotated[Submission, form(Permission.CASES_ANSWER)], need_id: str) -> Response:
    """Take back what was said last."""
    try:
        pair = _pair(sent, need_id)
        if sent.fields.text("case_version"):
            version = sent.fields.version("case_version")
            sent.served.undo.undo_case(sent.actor, sent.fields.text("case"), version=version)
        else:
            sent.served.wishes.undo(sent.actor, pair, version=sent.fields.version())
    except MatchmakerError as error:
        return _again(sent, need_id, error)
    return sent.go(_back(sent, need_id), notice=zh.TAKEN_BACK.format(name=_name(sent, pair)))


@router.post("/needs/{need_id:path}/matches/propose", openapi_extra=MATCHES)
def propose(sent: Annotated[Submission, form(Permission.CASES_REVIEW)], need_id: str) -> Response:
    """Open a match that an officer thinks of."""
    try:
        pair = _pair(sent, need_id)
        case = sent.served.cases.propose(sent.actor, pair)
    except MatchmakerError as error:
        return _again(sent, need_id, error)
    return sent.go(f"/console/cases/{path_id(case.id)}", notice=zh.PROPOSED.format(name=_name(sent, pair)))


def _answer(sent: Submission, pair: Pair, stance: Stance) -> Response:
    """Answer what an officer pushed."""
    choice = Choice(to=_STATES[stance], reason=_reason(sent, stance), note=sent.fields.text("note"))
    id = sent.fields.text("case") or pair.id
    case = sent.served.cases.decide(sent.actor, id, choice, version=sent.fields.version("case_version"))
    fields = _fields(pair) | {"case": case.id, "case_version": str(case.version)}
    text = zh.ANSWERED[stance is Stance.WANTED].format(name=_name(sent, pair))
    return sent.go(_back(sent, pair.source_id), notice=text, undo=_undo(sent, pair.source_id, fields))


def _again(sent: Submission, need_id: str, error: MatchmakerError) -> Response:
    """The page as it was, with what was typed about whom."""
    asked = Asked.parse(sent.request.url.query, SUPPLY_KINDS)
    template, context = results(sent, need_id, asked)
    return sent.again(template, error, **context | {"said": dict(sent.fields)})


def _pair(sent: Submission, need_id: str) -> Pair:
    kind = sent.fields.choice("target_kind", EntityKind, label=zh.TARGET)
    id = sent.fields.text("target_id")
    if kind not in SUPPLY_KINDS or not id:
        raise InvalidInput("wish.pair_unfitting")
    return Pair(EntityKind.NEED, need_id, kind, id)


def _stance(sent: Submission) -> Stance:
    stance = sent.fields.choice("stance", Stance, label=zh.STANCE)
    if stance is None:
        raise InvalidInput("form.choice", label=zh.STANCE, text="", known="、".join(Stance))
    return stance


def _reason(sent: Submission, stance: Stance) -> ReasonCode | None:
    return sent.fields.choice("reason", ReasonCode, label=zh.REASON) if stance is Stance.UNWANTED else None


def _fields(pair: Pair) -> dict[str, str]:
    return {"target_kind": pair.target_kind.value, "target_id": pair.target_id}


def _undo(sent: Submission, need_id: str, fields: dict[str, str]) -> Undo:
    return Undo(action=f"{address(need_id)}/undo{_query(sent)}", fields=fields)


def _back(sent: Submission, need_id: str) -> str:
    return f"{address(need_id)}{_query(sent)}"


def _query(sent: Submission) -> str:
    text = sent.request.url.query
    return f"?{text}" if text else ""


def _said(sent: Submission, wish: Wish) -> str:
    name = _name(sent, wish.pair)
    if wish.is_unwanted:
        return zh.UNWANTED.format(name=name)
    state = sent.served.needs.get(sent.actor, wish.pair.source_id).progress.state
    return (zh.WANTED if state in OPEN_NEED_STATES else zh.WANTED_LATER).format(name=name)


def _name(sent: Submission, pair: Pair) -> str:
    """Whom it is about, as the reader may see them."""
    return sent.served.library.get(sent.actor, pair.target_kind, pair.target_id).name or zh.SOMEBODY
