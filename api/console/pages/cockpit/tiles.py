"""Figures that stand alone, each with what it was before."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.console.filters import money, number, percent
from api.console.messages import cockpit as zh
from recommender.domain.cockpit import CoverageLine, GoalLine, Supply, Tile
from recommender.domain.measures import DEFINITIONS, GOALS, Direction, Measure, Unit
from recommender.domain.periods import PeriodKind

SHOWN: Final = (
    Measure.PUSHED,
    Measure.INTERESTED,
    Measure.ACCEPTED,
    Measure.SIGNED,
    Measure.COMPLETED,
    Measure.AMOUNT,
    Measure.FUNDING,
    Measure.LEVERAGE,
)


@dataclass(frozen=True, slots=True)
class ShownTile:
    """One figure in words.

    Attributes:
        tone: ``good``, ``bad`` or ``""``, by where the figure should go; the sign of the change says it too.
        note: how it stands to the period before.
    """

    label: str
    value: str
    unit: str
    note: str
    tone: str
    title: str


@dataclass(frozen=True, slots=True)
class ShownGoal:
    """One goal in words; ``share`` is ``None`` where data are missing, widths are in percent."""

    label: str
    share: float | None
    target: float
    said: str
    tone: str
    detail: str
    formula: str
    source: str


def progress_tiles(tiles: Sequence[Tile], kind: PeriodKind, high: float) -> list[ShownTile]:
    """The figures of a period that one looks at first."""
    by_measure = {tile.measure: tile for tile in tiles}
    return [_tile(by_measure[measure], kind, high) for measure in SHOWN]


def coverage_tiles(total: CoverageLine, high: float) -> list[ShownTile]:
    """Coverage now: there is nothing before, since former runs are not kept for long."""
    return [
        _share(Measure.ENTERPRISE_COVERAGE, total.enterprises, _of(total, needs=False), high),
        _share(Measure.NEED_COVERAGE, total.needs, _of(total, needs=True), high),
    ]


def supply_tiles(found: Supply) -> list[ShownTile]:
    """Coverage, and what stands against the gap."""
    whole, high = found.whole, found.high_score
    experts = zh.AND_PLATFORMS.format(n=f"{whole.n_platforms:,}")
    needs = zh.WITHOUT_ANY.format(n=f"{whole.n_without_any:,}")
    return [
        *coverage_tiles(found.total, high),
        _count(Measure.GAP, whole.n_without_expert, needs, high),
        _count(Measure.GOOD_EXPERTS, whole.n_experts, experts, high),
    ]


def shown_goals(lines: Sequence[GoalLine]) -> list[ShownGoal]:
    """The city's goals."""
    return [_goal(line) for line in lines]


def _tile(tile: Tile, kind: PeriodKind, high: float) -> ShownTile:
    known = DEFINITIONS[tile.measure]
    value, unit = _value(tile.value, known.unit)
    note, tone = _compared(tile, zh.BEFORE[kind], known.direction)
    return ShownTile(known.label, value, unit, note, tone, known.formula.format(high=f"{high:.2f}"))


def _value(value: float | None, unit: Unit) -> tuple[str, str]:
    match unit:
        case Unit.WAN:
            return money(value), "" if value is None else zh.YUAN
        case Unit.TIMES:
            return number(value, 2), "" if value is None else unit.value
        case Unit.SHARE:
            return percent(value, 1), ""
    return number(value), unit.value


def _compared(tile: Tile, before: str, direction: Direction) -> tuple[str, str]:
    if tile.change is None:
        return zh.NO_BEFORE.format(before=before), ""
    if tile.change == 0:
        return zh.SAME.format(before=before), ""
    unit = DEFINITIONS[tile.measure].unit
    change, _ = _value(abs(tile.change), unit)
    if tile.growth is not None:
        change = zh.GROWTH.format(change=change, growth=percent(abs(tile.growth)))
    is_up = tile.change > 0
    note = (zh.MORE if is_up else zh.LESS).format(change=change)
    if direction is Direction.NEITHER:
        return note, ""
    return note, "good" if is_up == (direction is Direction.UP) else "bad"


def _share(measure: Measure, share: float | None, note: str, high: float) -> ShownTile:
    known = DEFINITIONS[measure]
    return ShownTile(known.label, percent(share, 1), "", note, "", known.formula.format(high=f"{high:.2f}"))


def _count(measure: Measure, n: int, note: str, high: float) -> ShownTile:
    known = DEFINITIONS[measure]
    return ShownTile(known.label, number(n), known.unit.value, note, "", known.formula.format(high=f"{high:.2f}"))


def _of(total: CoverageLine, *, needs: bool) -> str:
    if needs:
        return zh.OF_NEEDS.format(served=f"{total.n_needs_served:,}", n=f"{total.n_needs:,}")
    return zh.OF_ENTERPRISES.format(served=f"{total.n_enterprises_served:,}", n=f"{total.n_enterprises:,}")


def _goal(line: GoalLine) -> ShownGoal:
    known = GOALS[line.goal]
    if line.share is None:
        said, tone, detail = zh.GOAL_UNKNOWN, "", zh.GOAL_MISSING.format(missing=known.missing)
    else:
        is_met = line.share >= known.target
        missing = math.ceil(round(known.target * line.n_known, 6)) - line.n_met
        said = zh.GOAL_MET if is_met else zh.GOAL_SHORT.format(missing=f"{missing:,}")
        tone = "good" if is_met else "warn"
        detail = zh.GOAL_OF.format(n=f"{line.n_known:,}", met=f"{line.n_met:,}")
    if line.n_known < line.n_all:
        detail += zh.GOAL_PARTLY.format(n_all=f"{line.n_all:,}", n_known=f"{line.n_known:,}")
    return ShownGoal(known.label, line.share, known.target, said, tone, detail, known.formula, known.source)
