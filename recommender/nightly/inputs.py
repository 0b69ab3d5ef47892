"""What a night works on, as arrays: prepared once, then mapped by every worker.

Workers never ask the database. So all of a night's work sees the library as it was when the night began, whenever
and wherever it is done, and a run that is resumed goes on with what it began with.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embeddings.passages.index import PassageIndex
from embeddings.types import FloatMatrix
from recommender.domain.entities import Entity
from recommender.domain.kinds import EntityKind
from recommender.matching.blocks.eligible import sought
from recommender.matching.blocks.found import Sought
from recommender.matching.blocks.kernels import Floats, Rows
from recommender.matching.blocks.linear import FeatureTable, LinearScore, freshness_table, part_weights
from recommender.matching.blocks.moments import Moments
from recommender.matching.blocks.population import Population
from recommender.matching.blocks.queries import QueryBlock, SparseRows
from recommender.matching.config import MatchConfig
from recommender.matching.query import MatchQuery
from recommender.nightly.arrays import Arrays

Depths = Mapping[EntityKind, int]
"""How many candidates of each kind are kept for a source."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources that face one side, as queries.

    Attributes:
        vectors: ``(m, dimension)`` unit rows.
        rows: ``(sources,)`` which of the vectors is a source's own.
        words, factors: as in :class:`recommender.matching.blocks.queries.QueryBlock`.
    """

    vectors: FloatMatrix
    rows: Rows
    words: SparseRows
    factors: Floats

    def __len__(self) -> int:
        return len(self.rows)

    def block(self, chosen: Rows) -> QueryBlock:
        """Some of the sources, in the order given."""
        starts, places = self.words.places(chosen)
        words = SparseRows(starts, self.words.values[places])
        return QueryBlock(self.vectors[self.rows[chosen]], words, self.factors[places])


@dataclass(frozen=True, slots=True)
class KindInputs:
    """One kind of entity: how its passages lie, who may be found, and what else counts."""

    moments: Moments
    sought: Sought
    score: LinearScore


@dataclass(frozen=True, slots=True)
class SideInputs:
    """Everything about one side that is not in its index.

    Attributes:
        sources: that face the side.
        whole: moments of all vectors of the side.
        kinds: found on the side.
    """

    sources: Sources
    whole: Moments
    kinds: Mapping[EntityKind, KindInputs]

    @classmethod
    def of(
        cls,
        index: PassageIndex,
        sources: Sources,
        queries: Sequence[MatchQuery],
        entities: Mapping[EntityKind, Sequence[Entity | None]],
        *,
        depths: Depths,
        config: MatchConfig,
        current_year: int,
    ) -> "SideInputs":
        """Prepare a side.

        Args:
            index: of the side.
            sources, queries: the same sources, in one order.
            entities: of each kind, in the order of the index; ``None`` where one is no longer stored.
            depths: kinds to look for.
            config: numbers of the matcher.
            current_year: for freshness.
        """
        kinds = {}
        for kind, depth in depths.items():
            links = index.links.get(kind.value)
            if links is not None:
                kinds[kind] = KindInputs(
                    Moments.of(index.matrix, links.population),
                    sought(depth, queries, entities[kind]),
                    LinearScore.of(kind, queries, entities[kind], config, current_year=current_year),
                )
        return cls(sources, Moments.of(index.matrix), kinds)

    def populations(self, index: PassageIndex) -> dict[EntityKind, Population]:
        """The kinds as the block scorer wants them."""
        return {
            kind: Population.of(kind, index.links[kind.value], kept.moments) for kind, kept in self.kinds.items()
        }

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """As arrays with telling names; vectors of sources that lie in an index are left out."""
        arrays: dict[str, npt.NDArray[np.generic]] = {
            "sources.rows": self.sources.rows,
            "sources.words.starts": self.sources.words.starts,
            "sources.words.values": self.sources.words.values,
            "sources.factors": self.sources.factors,
            "whole.mean": self.whole.mean,
            "whole.covariance": self.whole.covariance,
        }
        for kind, kept in self.kinds.items():
            arrays |= {f"{kind.value}.{name}": array for name, array in _kind_arrays(kept)}
        return arrays

    @classmethod
    def from_arrays(
        cls, arrays: Arrays, vectors: FloatMatrix, depths: Depths, config: MatchConfig, *, current_year: int
    ) -> "SideInputs":
        """What :meth:`to_arrays` gave, with the vectors that its sources point into."""
        fresh = freshness_table(config, current_year)
        return cls(
            Sources(
                vectors,
                arrays["sources.rows"],
                SparseRows(arrays["sources.words.starts"], arrays["sources.words.values"]),
                arrays["sources.factors"],
            ),
            Moments(arrays["whole.mean"], arrays["whole.covariance"]),
            {
                kind: _kind_inputs(arrays, kind, depth, config, fresh)
                for kind, depth in depths.items()
                if f"{kind.value}.barred" in arrays
            },
        )


def _kind_arrays(kept: KindInputs) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    yield "mean", kept.moments.mean
    yield "covariance", kept.moments.covariance
    yield "barred", kept.sought.barred
    yield "barred_for.starts", kept.sought.barred_for.starts
    yield "barred_for.values", kept.sought.barred_for.values
    for name, table in kept.score.features.items():
        yield f"{name}.table", table.table
        yield f"{name}.wanted", table.wanted
        yield f"{name}.offered", table.offered


def _kind_inputs(
    arrays: Arrays, kind: EntityKind, depth: int, config: MatchConfig, fresh: npt.NDArray[np.float64]
) -> KindInputs:
    weights = part_weights(kind, config)
    features = {
        name: FeatureTable(
            arrays[f"{kind.value}.{name}.table"],
            arrays[f"{kind.value}.{name}.wanted"],
            arrays[f"{kind.value}.{name}.offered"],
        )
        for name in weights
        if f"{kind.value}.{name}.table" in arrays
    }
    return KindInputs(
        Moments(arrays[f"{kind.value}.mean"], arrays[f"{kind.value}.covariance"]),
        Sought(
            depth,
            arrays[f"{kind.value}.barred"],
            SparseRows(arrays[f"{kind.value}.barred_for.starts"], arrays[f"{kind.value}.barred_for.values"]),
        ),
        LinearScore(weights, features, config.text_scale, fresh if "freshness" in weights else np.zeros(0)),
    )
