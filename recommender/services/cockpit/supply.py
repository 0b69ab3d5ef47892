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

Good = Mapping[str, Mapping[EntityKind, frozenset[str]]]
"""Ids of what is a good match, by need and kind."""


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
    gaps = _Gaps(unit.coverage.good_targets(run.run_id, high_score), sight, high_score)
    return Supply(
        run=run,
        high_score=high_score,
        total=_total(enterprises, needs, high_score),
        whole=gaps.line("", needs),
        towns=tuple(_coverage(enterprises, needs, lambda each: each.town, high_score)),
        chains=tuple(_coverage(enterprises, needs, lambda each: each.chain, high_score)),
        gaps=tuple(gaps.by(needs, lambda need: need.chain)),
        fields=tuple(gaps.by(needs, lambda need: need.field)),
    )


def coverage_of(
    unit: UnitOfWork, actor: Actor, scope: CockpitScope, *, high_score: float, today: date
) -> CoverageLine | None:
    """Coverage of everything within the scope, ``None`` before anything was published."""
    run = unit.runs.published()
    if run is None:
        return None
    town, chain = scope.town, scope.industry_chain
    enterprises = unit.coverage.enterprises(actor, run.run_id, high_score, today, town=town, chain=chain)
    needs = unit.coverage.needs(actor, run.run_id, today, town=town, chain=chain)
    return _total(enterprises, needs, high_score)


def _total(
    enterprises: Sequence[ServedEnterprises], needs: Sequence[ServedNeed], high_score: float
) -> CoverageLine:
    found = _coverage(enterprises, needs, lambda _: "", high_score)
    return found[0] if found else CoverageLine(key="")


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
        without = [need for need in needs if not _is_good(need.expert, self._high_score)]
        worst = sorted(without, key=lambda need: (-1.0 if need.expert is None else need.expert, need.id))
        return GapLine(
            field=field,
            n_needs=len(needs),
            n_without_expert=len(without),
            n_without_any=sum(not _is_good(need.best, self._high_score) for need in needs),
            n_experts=self._n_good(needs, EntityKind.EXPERT),
            n_platforms=self._n_good(needs, EntityKind.PLATFORM),
            unserved=tuple(self._named(need) for need in worst[:N_UNSERVED]),
        )

    def _n_good(self, needs: Sequence[ServedNeed], kind: EntityKind) -> int:
        of_needs = (self._good.get(need.id, {}).get(kind, frozenset()) for need in needs)
        return len(frozenset().union(*of_needs))

    def _named(self, need: ServedNeed) -> UnservedNeed:
        return UnservedNeed(need.id, self._sight.about(EntityKind.NEED, need.id).text(need.title), need.expert)


def _is_good(score: float | None, high_score: float) -> bool:
    return score is not None and score >= high_score
