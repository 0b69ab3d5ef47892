"""What points to a record that is merged away, pointed to the one that stays."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar, cast

from recommender.domain.entities import (
    Achievement,
    AchievementPlatform,
    Enterprise,
    Expert,
    Need,
    Platform,
    Record,
)
from recommender.domain.facts import EnterpriseFact, FactIndicator, FactStatus
from recommender.domain.kinds import EntityKind

R = TypeVar("R", bound=Record)

Aliases = Mapping[EntityKind, Mapping[str, str]]
"""By kind: ids that were merged away, with the ids that answer for them now."""


def replaced(ids: Iterable[str], present: Mapping[str, str]) -> tuple[str, ...]:
    """The ids under their present names; one that would stand twice keeps its first place.

    >>> replaced(("E1", "E2", "E3"), {"E1": "E3"})
    ('E3', 'E2')
    """
    return tuple(dict.fromkeys(present.get(id, id) for id in ids))


def redirected(record: R, aliases: Aliases) -> R:
    """The record with every id in it under its present name, its own included.

    What a file says under an old id is said of the record that took it over.
    """
    enterprises, experts, platforms = (
        aliases.get(kind, {}) for kind in (EntityKind.ENTERPRISE, EntityKind.EXPERT, EntityKind.PLATFORM)
    )
    changed: Record
    match record:
        case Enterprise():
            changed = replace(record, code=enterprises.get(record.code, record.code))
        case Expert():
            changed = replace(
                record,
                id=experts.get(record.id, record.id),
                avoided_enterprises=replaced(record.avoided_enterprises, enterprises),
            )
        case Platform():
            changed = replace(record, id=platforms.get(record.id, record.id))
        case Achievement():
            changed = replace(record, author_ids=replaced(record.author_ids, experts))
        case AchievementPlatform():
            changed = replace(record, platform_id=platforms.get(record.platform_id, record.platform_id))
        case Need():
            changed = replace(
                record,
                enterprise_code=enterprises.get(record.enterprise_code, record.enterprise_code),
                intended_experts=replaced(record.intended_experts, experts),
            )
        case EnterpriseFact():
            code = record.enterprise_code
            changed = replace(record, enterprise_code=enterprises.get(code, code))
        case _:
            changed = record
    return cast(R, changed)


def merged_facts(
    survivor_code: str, mine: Iterable[EnterpriseFact], theirs: Iterable[EnterpriseFact]
) -> tuple[EnterpriseFact, ...]:
    """The yearly facts of both under the survivor's code, by year and indicator.

    A confirmed number goes before one that is missing or disputed. Two numbers that contradict each other make a
    conflict without a value; what each says and where it comes from stands in its evidence.
    """
    facts: dict[tuple[int, FactIndicator], EnterpriseFact] = {}
    for fact in (*mine, *theirs):
        own = replace(fact, enterprise_code=survivor_code)
        key = own.year, own.indicator
        facts[key] = _merged_fact(facts[key], own) if key in facts else own
    return tuple(facts[key] for key in sorted(facts))


def _merged_fact(mine: EnterpriseFact, theirs: EnterpriseFact) -> EnterpriseFact:
    if mine.value == theirs.value and mine.status is theirs.status:
        return replace(mine, evidence=_joined(mine.evidence, theirs.evidence))
    for status in (FactStatus.CONFIRMED, FactStatus.CONFLICT):
        holding = [fact for fact in (mine, theirs) if fact.status is status]
        if len(holding) == 1:
            return holding[0]
        if len(holding) > 1:
            break
    else:
        return mine if mine.value is not None else theirs
    evidence = _joined(_stated(mine), _stated(theirs))
    return replace(mine, value=None, status=FactStatus.CONFLICT, evidence=evidence)


def _stated(fact: EnterpriseFact) -> str:
    """A number with its evidence, or the evidence of a conflict, which has the numbers in it."""
    if fact.value is None:
        return fact.evidence
    number = f"{fact.value:.6f}".rstrip("0").rstrip(".") + str(fact.unit)
    return f"{number}（{fact.evidence}）" if fact.evidence else number


def _joined(one: str, other: str) -> str:
    return "；".join(dict.fromkeys(filter(None, (one, other))))
