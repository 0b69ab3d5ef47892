"""Matches as an actor sees them: persons masked, contacts in free text hidden, internal steps left out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from recommender.domain.accounts import Actor, Role
from recommender.domain.case_lists import CaseLine
from recommender.domain.cases import Case, Outcome, Transition
from recommender.domain.entities import Achievement, Enterprise, Entity, Expert, Need, Platform
from recommender.domain.kinds import EntityKind
from recommender.domain.wishes import Wish
from recommender.domain.workflow import CaseState
from recommender.services.personal.sight import Sight
from recommender.store.unit_of_work import UnitOfWork


def seen_case(sight: Sight, case: Case) -> Case:
    """A match without contacts in the reason that was shown."""
    if case.shown is None:
        return case
    return replace(case, shown=replace(case.shown, reason=sight.text(case.shown.reason)))


def seen_timeline(sight: Sight, timeline: Sequence[Transition]) -> list[Transition]:
    """Steps without contacts in their notes."""
    return [replace(step, note=sight.text(step.note)) if step.note else step for step in timeline]


def timeline_for(actor: Actor, timeline: Sequence[Transition]) -> Sequence[Transition]:
    """The steps that are for the actor: how a match was reviewed before it was pushed is not the enterprise's."""
    if actor.role is not Role.ENTERPRISE:
        return timeline
    pushed = [number for number, step in enumerate(timeline) if step.to_state is CaseState.PUSHED]
    return timeline[pushed[0] :] if pushed else ()


def seen_outcome(sight: Sight, outcome: Outcome) -> Outcome:
    """An outcome without contacts in what was written."""
    milestones = tuple(
        replace(item, title=sight.text(item.title), note=sight.text(item.note)) for item in outcome.milestones
    )
    evaluations = tuple(replace(item, text=sight.text(item.text)) for item in outcome.evaluations)
    return replace(outcome, milestones=milestones, evaluations=evaluations)


def shown_lines(unit: UnitOfWork, sight: Sight, cases: Sequence[Case]) -> list[CaseLine]:
    """The matches with the names of whom they are about, each kind of record read once."""
    wanted: defaultdict[EntityKind, set[str]] = defaultdict(set)
    for case in cases:
        wanted[case.pair.source_kind].add(case.pair.source_id)
        wanted[case.pair.target_kind].add(case.pair.target_id)
        wanted[EntityKind.NEED].add(case.need_id)
        wanted[EntityKind.ENTERPRISE].add(case.enterprise_code)
    found = {kind: unit.of(kind).get_many(sorted(ids - {""})) for kind, ids in wanted.items()}
    names = {
        kind: sight.names(kind, {id: record.name for id, record in records.items()})
        for kind, records in found.items()
    }
    wishes = unit.wishes.of_pairs([case.pair for case in cases])
    return [replace(_line(case, found, names), wish=seen_wish(sight, wishes.get(case.pair.id))) for case in cases]


def seen_wish(sight: Sight, wish: Wish | None) -> Wish | None:
    """A wish without contacts in what was written and in what was shown."""
    if wish is None:
        return None
    shown = wish.shown and replace(wish.shown, reason=sight.text(wish.shown.reason))
    return replace(wish, note=sight.text(wish.note), shown=shown)


def _line(
    case: Case,
    found: Mapping[EntityKind, Mapping[str, Entity]],
    names: Mapping[EntityKind, Mapping[str, str]],
) -> CaseLine:
    pair = case.pair
    need = found[EntityKind.NEED].get(case.need_id)
    owner = found[EntityKind.ENTERPRISE].get(case.enterprise_code)
    chains = [record.industry_chain for record in (need, owner) if isinstance(record, Need | Enterprise)]
    return CaseLine(
        case=case,
        source_name=names[pair.source_kind].get(pair.source_id, ""),
        target_name=names[pair.target_kind].get(pair.target_id, ""),
        target_organisation=_organisation(found[pair.target_kind].get(pair.target_id)),
        enterprise_name=names[EntityKind.ENTERPRISE].get(case.enterprise_code, ""),
        town=owner.town if isinstance(owner, Enterprise) else "",
        industry_chain=next(filter(None, chains), ""),
    )


def _organisation(entity: Entity | None) -> str:
    match entity:
        case Platform(host_organisation=organisation):
            return organisation
        case Expert(organisation=organisation) | Achievement(organisation=organisation):
            return organisation
    return ""
