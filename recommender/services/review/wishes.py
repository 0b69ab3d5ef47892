"""What enterprises say of whom they are shown, before an officer pushes anything: said, changed, taken back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from recommender.domain.accounts import Actor, Permission
from recommender.domain.cases import Case, Pair, Shown, Subject
from recommender.domain.entities import Expert, Need
from recommender.domain.errors import Conflict, InvalidInput, NotFound
from recommender.domain.kinds import KIND_LABELS, SUPPLY_KINDS, EntityKind
from recommender.domain.wishes import (
    UNPUSHED_CASE_STATES,
    WISHING_NEED_STATES,
    Stance,
    Wish,
    WishLine,
    WishProgress,
)
from recommender.domain.workflow import OPEN_NEED_STATES, CaseState, NeedState, ReasonCode
from recommender.services.access import need_for, sees
from recommender.services.personal.sight import Sight
from recommender.services.review.finding import exclusion_of, suggested, unopened
from recommender.services.review.moves import Act
from recommender.services.review.options import ReviewSettings
from recommender.services.review.showing import seen_case, seen_wish, shown_lines
from recommender.services.review.wishing import audit_wish, follow_wish
from recommender.services.transactions import Transactions
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

Shows = Callable[[Actor, Pair], Shown | None]
"""What an actor is shown of a pair at this moment, ``None`` where it is not among the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishDraft:
    """What is said of whom; a reason is obligatory for ``无意``, and only for that."""

    target_kind: EntityKind
    target_id: str
    stance: Stance
    reason: ReasonCode | None = None
    note: str = ""

    def pair(self, need_id: str) -> Pair:
        """With the need that it is said for."""
        return Pair(EntityKind.NEED, need_id, self.target_kind, self.target_id)


