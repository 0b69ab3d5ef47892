"""The folder of one night: everything that workers need beside the index, and the plan of the shards.

``night/`` says what is to be done; ``supply/`` and ``demand/`` hold the inputs of the sides that are searched.
"""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from embeddings.passages.index import PassageIndex, read_index
from recommender.domain.kinds import EntityKind
from recommender.matching.blocks.kernels import Rows
from recommender.matching.blocks.queries import SparseRows
from recommender.matching.config import MatchConfig, RankingWeights
from recommender.matching.fusion import Normalisation
from recommender.matching.sides import Side
from recommender.nightly.arrays import folder_hash, read_folder, write_folder
from recommender.nightly.carrying import Roll
from recommender.nightly.inputs import SideInputs
from recommender.nightly.lists import AllocationPolicy

_NIGHT: Final = "night"
_VECTORS: Final = "sources.vectors"
_UNFINISHED: Final = ".preparing-"


@dataclass(frozen=True, slots=True)
class Shard:
    """Some sources of one side, worked on together.

    Attributes:
        side: that they search.
        sources: ``(s,)`` int32 their numbers, ascending.
    """

    side: Side
    sources: Rows


@dataclass(frozen=True, slots=True)
class NightPlan:
    """What a night does.

    Attributes:
        generation: folder of the index generation.
        config: numbers of the matcher.
        current_year: for freshness.
        depths: candidates kept by kind.
        shards: in order; a shard's number is its place.
        rolls: the sources of each side.
        limits: ``(experts,)`` in how many lists each expert may stand.
        policy: how lists are shared out.
    """

    generation: Path
    config: MatchConfig
    current_year: int
    depths: Mapping[EntityKind, int]
    shards: Sequence[Shard]
    rolls: Mapping[Side, Roll]
    limits: Rows
    policy: AllocationPolicy

    @classmethod
    def read(cls, folder: Path) -> "NightPlan":
        """The plan in a night's folder."""
        arrays, facts = read_folder(folder / _NIGHT)
        table = SparseRows(arrays["shards.starts"], arrays["shards.sources"])
        sides = [list(Side)[code] for code in arrays["shards.sides"].tolist()]
        return cls(
            generation=Path(facts["generation"]),
            config=_config(facts["config"]),
            current_year=facts["current_year"],
            depths=_by_kind(facts["depths"]),
            shards=[Shard(side, table.of_row(number)) for number, side in enumerate(sides)],
            rolls={
                Side(side): Roll([(kind, id_) for kind, id_ in keys], arrays[f"{side}.hashes"], catalogue)
                for side, (keys, catalogue) in facts["rolls"].items()
            },
            limits=arrays["limits"],
            policy=AllocationPolicy(
                **(facts["policy"] | {"list_sizes": _by_kind(facts["policy"]["list_sizes"])})
            ),
        )

    def write(self, folder: Path) -> str:
        """Write the plan into an empty folder and return its hash."""
        sources = SparseRows.of([shard.sources.tolist() for shard in self.shards])
        arrays: dict[str, npt.NDArray[Any]] = {
            "shards.sides": np.array([list(Side).index(shard.side) for shard in self.shards], dtype=np.int8),
            "shards.starts": sources.starts,
            "shards.sources": sources.values,
            "limits": self.limits,
            **{f"{side}.hashes": roll.hashes for side, roll in self.rolls.items()},
        }
        facts = {
            "generation": str(self.generation),
            "config": asdict(self.config),
            "current_year": self.current_year,
            "depths": dict(self.depths),
            "rolls": {side: (roll.keys, roll.catalogue) for side, roll in self.rolls.items()},
            "policy": asdict(self.policy),
        }
        return write_folder(folder, arrays, facts)


def write_night(folder: Path, plan: NightPlan, inputs: Mapping[Side, SideInputs]) -> str:
    """Write a night's folder, all of it or nothing.

    Returns:
        SHA-256 of what the night works on.
    """
    unfinished = folder.with_name(f"{_UNFINISHED}{folder.name}")
    for leftover in (unfinished, folder):
        shutil.rmtree(leftover, ignore_errors=True)
    unfinished.mkdir(parents=True)
    hashes = []
    for side, kept in inputs.items():
        arrays = kept.to_arrays()
        if side is Side.SUPPLY:
            arrays[_VECTORS] = kept.sources.vectors
        part = unfinished / side
        part.mkdir()
        hashes.append(write_folder(part, arrays, {}))
    part = unfinished / _NIGHT
    part.mkdir()
    hashes.append(plan.write(part))
    unfinished.rename(folder)
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def night_hash(folder: Path) -> str | None:
    """The hash that :func:`write_night` returned, ``None`` where the folder is not whole and unchanged."""
    hashes = [folder_hash(folder / part) for part in (*_sides(folder), _NIGHT)]
    if any(part is None for part in hashes):
        return None
    return hashlib.sha256("".join(filter(None, hashes)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Night:
    """A night's folder and its index, opened; everything large is mapped.

    Attributes:
        plan: what is to be done.
        indexes: of both sides.
        inputs: of the sides that have sources.
    """

    plan: NightPlan
    indexes: Mapping[Side, PassageIndex]
    inputs: Mapping[Side, SideInputs]

    @classmethod
    def open(cls, folder: Path) -> "Night":
        """Open what :func:`write_night` wrote."""
        plan = NightPlan.read(folder)
        indexes = {side: read_index(plan.generation / side, mapped=True) for side in Side}
        inputs = {}
        for side in _sides(folder):
            kept, _ = read_folder(folder / side)
            vectors = kept[_VECTORS] if _VECTORS in kept else indexes[Side.SUPPLY].matrix
            inputs[side] = SideInputs.from_arrays(
                kept, vectors, plan.depths, plan.config, current_year=plan.current_year
            )
        return cls(plan, indexes, inputs)


def _sides(folder: Path) -> tuple[Side, ...]:
    return tuple(side for side in Side if (folder / side).is_dir())


def _by_kind(numbers: Mapping[str, int]) -> dict[EntityKind, int]:
    return {EntityKind(kind): number for kind, number in numbers.items()}


def _config(values: dict[str, Any]) -> MatchConfig:
    typed = {
        "weights": RankingWeights(**values["weights"]),
        "normalisation": Normalisation(values["normalisation"]),
    }
    return MatchConfig(**(values | typed))
