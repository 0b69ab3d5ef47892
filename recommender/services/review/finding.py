"""Finding a match for who may see it: a stored one, or a suggestion on which nobody has acted."""

from dataclasses import replace

from recommender.domain.accounts import Actor
from recommender.domain.cases import Case, Pair, Shown
from recommender.domain.entities import Expert, Need
from recommender.domain.errors import Conflict, NotFound
from recommender.domain.kinds import EntityKind
from recommender.domain.match import ExclusionCode
from recommender.domain.runs import MatchRun, Suggestion
from recommender.domain.workflow import OPEN_NEED_STATES, CaseState
from recommender.matching.eligibility import standing_exclusion
from recommender.store.unit_of_work import UnitOfWork


def case_for(actor: Actor, unit: UnitOfWork, id: str) -> Case:
    """The match with that id, at version 0 where nobody has acted on it; locked in a unit that writes.

    Raises:
        NotFound: there is none, neither stored nor suggested nor wished for, or it is not for this actor.
    """
    pair = Pair.parse(id)
    case = unit.cases.get(id) or suggested(unit, pair) or wished(unit, pair)
    if case is None or not unit.cases.is_for(actor, case):
        raise NotFound("review.case_not_found", id=id)
    return case


def suggested(unit: UnitOfWork, pair: Pair | None) -> Case | None:
    """What the published run suggests, as a match on which nobody has acted; ``None`` where it does not."""
    published = unit.runs.published() if pair is not None else None
    run = unit.runs.get(published.run_id) if published is not None else None
    if pair is None or run is None:
        return None
    found = unit.runs.suggestions(run.id, pair.source_id, pair.target_kind, source_kind=pair.source_kind)
    suggestion = next((item for item in found if item.target_id == pair.target_id), None)
    return None if suggestion is None else unopened(unit, pair, shown_of(suggestion, run))


def wished(unit: UnitOfWork, pair: Pair | None) -> Case | None:
    """What an enterprise asked for though the published run does not suggest it; ``None`` where it did not."""
    if pair is None or not unit.wishes.get(pair).is_wanted:
        return None
    return unopened(unit, pair, None)


def unopened(unit: UnitOfWork, pair: Pair, shown: Shown | None) -> Case:
    """A match at version 0."""
    need_id, enterprise_code = parties(unit, pair)
    return Case(
        id=pair.id,
        pair=pair,
        need_id=need_id,
        enterprise_code=enterprise_code,
        state=CaseState.SUGGESTED,
        version=0,
        shown=shown,
    )


def shown_of(suggestion: Suggestion, run: MatchRun) -> Shown:
    """What a list shows of a suggestion."""
    return Shown(
        run_id=run.id,
        snapshot_id=run.snapshot_id,
        encoder_id=run.encoder_id,
        configuration_hash=run.configuration_hash,
        position=suggestion.position,
        score=suggestion.score,
        parts=dict(suggestion.parts),
        reason=suggestion.reason,
        evidence_ids=suggestion.evidence_ids,
    )


def parties(unit: UnitOfWork, pair: Pair) -> tuple[str, str]:
    """Id of the need and code of the enterprise that a pair is about, ``""`` where there is none."""
    sides = {pair.source_kind: pair.source_id, pair.target_kind: pair.target_id}
    need_id = sides.get(EntityKind.NEED, "")
    if need_id:
        need = unit.needs.get(need_id)
        return need_id, need.enterprise_code if isinstance(need, Need) else ""
    return "", sides.get(EntityKind.ENTERPRISE, "")


def require_open_need(unit: UnitOfWork, case: Case) -> None:
    """Refuse to go on with a match whose need looks for nobody.

    Raises:
        Conflict: names where the need stands.
    """
    if not case.need_id:
        return
    state = unit.needs_progress.states([case.need_id])[case.need_id]
    if state not in OPEN_NEED_STATES:
        raise Conflict("review.need_not_open", id=case.need_id, state=state.value)


def require_eligible(unit: UnitOfWork, case: Case) -> None:
    """Refuse to propose who may not be proposed now; an expert stays locked, so that places are counted right.

    Raises:
        Conflict: names why.
    """
    code = exclusion_of(unit, case)
    if code is not None:
        raise Conflict("review.not_eligible", id=case.pair.target_id, why=code.value)


def exclusion_of(unit: UnitOfWork, case: Case) -> ExclusionCode | None:
    """Why the target of a match may not be proposed now, running matches counted, or ``None``."""
    entity = unit.of(case.pair.target_kind).get(case.pair.target_id)
    if isinstance(entity, Expert):
        if case.enterprise_code and case.enterprise_code in entity.avoided_enterprises:
            return ExclusionCode.CONFLICT
        entity = replace(entity, n_active_engagements=entity.n_active_engagements + n_others(unit, case))
    return standing_exclusion(entity)


def n_others(unit: UnitOfWork, case: Case) -> int:
    """How many other running matches take a place of the expert."""
    return unit.cases.n_running(case.pair.target_id, but=case.id)
