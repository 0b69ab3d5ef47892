"""Who asks tonight: every open need, every enterprise without one, and every achievement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from recommender.domain.entities import Achievement, Enterprise, Need
from recommender.domain.errors import InvalidInput
from recommender.domain.kinds import EntityKind
from recommender.matching.query import MatchQuery


class ScopeField(StrEnum):
    """The name a user writes before the ``=``."""

    KIND = "来源"
    TOWN = "区镇"
    INDUSTRY_CHAIN = "产业链"


SOURCE_KINDS: Final = (EntityKind.NEED, EntityKind.ENTERPRISE, EntityKind.ACHIEVEMENT)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of the city a run is about; everything by default.

    Attributes:
        kind: of sources: needs, enterprises or achievements; ``None`` for all.
        town, industry_chain: part of the enterprise's own; ``""`` for any. Needs follow their enterprise, and
            achievements, which have none, are left out where one of the two is set.
    """

    kind: EntityKind | None = None
    town: str = ""
    industry_chain: str = ""

    @classmethod
    def parse(cls, expressions: Iterable[str]) -> "Scope":
        """Parse ``区镇=杨舍``, ``产业链=纺织``, ``来源=need``.

        Raises:
            InvalidInput: an unknown name, no value, or no kind of source.
        """
        values = dict.fromkeys(ScopeField, "")
        for expression in expressions:
            name, _, value = (part.strip() for part in expression.partition("="))
            if name not in values or not value:
                raise InvalidInput("nightly.scope", expression=expression, known="、".join(ScopeField))
            values[ScopeField(name)] = value
        kind = values[ScopeField.KIND]
        if kind and kind not in SOURCE_KINDS:
            raise InvalidInput("nightly.scope_kind", kind=kind, allowed="、".join(SOURCE_KINDS))
        return cls(EntityKind(kind) if kind else None, values[ScopeField.TOWN], values[ScopeField.INDUSTRY_CHAIN])

    @property
    def label(self) -> str:
        """The scope as a user writes it, ``""`` for everything."""
        values = (self.kind or "", self.town, self.industry_chain)
        return " ".join(f"{name}={value}" for name, value in zip(ScopeField, values, strict=True) if value)

    def asks(self, kind: EntityKind) -> bool:
        """Whether sources of a kind belong to the scope at all."""
        return self.kind in (None, kind)

    def covers(self, enterprise: Enterprise | None) -> bool:
        """Whether an enterprise, and what it has filed, belongs to the scope."""
        if not self.town and not self.industry_chain:
            return True
        return enterprise is not None and (
            self.town in enterprise.town and self.industry_chain in enterprise.industry_chain
        )


def is_open(need: Need, as_of: date) -> bool:
    """Whether a need still looks for somebody: its deadline, if it has one, has not passed."""
    return need.deadline is None or need.deadline >= as_of


def asking_supply(
    needs: Iterable[Need], enterprises: Mapping[str, Enterprise], scope: Scope, *, as_of: date, max_chars: int
) -> list[MatchQuery]:
    """Open needs by id, then the enterprises without one by code; who has no text asks nothing."""
    open_needs = sorted((need for need in needs if is_open(need, as_of)), key=lambda need: need.id)
    asking = {need.enterprise_code for need in open_needs}
    queries = []
    if scope.asks(EntityKind.NEED):
        for need in open_needs:
            owner = enterprises.get(need.enterprise_code)
            if scope.covers(owner):
                queries.append(MatchQuery.of_need(need, owner, max_chars=max_chars))
    if scope.asks(EntityKind.ENTERPRISE):
        for code in sorted(enterprises):
            if code not in asking and scope.covers(enterprises[code]):
                queries.append(MatchQuery.of_enterprise(enterprises[code], max_chars=max_chars))
    return [query for query in queries if query.title or query.text]


def asking_demand(achievements: Iterable[Achievement], scope: Scope) -> list[MatchQuery]:
    """Achievements by id."""
    if not scope.asks(EntityKind.ACHIEVEMENT) or not scope.covers(None):
        return []
    return sorted(map(MatchQuery.of_achievement, achievements), key=lambda query: query.source_id)