class WishService:
    """Use-cases of wishes. Needs that are not for the actor are not there (404).

    Args:
        shows: looks up what the enterprise has before its eyes, so that nobody has to be believed about it.
    """

    def __init__(
        self, database: Database, settings: ReviewSettings, shows: Shows, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._transactions = Transactions(database)
        self._settings = settings
        self._shows = shows
        self._now = now

    def of_need(self, actor: Actor, need_id: str) -> list[WishLine]:
        """What is said for a need, latest first, and what became of it.

        Raises:
            Forbidden: the actor may not read matches.
            NotFound: there is no such need, or it is not for this actor.
        """
        actor.require(Permission.CASES_READ)
        with self._database.read() as unit:
            need_for(actor, unit, need_id)
            return wish_lines(actor, unit, unit.wishes.of_needs([need_id]), self._now())

    def get(self, actor: Actor, pair: Pair) -> Wish:
        """What is said of one pair; at version 0 where nothing ever was.

        Raises:
            Forbidden, NotFound: see :meth:`of_need`.
        """
        actor.require(Permission.CASES_READ)
        with self._database.read() as unit:
            need_for(actor, unit, pair.source_id)
            return _seen(Sight(actor, unit, self._now()), unit.wishes.get(pair))

    def say(self, actor: Actor, need_id: str, draft: WishDraft, *, version: int) -> Wish:
        """Say ``有意`` or ``无意``, or something else than before.

        Args:
            version: of what was said before, which the actor looked at; 0 where nothing is said.

        Raises:
            Forbidden: the actor does not answer for enterprises.
            NotFound: the need or the other side is not there, or not for this actor.
            InvalidInput: a reason is missing or has no place, or there can be no such pair.
            InvalidData: a value cannot be stored.
            Conflict: another version, it was pushed already, the need takes no wishes, or the other side may not
                be proposed now.
        """
        actor.require(Permission.CASES_ANSWER)
        _check(draft)
        pair = draft.pair(need_id)
        with self._database.read() as unit:
            # Before the ranking, which is worth nothing to whom the need is not for.
            need_for(actor, unit, need_id)
        shown = self._shows(actor, pair)

        def work(unit: UnitOfWork) -> Wish:
            act = Act(actor=actor, at=self._now(), reason=draft.reason, note=draft.note)
            need = need_for(actor, unit, need_id)
            case = unit.cases.of_pair(pair)
            _require_target(actor, unit, pair)
            _require_unpushed(case, pair)
            former = unit.wishes.get(pair)
            _require_version(former, version)
            _require_wishing(unit, need)
            if draft.stance is Stance.WANTED:
                _require_eligible(unit, case or unopened(unit, pair, None))
            wish = Wish(
                pair=pair,
                stance=draft.stance,
                version=former.version + 1,
                reason=draft.reason,
                note=draft.note,
                actor=actor.id,
                at=act.at,
                shown=shown or _suggested(unit, pair) or former.shown,
            )
            return self._put(unit, former, wish, act, "say")

        return self._transactions.run(work)

    def undo(self, actor: Actor, pair: Pair, *, version: int) -> Wish:
        """Take back what the actor said last, for a while after it was said; what was said before counts again.

        Raises:
            Forbidden: the actor does not answer for enterprises.
            NotFound: the need is not there, or not for this actor.
            Conflict: another version, nothing to take back, somebody else said it, it was pushed, or too late.
        """
        actor.require(Permission.CASES_ANSWER)

        def work(unit: UnitOfWork) -> Wish:
            act = Act(actor=actor, at=self._now())
            need_for(actor, unit, pair.source_id)
            case = unit.cases.of_pair(pair)
            former = unit.wishes.get(pair)
            _require_version(former, version)
            _require_unpushed(case, pair)
            if not former.version or former.undoes is not None or former.stance is None:
                raise Conflict("wish.undo_nothing", id=pair.target_id)
            if former.actor != actor.id:
                raise Conflict("wish.undo_not_own", id=pair.target_id)
            if former.at is None or act.at > former.at + self._settings.undo:
                minutes = int(self._settings.undo.total_seconds() // 60)
                raise Conflict("wish.undo_late", id=pair.target_id, minutes=minutes)
            before = next((line for line in unit.wishes.history(pair) if line.version == version - 1), None)
            base = before or Wish(pair=pair)
            wish = replace(base, version=version + 1, actor=actor.id, at=act.at, undoes=version)
            return self._put(unit, former, wish, act, "undo")

        return self._transactions.run(work)

    def _put(self, unit: UnitOfWork, former: Wish, wish: Wish, act: Act, verb: str) -> Wish:
        if not unit.wishes.put(wish):
            raise _outdated(wish.pair, expected=former.version, present=former.version + 1)
        follow_wish(unit, former, wish, act)
        audit_wish(unit, act, verb, wish)
        return wish


def wish_lines(actor: Actor, unit: UnitOfWork, wishes: Sequence[Wish], now: datetime) -> list[WishLine]:
    """Wishes with names and what became of them; those of whom the actor may not know are left out."""
    sight = Sight(actor, unit, now)
    wishes = _of_who_is_there(unit, sight, wishes)
    stored = [unit.cases.of_pair(wish.pair) for wish in wishes]
    states = unit.needs_progress.states([wish.pair.source_id for wish in wishes])
    cases = [case or unopened(unit, wish.pair, wish.shown) for wish, case in zip(wishes, stored, strict=True)]
    lines = shown_lines(unit, sight, [seen_case(sight, case) for case in cases])
    found = []
    for wish, case, line in zip(wishes, cases, lines, strict=True):
        progress, reason = _progress(unit, wish, case, states[wish.pair.source_id])
        found.append(
            WishLine(
                wish=_seen(sight, wish),
                name=line.target_name,
                organisation=line.target_organisation,
                progress=progress,
                reason=reason,
                case=line.case if case.version and unit.cases.is_for(actor, case) else None,
            )
        )
    return found


def _progress(
    unit: UnitOfWork, wish: Wish, case: Case, need: NeedState
) -> tuple[WishProgress, ReasonCode | None]:
    if case.pushed_at is not None:
        return WishProgress.PUSHED, None
    if wish.is_unwanted:
        return WishProgress.DECLINED, wish.reason
    if case.state not in UNPUSHED_CASE_STATES:
        refused = unit.timeline.in_force(Subject.CASE, case.id)
        if refused is None or wish.at is None or refused.at >= wish.at:
            return WishProgress.REFUSED, None if refused is None else refused.reason
    if need not in OPEN_NEED_STATES:
        return WishProgress.UNPUBLISHED, None
    if case.state in (CaseState.CONFIRMED, CaseState.ADJUSTED):
        return WishProgress.CONFIRMED, None
    if exclusion_of(unit, case) is not None:
        return WishProgress.UNAVAILABLE, None
    return WishProgress.WAITING, None


def _of_who_is_there(unit: UnitOfWork, sight: Sight, wishes: Sequence[Wish]) -> list[Wish]:
    """Those of whom the actor may know that they are in the library."""
    there = set()
    for kind in SUPPLY_KINDS:
        ids = sorted({wish.pair.target_id for wish in wishes if wish.pair.target_kind is kind})
        records = list(unit.of(kind).get_many(ids).values()) if ids else []
        there |= {(kind, record.id) for record in sight.many(records)}
    return [wish for wish in wishes if (wish.pair.target_kind, wish.pair.target_id) in there]


def _seen(sight: Sight, wish: Wish) -> Wish:
    seen = seen_wish(sight, wish)
    assert seen is not None
    return seen


def _check(draft: WishDraft) -> None:
    if draft.target_kind not in SUPPLY_KINDS:
        raise InvalidInput("wish.pair_unfitting")
    if draft.stance is Stance.UNWANTED and draft.reason is None:
        raise InvalidInput("wish.reason_missing", known="、".join(ReasonCode))
    if draft.stance is Stance.WANTED and draft.reason is not None:
        raise InvalidInput("wish.reason_unfitting", reason=draft.reason.value)


def _require_target(actor: Actor, unit: UnitOfWork, pair: Pair) -> None:
    entity = unit.of(pair.target_kind).get(pair.target_id)
    withdrawn = isinstance(entity, Expert) and entity.consent_withdrawn_on is not None
    if entity is None or withdrawn or not sees(actor, unit, entity):
        raise NotFound("entity.not_found", kind=KIND_LABELS[pair.target_kind], id=pair.target_id)


def _require_unpushed(case: Case | None, pair: Pair) -> None:
    if case is not None and case.pushed_at is not None:
        raise Conflict("wish.pushed", id=pair.target_id)


def _require_wishing(unit: UnitOfWork, need: Need) -> None:
    state = unit.needs_progress.states([need.id])[need.id]
    if state not in WISHING_NEED_STATES:
        raise Conflict("wish.need_not_open", id=need.id, state=state.value)


def _require_eligible(unit: UnitOfWork, case: Case) -> None:
    """Why somebody cannot be proposed is not the enterprise's to know."""
    if exclusion_of(unit, case) is not None:
        raise Conflict("wish.not_eligible", id=case.pair.target_id)


def _require_version(former: Wish, version: int) -> None:
    # Who saw nothing said saw what is there, also where something was said and taken back.
    if former.version != version and not (version == 0 and former.stance is None):
        raise _outdated(former.pair, expected=version, present=former.version)


def _outdated(pair: Pair, *, expected: int, present: int) -> Conflict:
    return Conflict("wish.outdated", id=pair.target_id, expected=expected, present=present)


def _suggested(unit: UnitOfWork, pair: Pair) -> Shown | None:
    case = suggested(unit, pair)
    return None if case is None else case.shown
