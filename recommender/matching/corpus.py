"""Which text of which entity is indexed, defined once for building and for explaining.

A piece of evidence is one passage that speaks for itself as an achievement, for its authors and for the
platforms it came from; a profile is one passage of its owner. One long text per person would drown the one
paper that fits.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from embeddings.passages.passage import Passage
from recommender.domain.entities import Achievement, Enterprise, Entity, Expert, Need, Platform
from recommender.domain.kinds import Confidentiality, EntityKind

RECIPE_ID: Final = "passages-1"
"""Changes whenever this module would make other passages of the same entities."""

_BOILERPLATE: Final = re.compile(
    r"依法须经批准|经相关部门批准|许可经营项目|一般项目|许可项目|^项目$|进出口|除外|经营活动|限定企业|禁止|以审批结果为准"
    r"|^技术(服务|开发|咨询|交流|转让|推广)$|自有资金|营业执照|凭.*许可证|国家法律|法律法规"
)
_PROFILE_LABELS: Final = {
    EntityKind.EXPERT: "研究方向",
    EntityKind.PLATFORM: "平台介绍",
    EntityKind.ENTERPRISE: "主营业务",
    EntityKind.NEED: "需求",
}
_CLAUSE_END: Final = re.compile(r"[；;。，,、（）()：:\n]")


def passage_id(kind: EntityKind, entity_id: str) -> str:
    """Id of an entity's own passage."""
    return f"{kind.value}:{entity_id}"


def passage_of(entity: Entity, *, platform_ids: tuple[str, ...] = ()) -> Passage | None:
    """The passage of an entity, or ``None`` where it has no text to be found by.

    Args:
        entity: any entity.
        platform_ids: for an achievement, the platforms it came from.
    """
    title, text = _texts(entity)
    if not title.strip() and not text.strip():
        return None
    return Passage(
        id=passage_id(entity.kind, entity.id),
        title=title,
        text=text,
        label=entity.type if isinstance(entity, Achievement) else _PROFILE_LABELS[entity.kind],
        year=entity.year if isinstance(entity, Achievement) else None,
        owners=_owners(entity, platform_ids),
    )


def evidence_source(passage: str) -> tuple[EntityKind, str]:
    """Kind and external id behind a passage id."""
    kind, _, entity_id = passage.partition(":")
    return EntityKind(kind), entity_id


def _texts(entity: Entity) -> tuple[str, str]:
    match entity:
        case Achievement():
            keywords = "关键词：" + "；".join(entity.keywords) if entity.keywords else ""
            return entity.title, _join("\n", entity.abstract, keywords)
        case Expert():
            return "；".join(entity.research_fields), _join("\n", entity.solvable_problems, entity.biography)
        case Platform():
            fields = "；".join(entity.research_fields)
            return entity.name, _join("\n", fields, entity.services, entity.equipment)
        case Enterprise():
            return entity.name, _join("\n", entity.main_products, business_core(entity.business_scope))
        case Need(confidentiality=Confidentiality.CONFIDENTIAL):
            # What is indexed is shown as evidence to whoever holds an achievement.
            return entity.title, entity.public_summary
        case Need():
            return entity.title, entity.text


def _owners(entity: Entity, platform_ids: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    owners: dict[str, tuple[str, ...]] = {entity.kind.value: (entity.id,)}
    if isinstance(entity, Achievement):
        owners[EntityKind.EXPERT.value] = entity.author_ids
        owners[EntityKind.PLATFORM.value] = platform_ids
    if isinstance(entity, Need) and entity.enterprise_code:
        owners[EntityKind.ENTERPRISE.value] = (entity.enterprise_code,)
    return {group: ids for group, ids in owners.items() if ids}


def business_core(scope: str) -> str:
    """What an enterprise makes: its 经营范围 without the clauses that every licence carries.

    >>> business_core("钢丝绳制造；货物进出口；技术服务、技术开发（依法须经批准的项目，凭许可证经营）")
    '钢丝绳制造'
    """
    clauses = (clause.strip() for clause in _CLAUSE_END.split(scope))
    return "；".join(dict.fromkeys(c for c in clauses if c and not _BOILERPLATE.search(c)))


def _join(separator: str, *parts: str) -> str:
    return separator.join(part for part in parts if part)


def passages(
    entities: Iterable[Entity], platforms_by_achievement: Mapping[str, tuple[str, ...]]
) -> Iterable[Passage]:
    """Passages of many entities, in their order; entities without text are left out."""
    for entity in entities:
        passage = passage_of(entity, platform_ids=platforms_by_achievement.get(entity.id, ()))
        if passage is not None:
            yield passage
