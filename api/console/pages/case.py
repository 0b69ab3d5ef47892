"""One match: where it stands, what may be done now, what came of it, why it was suggested."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import form, page
from api.console.case_path import path_of
from api.console.deadlines import Deadline, waited
from api.console.filters import path_id
from api.console.messages import cases as zh
from api.console.notices import Undo
from api.console.pages.cases import LIST, situation_of, waits_for_enterprise
from api.console.visit import Submission, Visit
from recommender.bootstrap import now
from recommender.domain.accounts import Permission, Role
from recommender.domain.case_groups import PATH
from recommender.domain.cases import Contract, Evaluation, Funding, Instalment, Milestone, Side
from recommender.domain.errors import InvalidInput, MatchmakerError
from recommender.domain.kinds import ContractType, EntityKind
from recommender.domain.workflow import ENDED_CASE_STATES, SIGNED_CASE_STATES, CaseState, ReasonCode
from recommender.review.workflow import Step
from recommender.services.personal.reveals import Revealed
from recommender.services.review.cases import Choice
from recommender.services.review.tracking import ContactGate, TrackedCase

router = APIRouter()

_TEMPLATE: Final = "cases/one.html"
_SHORT: Final = 200
"""Characters of a title or a number."""

_OWN_FORM: Final = frozenset({CaseState.SIGNED, CaseState.COMPLETED})
"""Steps that ask for more than a note."""
_JUDGED: Final = frozenset({CaseState.IMPLEMENTATION, CaseState.COMPLETED, CaseState.EVALUATED})


@router.post("/cases/{case_id:path}/steps")
def take_step(case_id: str, sent: Annotated[Submission, form(Permission.CASES_ANSWER)]) -> Response:
    """Take the match one step further."""

    def work() -> Response:
        choice = _choice(sent)
        case = sent.served.cases.decide(sent.actor, case_id, choice, version=sent.fields.version())
        words = zh.ANSWERED if sent.actor.role is Role.ENTERPRISE else zh.MOVED
        undo = Undo(action=f"{_address(case_id)}/undo", fields={"version": str(case.version)})
        return sent.go(_address(case_id), notice=words.format(state=case.state.value), undo=undo)

    return _or_again(sent, case_id, work)


@router.post("/cases/{case_id:path}/undo")
def undo_step(case_id: str, sent: Annotated[Submission, form(Permission.CASES_ANSWER)]) -> Response:
    """Take back one's own last step."""

    def work() -> Response:
        case = sent.served.undo.undo_case(sent.actor, case_id, version=sent.fields.version())
        return sent.go(_address(case_id), notice=zh.TAKEN_BACK.format(state=case.state.value))

    return _or_again(sent, case_id, work)


@router.post("/cases/{case_id:path}/contract")
def correct_contract(case_id: str, sent: Annotated[Submission, form(Permission.CASES_REVIEW)]) -> Response:
    """Write the contract anew."""

    def work() -> Response:
        sent.served.outcomes.correct_contract(sent.actor, case_id, _contract(sent))
        return sent.go(_address(case_id), notice=zh.CONTRACT_SAVED)

    return _or_again(sent, case_id, work)


@router.post("/cases/{case_id:path}/milestones")
def add_milestone(case_id: str, sent: Annotated[Submission, form(Permission.CASES_REVIEW)]) -> Response:
    """Add something that carrying out the contract is measured by."""

    def work() -> Response:
        title = _required(sent, "title")
        due_on = sent.fields.day("due_on", label=zh.FIELDS["due_on"])
        milestone = Milestone(title=title, due_on=due_on, note=_text(sent, "note"))
        sent.served.outcomes.add_milestone(sent.actor, case_id, milestone)
        return sent.go(_address(case_id), notice=zh.MILESTONE_ADDED.format(title=title))

    return _or_again(sent, case_id, work)


@router.post("/cases/{case_id:path}/milestones/{number}")
def change_milestone(
    case_id: str, number: int, sent: Annotated[Submission, form(Permission.CASES_REVIEW)]
) -> Response:
    """Record that a milestone was reached, or that it was not after all."""

    def work() -> Response:
        done_on = sent.fields.day("done_on", label=zh.FIELDS["done_on"])
        outcome = sent.served.outcomes.change_milestone(sent.actor, case_id, number, {"done_on": done_on})
        title = next(item.title for item in outcome.milestones if item.number == number)
        words = zh.MILESTONE_REOPENED if done_on is None else zh.MILESTONE_DONE
        action = f"{_address(case_id)}/milestones/{number}"
        undo = None if done_on is None else Undo(action=action, fields={"done_on": ""})
        return sent.go(_address(case_id), notice=words.format(title=title), undo=undo)

    return _or_again(sent, case_id, work)


