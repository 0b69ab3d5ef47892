"""The linear score of many candidates at once, with the features of :mod:`recommender.matching.ranking`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recommender.domain.entities import Entity
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.matching.blocks.found import NOBODY, Found
from recommender.matching.blocks.kernels import Doubles, Rows
from recommender.matching.config import MatchConfig
from recommender.matching.query import MatchQuery
from recommender.matching.ranking import CIRCUMSTANCES, Circumstance, freshness

_TEXT: Final = "text"
_FRESHNESS: Final = "freshness"


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """A feature for every pair of a query and an entity, by the distinct values of both sides.

    Attributes:
        table: ``(wanted values, offered values)`` float64 in [0, 1].
        wanted: ``(queries,)`` int32 which value each query wants.
        offered: ``(entities,)`` int32 which value each entity offers.
    """

    table: Doubles
    wanted: Rows
    offered: Rows

    @classmethod
    def of(
        cls, circumstance: Circumstance, queries: Iterable[MatchQuery], entities: Iterable[Entity | None]
    ) -> "FeatureTable":
        """Tabulate a circumstance; entities that are gone (``None``) get the value of the first one."""
        wanted, wanted_codes = _coded(map(circumstance.wanted, queries))
        offered, offered_codes = _coded(
            None if entity is None else (circumstance.offered(entity),) for entity in entities
        )
        table = np.array(
            [
                [0.0 if value is None else circumstance.value(wish, value[0]) for value in offered]
                for wish in wanted
            ],
            dtype=np.float64,
        ).reshape(len(wanted), len(offered))
        return cls(table, wanted_codes, offered_codes)

    def values(self, queries: Rows, entities: Rows) -> Doubles:
        """``(q, k)`` values for ``(q,)`` queries and their ``(q, k)`` entities."""
        return np.asarray(self.table[self.wanted[queries][:, None], self.offered[entities]])


@dataclass(frozen=True, slots=True)
class LinearScore:
    """The score of one kind.

    Attributes:
        weights: by part, in the order of the parts.
        features: tables of the circumstances that apply.
        text_scale: of :class:`recommender.matching.config.MatchConfig`.
        freshness_by_year: value by year, index 0 where the year is not known; empty where it does not count.
    """

    weights: Mapping[str, float]
    features: Mapping[str, FeatureTable]
    text_scale: float
    freshness_by_year: Doubles

    @classmethod
    def of(
        cls,
        kind: EntityKind,
        queries: Sequence[MatchQuery],
        entities: Sequence[Entity | None],
        config: MatchConfig,
        *,
        current_year: int,
    ) -> "LinearScore":
        """Tabulate everything for these queries and the entities of a kind, in the order of their rows."""
        features = {
            circumstance.name: FeatureTable.of(circumstance, queries, entities)
            for circumstance in CIRCUMSTANCES
            if kind in circumstance.kinds
        }
        fresh = freshness_table(config, current_year) if kind in SUPPLY_KINDS else np.zeros(0)
        return cls(part_weights(kind, config), features, config.text_scale, fresh)

    def parts(self, queries: Rows, found: Found, years: npt.NDArray[np.int16]) -> dict[str, Doubles]:
        """Contribution of every part, ``(q, k)`` each.

        Args:
            queries: ``(q,)`` which queries.
            found: what was found for them.
            years: by passage row, 0 where not known.
        """
        text = 1.0 - np.exp(-np.maximum(found.text.astype(np.float64), 0.0) / self.text_scale)
        values = {_TEXT: text}
        values |= {name: table.values(queries, found.entities) for name, table in self.features.items()}
        if self.freshness_by_year.size:
            newest = np.where(found.votes >= 0, years[found.votes], 0).max(axis=2)
            values[_FRESHNESS] = self.freshness_by_year[newest]
        return {name: values[name] * weight for name, weight in self.weights.items()}

    def total(self, parts: Mapping[str, Doubles], found: Found) -> Doubles:
        """``(q, k)`` scores in [0, 1]; below every score where nobody is."""
        summed = np.zeros(found.entities.shape)
        for name in self.weights:
            summed += parts[name]
        return np.where(found.entities == NOBODY, -1.0, summed / sum(self.weights.values()))


def part_weights(kind: EntityKind, config: MatchConfig) -> dict[str, float]:
    """Weights of the parts that apply to a kind, in their order."""
    names = [circumstance.name for circumstance in CIRCUMSTANCES if kind in circumstance.kinds]
    names = [_TEXT, *names, *([_FRESHNESS] if kind in SUPPLY_KINDS else [])]
    return {name: float(getattr(config.weights, name)) for name in names}


def freshness_table(config: MatchConfig, current_year: int) -> Doubles:
    """Freshness by year up to any year that a passage can have."""
    half_life = config.freshness_half_life_years
    years = range(int(np.iinfo(np.int16).max) + 1)
    return np.array([freshness(year or None, current_year, half_life) for year in years])


def _coded(values: Iterable[Any]) -> tuple[list[Any], Rows]:
    """The distinct values by first appearance, and the number of each value."""
    numbers: dict[Any, int] = {}
    codes = [numbers.setdefault(value, len(numbers)) for value in values]
    return list(numbers), np.array(codes, dtype=np.int32)
