"""Plans a night: who asks, what has to be worked on, in which shards, and what is carried over."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from embeddings.encoders.cache import CachedEncoder
from embeddings.passages.index import PassageIndex, read_index
from embeddings.snapshots.manifest import Manifest
from embeddings.snapshots.store import SnapshotStore
from embeddings.text.segment import Segmenter
from recommender.domain.entities import Achievement, Enterprise, Entity, Expert, Need, Platform
from recommender.domain.errors import InvalidInput
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.domain.settled import Settled, Source
from recommender.matching.blocks.kernels import Rows
from recommender.matching.config import MatchConfig
from recommender.matching.failures import translated_failures
from recommender.matching.fusion import Normalisation
from recommender.matching.query import MatchQuery
from recommender.matching.serving import check_fit
from recommender.matching.sides import Side
from recommender.nightly.carrying import Carried, Roll, Why, carry, compare
from recommender.nightly.fingerprints import catalogue_hash, source_hashes
from recommender.nightly.inputs import SideInputs, Sources
from recommender.nightly.lists import AllocationPolicy
from recommender.nightly.night import NightPlan, Shard, write_night
from recommender.nightly.preparation import achievements_as_sources, entities_in_order, needs_as_sources
from recommender.nightly.shard import ShardCandidates

TARGETS: Final = {Side.SUPPLY: SUPPLY_KINDS, Side.DEMAND: (EntityKind.ENTERPRISE,)}
"""What is suggested on either side. An achievement is shown enterprises: behind a need stands one."""

PlanProgress = Callable[[int, int], None]
"""Told how many of how many texts are encoded."""


@dataclass(frozen=True, slots=True)
class Library:
    """The library as it stands when the night begins, by id.

    Attributes:
        settled: whom each source is not suggested anew, by kind and id of the source.
    """

    needs: Mapping[str, Need]
    enterprises: Mapping[str, Enterprise]
    experts: Mapping[str, Expert]
    platforms: Mapping[str, Platform]
    achievements: Mapping[str, Achievement]
    settled: Mapping[Source, tuple[Settled, ...]]

    def of(self, kind: EntityKind) -> Mapping[str, Entity]:
        """The entities of one kind."""
        by_kind: dict[EntityKind, Mapping[str, Entity]] = {
            EntityKind.NEED: self.needs,
            EntityKind.ENTERPRISE: self.enterprises,
            EntityKind.EXPERT: self.experts,
            EntityKind.PLATFORM: self.platforms,
            EntityKind.ACHIEVEMENT: self.achievements,
        }
        return by_kind[kind]


class FormerNight:
    """The night that candidates may be taken over from.

    Args:
        plan: of that night.
        load: the candidates it has kept, by shard; called at most once, and only where something is taken over.
    """

    def __init__(self, plan: NightPlan, load: Callable[[], Mapping[int, ShardCandidates]]) -> None:
        self.plan = plan
        self._load = load

    @cached_property
    def shards(self) -> Mapping[int, ShardCandidates]:
        """Kept candidates by shard."""
        return self._load()

    def available(self, side: Side) -> npt.NDArray[np.bool_]:
        """``(sources of the side,)`` whose candidates are kept."""
        kept = np.zeros(len(self.plan.rolls[side].keys), dtype=np.bool_)
        for candidates in self.of_side(side):
            kept[candidates.sources] = True
        return kept

    def of_side(self, side: Side) -> list[ShardCandidates]:
        """Kept candidates of one side."""
        return [kept for number, kept in self.shards.items() if self.plan.shards[number].side is side]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedNight:
    """A night's folder is written; this is what the database has to know.

    Attributes:
        plan: what the folder says.
        manifest: of the index generation.
        inputs_hash: of the folder.
        carried: candidates by shard number that are there already.
        reasons: how many sources of each side are worked on, and why.
    """

    plan: NightPlan
    manifest: Manifest
    inputs_hash: str
    carried: Mapping[int, ShardCandidates]
    reasons: Mapping[Side, Mapping[Why, int]]

    @property
    def n_sources(self) -> int:
        """How many sources ask."""
        return sum(len(roll.keys) for roll in self.plan.rolls.values())

    @property
    def pending(self) -> list[int]:
        """Numbers of the shards to work on."""
        return [number for number in range(len(self.plan.shards)) if number not in self.carried]


@dataclass(frozen=True, slots=True)
class _Opened:
    """The generation that a night works on."""

    folder: Path
    manifest: Manifest
    indexes: Mapping[Side, PassageIndex]


@dataclass(frozen=True, slots=True)
class _PlannedSide:
    """Everything about the sources that search one side."""

    roll: Roll
    inputs: SideInputs
    compared: Carried


class NightPlanner:
    """Plans nights over the current index generation.

    Args:
        snapshots: where generations live.
        encoder, segmenter, config: those that serve users.
        depths: candidates kept for a source, by kind of target.
        policy: how lists are shared out.
        shard_size: sources in a shard.
    """

    def __init__(
        self,
        snapshots: SnapshotStore,
        encoder: CachedEncoder,
        segmenter: Segmenter,
        config: MatchConfig,
        *,
        depths: Mapping[EntityKind, int],
        policy: AllocationPolicy,
        shard_size: int,
    ) -> None:
        self._snapshots = snapshots
        self._encoder = encoder
        self._segmenter = segmenter
        self._config = config
        self._depths = depths
        self._policy = policy
        self._shard_size = shard_size

    def check_settings(self) -> None:
        """See that blocks can be scored with these settings at all.

        Raises:
            InvalidInput: another normalisation than by z-scores.
        """
        if self._config.normalisation is not Normalisation.Z_SCORE:
            raise InvalidInput("nightly.normalisation", present=self._config.normalisation.value)

    def plan(
        self,
        folder: Path,
        library: Library,
        asking: Mapping[Side, Sequence[MatchQuery]],
        former: FormerNight | None,
        *,
        current_year: int,
        on_progress: PlanProgress,
    ) -> PlannedNight:
        """Prepare a night and write its folder.

        Args:
            folder: to write; what is there is replaced.
            library: the entities.
            asking: sources by the side they search.
            former: to take candidates over from.
            current_year: for freshness.
            on_progress: told how far it is.

        Raises:
            SearchUnavailable: there is no sound index, it was made by another encoder, or the encoder gives no
                usable vector.
        """
        opened = self._open()
        experts = _in_order(opened, Side.SUPPLY, library).get(EntityKind.EXPERT, [])
        sides = {
            side: self._side(
                side, opened, library, queries, former, current_year=current_year, on_progress=on_progress
            )
            for side, queries in asking.items()
            if queries
        }
        carried = [
            (side, candidates)
            for side, planned in sides.items()
            if former is not None and (planned.compared.former >= 0).any()
            for candidates in carry(planned.compared, former.of_side(side))
        ]
        worked_on = [
            Shard(side, part)
            for side, planned in sides.items()
            for part in _parts(planned.compared.stale, self._shard_size)
        ]
        plan = NightPlan(
            generation=opened.folder,
            config=self._config,
            current_year=current_year,
            depths=self._depths,
            shards=[*worked_on, *(Shard(side, candidates.sources) for side, candidates in carried)],
            rolls={side: planned.roll for side, planned in sides.items()},
            limits=self._policy.limits(experts),
            policy=self._policy,
        )
        return PlannedNight(
            plan=plan,
            manifest=opened.manifest,
            inputs_hash=write_night(folder, plan, {side: planned.inputs for side, planned in sides.items()}),
            carried={len(worked_on) + place: candidates for place, (_, candidates) in enumerate(carried)},
            reasons={side: planned.compared.reasons for side, planned in sides.items()},
        )

    def _open(self) -> _Opened:
        with translated_failures():
            folder, manifest, _ = self._snapshots.open_sound()
            check_fit(manifest, self._encoder, self._segmenter)
            return _Opened(folder, manifest, {side: read_index(folder / side, mapped=True) for side in Side})

    def _side(
        self,
        side: Side,
        opened: _Opened,
        library: Library,
        asking: Sequence[MatchQuery],
        former: FormerNight | None,
        *,
        current_year: int,
        on_progress: PlanProgress,
    ) -> _PlannedSide:
        queries, sources = self._sources(side, opened, asking, on_progress)
        entities = _in_order(opened, side, library)
        depths = {kind: self._depths[kind] for kind in entities}
        inputs = SideInputs.of(
            opened.indexes[side],
            sources,
            queries,
            entities,
            depths=depths,
            config=self._config,
            current_year=current_year,
        )
        # An achievement asks with what its own side holds of it.
        parts = [side] if side is Side.SUPPLY else list(Side)
        catalogue = catalogue_hash(
            [opened.manifest.part_hash(part) for part in parts],
            entities,
            opened.manifest.encoder_id,
            opened.manifest.segmenter_id,
            self._config.hash,
            sorted(depths.items()),
            current_year,
        )
        keys = [(str(query.source_kind), query.source_id) for query in queries]
        roll = Roll(keys, source_hashes(queries), catalogue)
        before = former.plan.rolls.get(side) if former else None
        return _PlannedSide(roll, inputs, compare(roll, before, partial(_available, former, side)))

    def _sources(
        self, side: Side, opened: _Opened, asking: Sequence[MatchQuery], on_progress: PlanProgress
    ) -> tuple[Sequence[MatchQuery], Sources]:
        index = opened.indexes[side]
        if side is Side.DEMAND:
            return achievements_as_sources(asking, opened.indexes[Side.SUPPLY], index, self._segmenter)
        with translated_failures():
            sources = needs_as_sources(
                asking, index, self._encoder, self._segmenter, self._config, on_progress=on_progress
            )
        return asking, sources


def _in_order(opened: _Opened, side: Side, library: Library) -> dict[EntityKind, list[Entity | None]]:
    read = {kind: library.of(kind) for kind in TARGETS[side]}
    return entities_in_order(opened.indexes[side], TARGETS[side], read)


def _available(former: FormerNight | None, side: Side) -> npt.NDArray[np.bool_]:
    assert former is not None
    return former.available(side)


def _parts(numbers: Rows, size: int) -> Iterator[Rows]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]
