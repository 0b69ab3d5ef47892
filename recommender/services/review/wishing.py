"""What a wish does to a match, inside a transaction that is under way."""

from recommender.domain.accounts import Actor
from recommender.domain.cases import Case, Subject
from recommender.domain.errors import Conflict
from recommender.domain.match import AuditEntry
from recommender.domain.wishes import UNPUSHED_CASE_STATES, Wish
from recommender.domain.workflow import CaseState
from recommender.review import messages as zh
from recommender.review.cases import CASES
from recommender.services.review.moves import Act, move_case
from recommender.store.unit_of_work import UnitOfWork


def follow_wish(unit: UnitOfWork, former: Wish, wish: Wish, act: Act) -> None:
    """Let a match that was not pushed follow what its enterprise says now.

    ``无意`` cancels it; whatever takes that back brings it back.
    """
    case = unit.cases.of_pair(wish.pair)
    if case is None:
        return
    if former.is_unwanted:
        case = _brought_back(unit, case, former, act)
    if wish.is_unwanted and case.state in UNPUSHED_CASE_STATES:
        move_case(unit, case, CaseState.CANCELLED, act.following(wish.reason))


def _brought_back(unit: UnitOfWork, case: Case, former: Wish, act: Act) -> Case:
    """The match as it was before the wish cancelled it; otherwise as it is."""
    step = unit.timeline.in_force(Subject.CASE, case.id)
    if step is None or case.state is not CaseState.CANCELLED or not step.by_system:
        return case
    if (step.actor, step.at) != (former.actor, former.at):
        return case
    assert isinstance(step.from_state, CaseState)
    return move_case(unit, case, step.from_state, act.following().undoing(step.number))


def require_not_unwanted(unit: UnitOfWork, case: Case) -> None:
    """Refuse to push somebody to an enterprise that has said no already.

    Raises:
        Conflict: names the reason.
    """
    wish = unit.wishes.get(case.pair)
    if wish.is_unwanted and case.pushed_at is None:
        reason = "--" if wish.reason is None else wish.reason.value
        raise Conflict("review.unwanted", id=case.id, reason=reason)


def answered_by_wish(unit: UnitOfWork, case: Case, act: Act) -> Case:
    """A match that was just pushed for the first time, answered at once where its enterprise asked for it."""
    wish = unit.wishes.get(case.pair)
    if not wish.is_wanted or CASES.follow(case.state, CaseState.ENTERPRISE_INTERESTED) is None:
        return case
    assert wish.at is not None
    note = zh.BY_WISH.format(at=f"{wish.at.astimezone():%Y-%m-%d %H:%M}")
    by_wish = Act(
        actor=Actor.trusted(wish.actor),
        at=act.at,
        note=f"{note}{wish.note}",
        batch_id=act.batch_id,
        by_system=True,
    )
    return move_case(unit, case, CaseState.ENTERPRISE_INTERESTED, by_wish)


def void_gone(unit: UnitOfWork, wish: Wish, act: Act) -> None:
    """Say nothing any more of somebody who left the library, or of a need that did; a successor takes it over."""
    pair = wish.pair
    source = unit.identity.resolve(pair.source_kind, [pair.source_id]).get(pair.source_id, pair.source_id)
    target = unit.identity.resolve(pair.target_kind, [pair.target_id]).get(pair.target_id, pair.target_id)
    successor = type(pair)(pair.source_kind, source, pair.target_kind, target)
    if successor != pair and unit.wishes.repoint(wish, successor):
        return
    unit.wishes.put(Wish(pair=pair, version=wish.version + 1, actor=act.actor.id, at=act.at))
    audit_wish(unit, act, "void", wish)


def audit_wish(unit: UnitOfWork, act: Act, verb: str, wish: Wish) -> None:
    """Write down that something was said; what was written in words is not part of it."""
    detail: dict[str, object] = {"version": wish.version}
    if wish.stance is not None:
        detail["stance"] = wish.stance.value
    if wish.reason is not None:
        detail["reason"] = wish.reason.value
    unit.audit.append(
        AuditEntry(
            at=act.at, actor=act.actor.id, action=f"review:wish:{verb}", target=wish.pair.id, detail=detail
        )
    )
