"""Key figures as a table for spreadsheets."""

import csv
import io
from typing import Final

from recommender.domain.figures import INTERVALS, STAGE_LABELS, Figures, Stage
from recommender.exchange.guards import guarded_for_csv
from recommender.services.messages import FIGURE_DAYS, FIGURE_HEADERS, FIGURE_INTERVAL

_BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel reads UTF-8 as the local encoding."""


def figure_headers() -> list[str]:
    """zh-CN headings, units included."""
    group, amount, funding, spending, leverage = FIGURE_HEADERS
    intervals = [
        FIGURE_INTERVAL.format(earlier=STAGE_LABELS[earlier], later=STAGE_LABELS[later], what=what)
        for earlier, later in INTERVALS
        for what in FIGURE_DAYS
    ]
    return [group, *(STAGE_LABELS[stage] for stage in Stage), amount, funding, spending, leverage, *intervals]


def figure_row(figures: Figures) -> list[str]:
    """One group; unknown values are empty."""
    days = [figures.days.get(interval) for interval in INTERVALS]
    pairs = [("", "") if each is None else (f"{each.median:.1f}", f"{each.p90:.1f}") for each in days]
    leverage = "" if figures.leverage is None else f"{figures.leverage:.2f}"
    return [
        guarded_for_csv(figures.key),
        *(str(figures.counts[stage]) for stage in Stage),
        f"{figures.amount_wan:.2f}",
        f"{figures.funding_wan:.2f}",
        f"{figures.enterprise_spending_wan:.2f}",
        leverage,
        *(value for pair in pairs for value in pair),
    ]


def figure_csv(groups: list[Figures]) -> str:
    """All groups as CSV with headings, for Excel."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(figure_headers())
    writer.writerows(map(figure_row, groups))
    return _BYTE_ORDER_MARK + target.getvalue()