@router.post("/cases/{case_id:path}/funding")
def pay(case_id: str, sent: Annotated[Submission, form(Permission.CASES_REVIEW)]) -> Response:
    """Record one instalment of funding."""

    def work() -> Response:
        funding = _funding(sent)
        sent.served.outcomes.pay(sent.actor, case_id, funding)
        return sent.go(_address(case_id), notice=zh.FUNDING_SAVED.format(instalment=funding.instalment.value))

    return _or_again(sent, case_id, work)


@router.post("/cases/{case_id:path}/evaluations")
def evaluate(case_id: str, sent: Annotated[Submission, form(Permission.CASES_ANSWER)]) -> Response:
    """Record how one side judges the cooperation."""

    def work() -> Response:
        side = sent.fields.choice("side", Side, label=zh.FIELDS["side"]) or Side.ENTERPRISE
        grade = sent.fields.whole("grade", label=zh.FIELDS["grade"])
        if grade is None or not 1 <= grade <= 5:  # noqa: PLR2004 - the grades that there are
            raise InvalidInput("form.missing", label=zh.FIELDS["grade"])
        evaluation = Evaluation(side=side, grade=grade, text=_text(sent, "text"))
        sent.served.outcomes.evaluate(sent.actor, case_id, evaluation)
        return sent.go(_address(case_id), notice=zh.EVALUATION_SAVED.format(side=side.value))

    return _or_again(sent, case_id, work)


@router.post("/cases/{case_id:path}/contacts")
def show_contacts(case_id: str, sent: Annotated[Submission, form(Permission.CASES_READ)]) -> Response:
    """Show the contacts of the other side once both agreed; that they were shown is written down."""

    def work() -> Response:
        revealed = sent.served.reveals.contacts_of(sent.actor, case_id)
        return sent.render(_TEMPLATE, **_shown(sent, case_id, revealed=revealed))

    return _or_again(sent, case_id, work)


@router.get("/cases/{case_id:path}")
def show_case(case_id: str, visit: Annotated[Visit, page(Permission.CASES_READ)]) -> Response:
    """One match. After the forms: an id may hold slashes."""
    return visit.render(_TEMPLATE, **_shown(visit, case_id))


def _or_again(sent: Submission, case_id: str, work: Callable[[], Response]) -> Response:
    """What comes of a form; where something stands in the way, the page with what was typed."""
    try:
        return work()
    except MatchmakerError as error:
        return sent.again(_TEMPLATE, error, **_shown(sent, case_id, typed=dict(sent.fields)))


@dataclass(frozen=True, slots=True)
class _Steps:
    """What may be done now, sorted by what each asks for."""

    plain: tuple[tuple[CaseState, str], ...]
    negative: tuple[tuple[CaseState, str], ...]
    own: frozenset[CaseState]

    @classmethod
    def of(cls, visit: Visit, tracked: TrackedCase) -> "_Steps":
        outside = visit.actor.role is Role.ENTERPRISE
        detail = tracked.detail
        # Nobody is offered to close what nobody has judged yet.
        closed = () if detail.outcome.evaluations else (CaseState.EVALUATED,)

        def label(step: Step[CaseState]) -> str:
            if step.source in _ASIDE and step.target is CaseState.ENTERPRISE_INTERESTED:
                return zh.ASKED_AGAIN
            return (zh.OWN_STEPS if outside else zh.STEPS).get(step.target, step.target.value)

        return cls(
            plain=tuple(
                (step.target, label(step))
                for step in detail.steps
                if not (step.negative or step.note or step.target in _OWN_FORM or step.target in closed)
            ),
            negative=tuple((step.target, label(step)) for step in detail.steps if step.negative),
            own=frozenset(step.target for step in detail.steps) & _OWN_FORM,
        )


_ASIDE: Final = frozenset({CaseState.EXPERT_SILENT, CaseState.EXPERT_DECLINED})


