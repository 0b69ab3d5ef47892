"""Coverage and gaps: whom the published run serves well, and where needs find nobody."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from recommender.domain.accounts import Actor
from recommender.domain.cockpit import CockpitScope, CoverageLine, GapLine, Supply, UnservedNeed
from recommender.domain.kinds import EntityKind
from recommender.services.personal.sight import Sight
from recommender.store.coverage import ServedEnterprises, ServedNeed
from recommender.store.unit_of_work import UnitOfWork

N_UNSERVED: Final = 5
"""Needs that a field names of those without a good expert."""

Good = Mapping[str, set[tuple[EntityKind, str]]]
"""Kind and id of what is a good match, by need."""


def supply_of(
    unit: UnitOfWork, actor: Actor, scope: CockpitScope, *, sight: Sight, high_score: float, today: date
) -> Supply:
    """What the published run gives to whom an actor reaches."""
    run = unit.runs.published()
    if run is None:
        return Supply(None, high_score, CoverageLine(key=""), GapLine("", 0, 0, 0, 0, 0), (), (), (), ())
    town, chain = scope.town, scope.industry_chain
    enterprises = unit.coverage.enterprises(actor, run.run_id, high_score, today, town=town, chain=chain)
    needs = unit.coverage.needs(actor, run.run_id, today, town=town, chain=chain)
    good: defaultdict[str, set[tuple[EntityKind, str]]] = defaultdict(set)
    for need_id, kind, target_id in unit.coverage.good_targets(run.run_id, high_score):
        good[need_id].add((kind, target_id))
    gaps = _Gaps(good, sight, high_score)
    (total,) = _coverage(enterprises, needs, lambda _: "", high_score) or [CoverageLine(key="")]
    return Supply(
        run=run,
        high_score=high_score,
        total=total,
        whole=gaps.line("", needs),
        towns=tuple(_coverage(enterprises, needs, lambda each: each.town, high_score)),
        chains=tuple(_coverage(enterprises, needs, lambda each: each.chain, high_score)),
        gaps=tuple(gaps.by(needs, lambda need: need.chain)),
        fields=tuple(gaps.by(needs, lambda need: need.field)),
    )


def _coverage(
    enterprises: Sequence[ServedEnterprises],
    needs: Sequence[ServedNeed],
    key: Callable[[ServedEnterprises | ServedNeed], str],
    high_score: float,
) -> list[CoverageLine]:
    """One line a key, those with the most enterprises first."""
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for each in enterprises:
        line = counts[key(each)]
        line[0] += each.n
        line[1] += each.n_served
    for need in needs:
        line = counts[key(need)]
        line[2] += 1
        line[3] += _is_good(need.best, high_score)
    lines = [
        CoverageLine(key=name, n_enterprises=n[0], n_enterprises_served=n[1], n_needs=n[2], n_needs_served=n[3])
        for name, n in counts.items()
    ]
    return sorted(lines, key=lambda line: (-line.n_enterprises, -line.n_needs, line.key))


class _Gaps:
    """Demand beside supply, field by field."""

    def __init__(self, good: Good, sight: Sight, high_score: float) -> None:
        self._good = good
        self._sight = sight
        self._high_score = high_score

    def by(self, needs: Iterable[ServedNeed], field: Callable[[ServedNeed], str]) -> list[GapLine]:
        """The fields, those with the most needs without a good expert first."""
        of_field: defaultdict[str, list[ServedNeed]] = defaultdict(list)
        for need in needs:
            of_field[field(need)].append(need)
        lines = [self.line(name, found) for name, found in of_field.items()]
        return sorted(lines, key=lambda line: (-line.n_without_expert, -line.n_needs, line.field))

    def line(self, field: str, needs: Sequence[ServedNeed]) -> GapLine:
        """One field."""
        good = {target for need in needs for target in self._good.get(need.id, ())}
        without = [need for need in needs if not _is_good(need.expert, self._high_score)]
        worst = sorted(without, key=lambda need: (-1.0 if need.expert is None else need.expert, need.id))
        return GapLine(
            field=field,
            n_needs=len(needs),
            n_without_expert=len(without),
            n_without_any=sum(not _is_good(need.best, self._high_score) for need in needs),
            n_experts=sum(kind is EntityKind.EXPERT for kind, _ in good),
            n_platforms=sum(kind is EntityKind.PLATFORM for kind, _ in good),
            unserved=tuple(self._named(need) for need in worst[:N_UNSERVED]),
        )

    def _named(self, need: ServedNeed) -> UnservedNeed:
        return UnservedNeed(need.id, self._sight.about(EntityKind.NEED, need.id).text(need.title), need.expert)


def _is_good(score: float | None, high_score: float) -> bool:
    return score is not None and score >= high_score
