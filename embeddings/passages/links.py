"""Which passages speak for which entities of one group, as a compressed sparse table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class OwnerLinks:
    """Entities of one group and their passages.

    Attributes:
        entity_ids: external ids, ascending; an entity's position in it is its row.
        starts: ``(entities + 1,)`` int64; entity ``e`` owns ``passages[starts[e]:starts[e + 1]]``.
        passages: int64 rows of the passage index, ascending within an entity; none is empty-handed.
    """

    entity_ids: tuple[str, ...]
    starts: npt.NDArray[np.int64]
    passages: npt.NDArray[np.int64]

    @classmethod
    def build(cls, owners: Sequence[Sequence[str]]) -> "OwnerLinks":
        """From the entity ids of each passage, in passage order."""
        rows_by_owner: defaultdict[str, list[int]] = defaultdict(list)
        for row, ids in enumerate(owners):
            for owner in dict.fromkeys(ids):
                rows_by_owner[owner].append(row)
        entity_ids = tuple(sorted(rows_by_owner))
        rows = [rows_by_owner[entity_id] for entity_id in entity_ids]
        return cls(
            entity_ids=entity_ids,
            starts=np.cumsum([0, *map(len, rows)], dtype=np.int64),
            passages=np.fromiter(chain.from_iterable(rows), dtype=np.int64),
        )

    @property
    def population(self) -> npt.NDArray[np.int64]:
        """Distinct passage rows of the group, ascending."""
        return np.unique(self.passages)

    def row_of(self) -> Mapping[str, int]:
        """External id → row."""
        return {entity_id: row for row, entity_id in enumerate(self.entity_ids)}

    def passages_of(self, entity_row: int) -> npt.NDArray[np.int64]:
        """Passage rows of one entity."""
        return self.passages[self.starts[entity_row] : self.starts[entity_row + 1]]