def _shown(
    visit: Visit, case_id: str, *, typed: Mapping[str, str] | None = None, revealed: Revealed | None = None
) -> dict[str, Any]:
    """What the page of a match shows."""
    tracked = visit.served.tracking.one(visit.actor, case_id)
    line, case = tracked.detail.line, tracked.detail.case
    outside = visit.actor.role is Role.ENTERPRISE
    moment = now()
    typed = typed or {}
    return {
        "tracked": tracked,
        "line": line,
        "case": case,
        "outcome": tracked.detail.outcome,
        "address": _address(case.id),
        "path_steps": path_of(case, tracked.detail.timeline, first=CaseState.PUSHED if outside else PATH[0]),
        "steps": _Steps.of(visit, tracked),
        "situation": situation_of(line),
        "deadline": Deadline.of(case.due_at, moment, is_ours=not outside or waits_for_enterprise(case)),
        "waited": waited(case, moment),
        "claimed_by_other": case.claimed_by_other(visit.actor.id, moment),
        "reasons": tuple(ReasonCode),
        "contract_kinds": tuple(ContractType),
        "instalments": tuple(Instalment),
        "sides": (Side.ENTERPRISE,) if outside else tuple(Side),
        "records_outcome": not outside and case.state in SIGNED_CASE_STATES,
        "may_judge": case.state in _JUDGED,
        "today": moment.astimezone().date(),
        "outside": outside,
        "gate": ContactGate,
        "State": CaseState,
        "is_over": case.state in ENDED_CASE_STATES,
        "is_person": case.pair.target_kind is EntityKind.EXPERT,
        "revealed": revealed,
        "typed": typed,
        "unsaved": [(zh.FIELDS[name], value) for name, value in typed.items() if name in _WRITTEN and value],
    }


_WRITTEN: Final = ("reason", "note", "registration_number", "title", "text")
"""Fields whose content is worth keeping where their form is not there any more."""


def _address(case_id: str) -> str:
    return f"{LIST}/{path_id(case_id)}"


def _choice(sent: Submission) -> Choice:
    fields = sent.fields
    to = fields.choice("to", CaseState, label=zh.FIELDS["to"])
    if to is None:
        raise InvalidInput("review.step_missing")
    is_completed = to is CaseState.COMPLETED
    return Choice(
        to=to,
        reason=fields.choice("reason", ReasonCode, label=zh.FIELDS["reason"]),
        note=_text(sent, "note"),
        contract=_contract(sent) if to is CaseState.SIGNED else None,
        completed_on=fields.day("completed_on", label=zh.FIELDS["completed_on"]) if is_completed else None,
    )


def _contract(sent: Submission) -> Contract:
    fields = sent.fields
    kind = fields.choice("kind", ContractType, label=zh.FIELDS["kind"])
    signed_on = fields.day("signed_on", label=zh.FIELDS["signed_on"])
    if kind is None or signed_on is None:
        missing = zh.FIELDS["kind"] if kind is None else zh.FIELDS["signed_on"]
        raise InvalidInput("form.missing", label=missing)
    return Contract(
        kind=kind,
        signed_on=signed_on,
        registration_number=_text(sent, "registration_number", most=_SHORT),
        amount_wan=_amount(sent, "amount_wan"),
    )


def _funding(sent: Submission) -> Funding:
    fields = sent.fields
    instalment = fields.choice("instalment", Instalment, label=zh.FIELDS["instalment"])
    paid_on = fields.day("paid_on", label=zh.FIELDS["paid_on"])
    amount = _amount(sent, "amount_wan")
    for name, value in (("instalment", instalment), ("paid_on", paid_on), ("amount_wan", amount)):
        if value is None:
            raise InvalidInput("form.missing", label=zh.FIELDS[name])
    assert instalment is not None
    assert paid_on is not None
    assert amount is not None
    spending = _amount(sent, "enterprise_spending_wan")
    return Funding(
        instalment=instalment, paid_on=paid_on, amount_wan=amount, enterprise_spending_wan=spending or 0.0
    )


def _amount(sent: Submission, name: str) -> float | None:
    """An amount in ten thousand yuan, not negative."""
    value = sent.fields.number(name, label=zh.FIELDS[name])
    if value is not None and value < 0:
        raise InvalidInput("form.negative", label=zh.FIELDS[name])
    return value


def _required(sent: Submission, name: str) -> str:
    text = _text(sent, name, most=_SHORT)
    if not text:
        raise InvalidInput("form.missing", label=zh.FIELDS[name])
    return text


def _text(sent: Submission, name: str, *, most: int = 2000) -> str:
    """What was written, as long as it may be."""
    text = sent.fields.text(name)
    if len(text) > most:
        raise InvalidInput("form.too_long", label=zh.FIELDS[name], maximum=most, n=len(text))
    return text
