"""Use-cases of intake: all that helps to put a need well, for a draft or a stored one. Nothing is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from recommender.domain.accounts import Actor, Permission, Role
from recommender.domain.cases import Case, Contract
from recommender.domain.entities import Enterprise, Need
from recommender.domain.errors import InvalidInput, SearchUnavailable
from recommender.domain.kinds import Confidentiality
from recommender.domain.mentions import hide_contacts
from recommender.domain.workflow import CaseState, NeedState
from recommender.intake import messages as zh
from recommender.intake.completeness import Completeness, Words, completeness
from recommender.intake.fields import FieldIndicator, indicators_of
from recommender.intake.knowledge import IntakeKnowledge
from recommender.intake.leaks import Leak, leaks
from recommender.intake.similar import NearNeed, is_duplicate, near_needs, overlap, same_title
from recommender.intake.summary import SummaryDraft, draft_summary
from recommender.matching.serving import IndexServer
from recommender.services.access import need_for, sees
from recommender.services.personal.sight import Sight, is_closed_to
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_N_SIMILAR: Final = 5
_N_LOOKED_AT: Final = 15
"""Near needs that are looked up, since not all of them are for everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarNeed:
    """An earlier need that is near to the one at hand.

    Attributes:
        id, title: ``""`` for a need that is not the actor's; of it only ``summary`` and ``state`` are told.
        summary: its public summary.
        similarity: cosine, in [-1, 1], higher is closer.
        is_duplicate: whether the two are probably one.
        n_cases: how many matches of it were acted on.
        furthest: the furthest state that one of these reached, ``None`` where there is none.
        contract: the last one that was signed for it.
    """

    id: str
    title: str
    summary: str
    state: NeedState
    similarity: float
    is_duplicate: bool
    n_cases: int = 0
    furthest: CaseState | None = None
    contract: Contract | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeReview:
    """Everything that is said about a need.

    Attributes:
        indicators: found in its text, field by field.
        similar: nearest first.
        summary: a draft of the public summary.
        leaks: places of the public summary as written that tell too much.
        problems: zh-CN sentences about what could not be looked up.
    """

    completeness: Completeness
    indicators: tuple[FieldIndicator, ...]
    similar: tuple[SimilarNeed, ...]
    summary: SummaryDraft
    leaks: tuple[Leak, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedCheck:
    """What the text of a need tells by itself; see :class:`IntakeReview`."""

    completeness: Completeness
    indicators: tuple[FieldIndicator, ...]
    summary: SummaryDraft
    leaks: tuple[Leak, ...]


class IntakeService:
    """Reviews needs before an officer does."""

    def __init__(
        self,
        database: Database,
        index: Callable[[], IndexServer],
        words: Callable[[], Words],
        knowledge: Callable[[], IntakeKnowledge],
        *,
        max_chars: int,
        now: Callable[[], datetime],
    ) -> None:
        """Build the service.

        Args:
            database: the library.
            index: gives the index server; asked at the first review.
            words: gives the segmenter.
            knowledge: weights, examples and telling words.
            max_chars: of all text fields of a need together.
            now: current time, UTC.
        """
        self._database = database
        self._index = index
        self._words = words
        self._knowledge = knowledge
        self._max_chars = max_chars
        self._now = now

    def review(self, actor: Actor, draft: Need) -> IntakeReview:
        """Review a need that is being written; nothing of it is stored.

        Raises:
            Forbidden: the actor may not write needs.
            InvalidInput: the text is too long.
        """
        actor.require(Permission.NEEDS_WRITE)
        if actor.role is Role.ENTERPRISE:
            draft = replace(draft, enterprise_code=actor.enterprise_code)
        length = sum(len(text) for text in (draft.title, draft.text, draft.foundation, draft.public_summary))
        if length > self._max_chars:
            raise InvalidInput("intake.text_too_long", length=length, maximum=self._max_chars)
        with self._database.read() as unit:
            return self._review(actor, draft, unit)

    def review_stored(self, actor: Actor, need_id: str) -> IntakeReview:
        """Review a stored need, as far as the actor may read it.

        Raises:
            Forbidden: the actor may not read needs.
            NotFound: there is none with that id, or it is not for the actor.
        """
        actor.require(Permission.NEEDS_READ)
        with self._database.read() as unit:
            need = need_for(actor, unit, need_id)
            return self._review(actor, Sight(actor, unit, self._now()).one(need) or need, unit)

    def check(self, actor: Actor, need: Need, unit: UnitOfWork) -> NeedCheck:
        """What can be said of a need that the actor sees, without looking for others: no index is asked."""
        knowledge = self._knowledge()
        names = _names(actor, need, unit)
        indicators = indicators_of(need)
        return NeedCheck(
            completeness=completeness(need, indicators, self._words(), knowledge),
            indicators=indicators,
            summary=draft_summary(need, indicators, knowledge, names=names),
            leaks=leaks(need, indicators, names=names),
        )

    def score(self, need: Need) -> int:
        """How complete a need is, 0 to 100; about a millisecond."""
        return completeness(need, indicators_of(need), self._words(), self._knowledge()).score

    def _review(self, actor: Actor, need: Need, unit: UnitOfWork) -> IntakeReview:
        check = self.check(actor, need, unit)
        similar, problems = self._similar(actor, need, unit)
        return IntakeReview(
            completeness=check.completeness,
            indicators=check.indicators,
            similar=similar,
            summary=check.summary,
            leaks=check.leaks,
            problems=problems,
        )

    def _similar(
        self, actor: Actor, need: Need, unit: UnitOfWork
    ) -> tuple[tuple[SimilarNeed, ...], tuple[str, ...]]:
        """Near needs; a review is worth something without an index, so its absence is told and borne."""
        try:
            near = near_needs(need, self._index().current().matcher, _N_LOOKED_AT)
        except SearchUnavailable as error:
            return (), (zh.NO_INDEX.format(reason=error),)
        stored = unit.needs.get_many([item.need_id for item in near])
        states = unit.needs_progress.states(list(stored))
        hidden = unit.needs_progress.unpublished()
        sight = Sight(actor, unit, self._now())
        found = []
        for item in near:
            other = stored.get(item.need_id)
            if other is None:
                continue
            if sees(actor, unit, other) and not is_closed_to(actor, other):
                cases = _cases(actor, other.id, unit)
                found.append(_own(need, sight.one(other) or other, item, states[other.id], cases))
            elif other.id not in hidden and (summary := _public_text(other)):
                found.append(_foreign(need, summary, item, states[other.id]))
        return tuple(found[:_N_SIMILAR]), ()


def _cases(actor: Actor, need_id: str, unit: UnitOfWork) -> list[tuple[Case, Contract | None]]:
    """The matches of a need with their contracts; an enterprise knows of those that it was shown."""
    cases = unit.cases.of_need(need_id, tuple(CaseState))
    if actor.role is Role.ENTERPRISE:
        cases = [case for case in cases if case.pushed_at is not None]
    return [(case, unit.outcomes.get(unit.cases.number(case.id)).contract) for case in cases]


def _own(
    need: Need, other: Need, near: NearNeed, state: NeedState, cases: Sequence[tuple[Case, Contract | None]]
) -> SimilarNeed:
    shared = overlap(f"{need.title}\n{need.text}", f"{other.title}\n{other.text}")
    furthest = max((case.state for case, _ in cases), key=_STEPS.__getitem__, default=None)
    signed = [contract for _, contract in cases if contract is not None]
    return SimilarNeed(
        id=other.id,
        title=other.title,
        summary=other.public_summary,
        state=state,
        similarity=near.similarity,
        is_duplicate=is_duplicate(shared, same_title=same_title(need.title, other.title)),
        n_cases=len(cases),
        furthest=furthest,
        contract=max(signed, key=lambda contract: contract.signed_on, default=None),
    )


def _foreign(need: Need, summary: str, near: NearNeed, state: NeedState) -> SimilarNeed:
    """What is compared is what is shown: nobody learns by trying whether a hidden text has these words."""
    shared = overlap(f"{need.title}\n{need.text}", summary)
    return SimilarNeed(
        id="",
        title="",
        summary=summary,
        state=state,
        similarity=near.similarity,
        is_duplicate=is_duplicate(shared, same_title=same_title(need.title, summary)),
    )


_STEPS: Final[Mapping[CaseState, int]] = {state: step for step, state in enumerate(CaseState)}
"""Places in the order of the workflow, endings last."""


def _public_text(need: Need) -> str:
    """What everybody may read of a need; ``""`` where that is nothing."""
    is_public = need.confidentiality is Confidentiality.PUBLIC
    return hide_contacts(need.public_summary or (need.title if is_public else ""))


def _names(actor: Actor, need: Need, unit: UnitOfWork) -> Sequence[str]:
    """How the enterprise of a need is called, where the actor may know it."""
    owner = unit.enterprises.get(need.enterprise_code) if need.enterprise_code else None
    if owner is None or not actor.sees_enterprise(owner):
        return ()
    return _calls(owner)


def _calls(owner: Enterprise) -> Sequence[str]:
    return tuple(filter(None, (owner.name, *owner.former_names)))
