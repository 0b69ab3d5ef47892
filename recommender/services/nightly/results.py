"""From the candidates of a night to its stored lists, shard by shard."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cached_property
from typing import Any

from recommender.domain.kinds import EntityKind
from recommender.matching.sides import Side
from recommender.nightly.allocation.problem import Choice
from recommender.nightly.lists import Allocated, Table, allocate, unlimited
from recommender.nightly.night import Night
from recommender.nightly.planner import TARGETS
from recommender.nightly.shard import ShardCandidates
from recommender.nightly.suggestions import Row, SuggestionWriter


class NightResults:
    """The lists of a night; the same candidates give the same lists.

    Args:
        night: opened.
        candidates: of all shards that were finished, by number.
    """

    def __init__(self, night: Night, candidates: Mapping[int, ShardCandidates]) -> None:
        self._night = night
        self._candidates = candidates

    @cached_property
    def allocated(self) -> Mapping[EntityKind, Allocated]:
        """Lists of every kind of target that somebody looked for."""
        plan = self._night.plan
        lists = {}
        for kind in self._kinds():
            side = Side.of(kind)
            n_entities = len(self._night.indexes[side].links[kind.value].entity_ids)
            limits = plan.limits if kind is EntityKind.EXPERT else unlimited(n_entities)
            table = Table.of(kind, self._of_side(side), len(plan.rolls[side].keys), plan.depths[kind])
            lists[kind] = allocate(
                table, limits, list_size=plan.policy.list_sizes[kind], strength=plan.policy.strength
            )
        return lists

    @property
    def figures(self) -> dict[str, Any]:
        """Exposure by kind of target, before and after sharing out."""
        return {
            kind.value: {"before": asdict(each.before), "after": asdict(each.after)}
            for kind, each in self.allocated.items()
        }

    def has(self, number: int) -> bool:
        """Whether a shard's candidates are there."""
        return number in self._candidates

    def source_ids(self, number: int) -> dict[str, list[str]]:
        """Ids of a shard's sources by kind."""
        shard = self._night.plan.shards[number]
        keys = self._night.plan.rolls[shard.side].keys
        ids: dict[str, list[str]] = {}
        for source in shard.sources.tolist():
            kind, source_id = keys[source]
            ids.setdefault(kind, []).append(source_id)
        return ids

    def rows(self, number: int) -> Iterator[Row]:
        """The suggestions of a shard."""
        side = self._night.plan.shards[number].side
        return self._writers[side].rows(self._candidates[number], self._choices)

    @cached_property
    def _choices(self) -> Mapping[EntityKind, Choice]:
        return {kind: each.chosen for kind, each in self.allocated.items()}

    @cached_property
    def _writers(self) -> Mapping[Side, SuggestionWriter]:
        return {
            side: SuggestionWriter.of(inputs, self._night.indexes[side], self._night.plan.rolls[side].keys)
            for side, inputs in self._night.inputs.items()
        }

    def _kinds(self) -> Iterator[EntityKind]:
        for side, inputs in self._night.inputs.items():
            yield from (kind for kind in TARGETS[side] if kind in inputs.kinds)

    def _of_side(self, side: Side) -> Iterator[ShardCandidates]:
        for number, candidates in self._candidates.items():
            if self._night.plan.shards[number].side is side:
                yield candidates
