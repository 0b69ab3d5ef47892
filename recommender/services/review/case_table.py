"""Matches as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from recommender.domain.case_lists import CaseLine
from recommender.domain.kinds import KIND_LABELS
from recommender.exchange.guards import guarded_for_csv
from recommender.services.messages import CASE_HEADERS

_BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel reads UTF-8 as the local encoding."""


def case_row(line: CaseLine) -> list[str]:
    """One match; what is not known is empty, times are local."""
    case = line.case
    return [
        case.id,
        line.source_name,
        line.enterprise_name,
        line.town,
        line.industry_chain,
        KIND_LABELS[case.pair.target_kind],
        line.target_name,
        line.target_organisation,
        case.state.value,
        case.due,
        _local(case.due_at),
        _local(case.pushed_at),
        _local(case.updated_at),
        "" if case.shown is None else f"{case.shown.score:.3f}",
    ]


def case_csv(lines: Iterable[CaseLine]) -> str:
    """All matches as CSV with headings, for Excel."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(CASE_HEADERS)
    writer.writerows(map(guarded_for_csv, case_row(line)) for line in lines)
    return _BYTE_ORDER_MARK + target.getvalue()


def _local(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone():%Y-%m-%d %H:%M}"
