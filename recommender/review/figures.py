"""Key figures of matches, summed over columns."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from recommender.domain.case_times import CaseTimes, Payment, Times
from recommender.domain.figures import INTERVALS, Days, FigureGroup, Figures, Stage

Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.intp]
_SECONDS_A_DAY: Final = 86_400.0


def bounds(since: date | None, until: date | None, offset: timedelta) -> tuple[float, float]:
    """When a period of local days begins and ends, in seconds since 1970; infinite where it is open.

    Args:
        offset: of local time from UTC.
    """
    return (
        -math.inf if since is None else _begins(since, offset),
        math.inf if until is None else _begins(until, offset),
    )


def grouped(
    cases: CaseTimes,
    payments: Sequence[Payment],
    group: FigureGroup,
    *,
    since: float = -math.inf,
    until: float = math.inf,
    offset: timedelta = timedelta(),
    with_days: bool = True,
) -> list[Figures]:
    """The figures of every group that has any, by key; of steps from ``since`` until before ``until``.

    Args:
        payments: of the same matches in the same period, with labels of the group.
        with_days: whether it is wanted how long steps took.
    """
    counts: defaultdict[str, dict[Stage, int]] = defaultdict(lambda: dict.fromkeys(Stage, 0))
    amounts: defaultdict[str, float] = defaultdict(float)
    days: defaultdict[str, dict[tuple[Stage, Stage], Days]] = defaultdict(dict)
    for stage in Stage:
        inside = within(cases.reached[stage], since, until)
        names, codes = _keys(cases, group, stage, inside, offset)
        for name, n in zip(names, np.bincount(codes, minlength=len(names)).tolist(), strict=True):
            if n:
                counts[name][stage] = n
        if stage is Stage.SIGNED:
            sums = np.bincount(codes, weights=cases.amount_wan[inside], minlength=len(names))
            amounts.update(zip(names, sums.tolist(), strict=True))
    for earlier, later in INTERVALS if with_days else ():
        took = (cases.reached[later] - cases.reached[earlier]) / _SECONDS_A_DAY
        inside = within(cases.reached[later], since, until) & (took >= 0)
        names, codes = _keys(cases, group, later, inside, offset)
        for name, values in _split(names, codes, took[inside]):
            days[name][earlier, later] = days_of(values)
    paid = _paid(payments, group)
    nothing = (0.0, 0.0)
    return [
        Figures(
            key=key,
            counts=counts[key],
            amount_wan=amounts[key],
            funding_wan=paid.get(key, nothing)[0],
            enterprise_spending_wan=paid.get(key, nothing)[1],
            days=days[key],
        )
        for key in sorted({*counts, *paid})
    ]


def cohort(cases: CaseTimes, since: float, until: float) -> dict[Stage, int]:
    """How many of the matches that were decided on in a period came at least as far as each stage, up to now.

    Never more at a later stage than at an earlier one.
    """
    begun = within(cases.reached[Stage.OPENED], since, until)
    return {stage: int(np.count_nonzero(passed & begun)) for stage, passed in cases.furthest().items()}


def days_of(values: npt.NDArray[np.float64]) -> Days:
    """Median and 90th percentile by nearest rank: the smallest value with so many at or below it.

    >>> days_of(np.array([4.0, 1.0, 3.0, 2.0]))
    Days(n=4, median=2.0, p90=4.0)
    """
    ranked = np.sort(values)
    n = int(ranked.size)
    return Days(n, float(ranked[(n + 1) // 2 - 1]), float(ranked[(9 * n + 9) // 10 - 1]))


def within(times: Times, since: float, until: float) -> Mask:
    """Which times lie in a period; one that is not there lies in none."""
    found: Mask = (times >= since) & (times < until)
    return found


def _keys(
    cases: CaseTimes, group: FigureGroup, stage: Stage, chosen: Mask, offset: timedelta
) -> tuple[tuple[str, ...], Codes]:
    """Names of groups, and which of them each chosen match belongs to."""
    if group is FigureGroup.ALL:
        return ("",), np.zeros(np.count_nonzero(chosen), dtype=np.intp)
    if group is FigureGroup.MONTH:
        return _months(cases.reached[stage][chosen], offset)
    labels = cases.labels[group]
    return labels.names, labels.codes[chosen]


def _months(times: Times, offset: timedelta) -> tuple[tuple[str, ...], Codes]:
    if not times.size:
        return (), np.empty(0, dtype=np.intp)
    local = (times + offset.total_seconds()).astype("datetime64[s]").astype("datetime64[M]")
    first, last = local.min(), local.max() + 1
    names = np.datetime_as_string(np.arange(first, last)).tolist()
    return tuple(names), (local - first).astype(np.intp)


def _split(
    names: Sequence[str], codes: Codes, values: npt.NDArray[np.float64]
) -> Iterable[tuple[str, npt.NDArray[np.float64]]]:
    order = np.argsort(codes, kind="stable")
    present, starts = np.unique(codes[order], return_index=True)
    parts = np.split(values[order], starts[1:])
    return zip((names[code] for code in present), parts, strict=False)


def _paid(payments: Sequence[Payment], group: FigureGroup) -> Mapping[str, tuple[float, float]]:
    found: defaultdict[str, list[Payment]] = defaultdict(list)
    for payment in payments:
        match group:
            case FigureGroup.ALL:
                found[""].append(payment)
            case FigureGroup.MONTH:
                found[f"{payment.paid_on:%Y-%m}"].append(payment)
            case _:
                found[payment.labels[group]].append(payment)
    return {
        key: (sum(one.amount_wan for one in of), sum(one.enterprise_spending_wan for one in of))
        for key, of in found.items()
    }


def _begins(day: date, offset: timedelta) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() - offset.total_seconds()
