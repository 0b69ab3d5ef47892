"""What one shard finds: the ranked candidates of some sources, as the bytes that are kept in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.domain.kinds import EntityKind
from recommender.matching.blocks.candidates import Ranked
from recommender.matching.blocks.found import Found
from recommender.matching.blocks.kernels import Rows
from recommender.nightly.arrays import from_bytes, to_bytes

_PARTS = ("entities", "text", "votes", "total")


@dataclass(frozen=True, slots=True)
class ShardCandidates:
    """Candidates of the sources of one side.

    Attributes:
        sources: ``(s,)`` int32 numbers of the sources among those of their side, ascending.
        ranked: by kind, a row per source; entity and passage rows are those of the index that was searched.
    """

    sources: Rows
    ranked: Mapping[EntityKind, Ranked]

    def to_bytes(self) -> bytes:
        """The same candidates give the same bytes."""
        arrays: dict[str, npt.NDArray[np.generic]] = {"sources": self.sources}
        for kind, ranked in self.ranked.items():
            found = ranked.found
            values = (found.entities, found.text, found.votes, ranked.total)
            arrays |= {f"{kind.value}.{name}": array for name, array in zip(_PARTS, values, strict=True)}
        return to_bytes(arrays)

    @classmethod
    def from_bytes(cls, content: bytes) -> "ShardCandidates":
        """What :meth:`to_bytes` gave.

        Raises:
            ValueError: the bytes are not what it gives.
        """
        arrays = from_bytes(content)
        names = {name.partition(".")[0] for name in arrays if name != "sources"}
        try:
            return cls(arrays["sources"], {EntityKind(name): _ranked(arrays, name) for name in names})
        except KeyError as error:
            raise ValueError(f"an array is missing: {error}") from error


def _ranked(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> Ranked:
    entities, text, votes, total = (arrays[f"{name}.{part}"] for part in _PARTS)
    return Ranked(Found(entities, text, votes), total)
