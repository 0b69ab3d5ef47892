"""Everything an officer looks at before deciding on a match, read at one moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from recommender.domain.accounts import Actor, Permission
from recommender.domain.cases import Case, Pair
from recommender.domain.entities import Enterprise, Entity, Expert, Need
from recommender.domain.kinds import EntityKind
from recommender.domain.match import ExclusionCode, Match
from recommender.domain.personal import ConsentState, present_consent
from recommender.domain.workflow import UNREVIEWED_CASE_STATES, CaseState
from recommender.intake.fields import FieldIndicator, indicators_of
from recommender.services.personal.sight import Sight
from recommender.services.review.cases import CaseDetail, CaseService
from recommender.services.review.explaining import MatchExplainer
from recommender.services.review.finding import exclusion_of, n_others
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether the other side can be proposed now.

    Attributes:
        exclusion: why not, ``None`` where it can.
        capacity: enterprises that an expert works with at once, ``None`` where that is not said.
        n_engaged: with how many the expert works, as the register says and by other matches here.
        n_asked: other matches in which somebody waits for an answer about the same target.
        consents: what an expert agreed to, empty for other kinds.
    """

    exclusion: ExclusionCode | None
    capacity: int | None = None
    n_engaged: int = 0
    n_asked: int = 0
    consents: tuple[ConsentState, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One match with what speaks for and against it.

    Attributes:
        source, target: the records as the actor sees them, ``None`` where they are not there.
        owner: the enterprise that the match is for, ``None`` where it is not known or is the source itself.
        match: reasons, evidence and score, ``None`` where they cannot be told any more.
        notes: zh-CN sentences on what cannot be told exactly.
        n_works: achievements of the expert or from the platform; 0 for other kinds.
        indicators: figures that the text of a need names, with their places.
        siblings: how many other matches of the same need stand in each state that somebody decided on.
    """

    detail: CaseDetail
    source: Entity | None
    target: Entity | None
    owner: Enterprise | None
    match: Match | None
    notes: tuple[str, ...]
    standing: Standing
    n_works: int
    indicators: tuple[FieldIndicator, ...]
    siblings: Mapping[CaseState, int]

    @property
    def case(self) -> Case:
        """The match itself."""
        return self.detail.case


class DossierService:
    """Reads dossiers.

    Args:
        cases: shows the match itself.
        explainer: opened when first needed; without an index the rest is shown.
    """

    def __init__(
        self,
        database: Database,
        cases: CaseService,
        explainer: Callable[[], MatchExplainer],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._cases = cases
        self._explainer = explainer
        self._now = now

    def get(self, actor: Actor, id: str) -> Dossier:
        """The dossier of a match or a suggestion.

        Raises:
            Forbidden: the actor does not review.
            NotFound: there is none, or it is not for this actor.
        """
        actor.require(Permission.CASES_REVIEW)
        with self._database.read() as unit:
            detail = self._cases.detail(actor, unit, id)
            case, pair = detail.case, detail.case.pair
            sight = Sight(actor, unit, self._now())
            explained = self._explainer().explain(actor, unit, sight, case)
            owner = unit.enterprises.get(case.enterprise_code) if case.enterprise_code else None
            source = _seen(unit, sight, pair.source_kind, pair.source_id)
            return Dossier(
                detail=detail,
                source=source,
                target=_seen(unit, sight, pair.target_kind, pair.target_id),
                owner=owner if owner is not None and actor.sees_enterprise(owner) else None,
                match=explained.match,
                notes=explained.notes,
                standing=_standing(unit, case),
                n_works=_n_works(unit, pair),
                indicators=indicators_of(source) if isinstance(source, Need) else (),
                siblings=_siblings(unit, case),
            )


def _seen(unit: UnitOfWork, sight: Sight, kind: EntityKind, id: str) -> Entity | None:
    record = unit.of(kind).get(id)
    return None if record is None else sight.one(record)


def _n_works(unit: UnitOfWork, pair: Pair) -> int:
    match pair.target_kind:
        case EntityKind.EXPERT:
            return unit.achievements.n_of_author(pair.target_id)
        case EntityKind.PLATFORM:
            return unit.achievements.n_of_platform(pair.target_id)
    return 0


def _standing(unit: UnitOfWork, case: Case) -> Standing:
    pair = case.pair
    target = unit.of(pair.target_kind).get(pair.target_id)
    n_asked = unit.cases.n_asked(pair.target_kind, pair.target_id, but=case.id)
    if not isinstance(target, Expert):
        return Standing(exclusion=exclusion_of(unit, case), n_asked=n_asked)
    opted_out = target.consent_withdrawn_on is not None
    return Standing(
        exclusion=exclusion_of(unit, case),
        capacity=target.capacity,
        n_engaged=target.n_active_engagements + n_others(unit, case),
        n_asked=n_asked,
        consents=present_consent(unit.consents.of(target.id), opted_out=opted_out),
    )


def _siblings(unit: UnitOfWork, case: Case) -> Mapping[CaseState, int]:
    if not case.need_id:
        return {}
    found = unit.cases.n_by_state(case.need_id, but=case.id)
    return {state: n for state, n in found.items() if state not in UNREVIEWED_CASE_STATES}
