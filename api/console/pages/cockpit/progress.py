"""How matches went in a period, as charts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from api.console.charts import Cell, Chart, Column, Drawing, Value
from api.console.filters import money, percent
from api.console.messages import cockpit as zh
from api.console.pages.cockpit.columns import column
from api.console.pages.cockpit.notes import notes
from recommender.domain.cockpit import FunnelStep, Progress, StepDays
from recommender.domain.figures import STAGE_LABELS, Figures, Refusal, Stage
from recommender.domain.measures import Measure

N_CHAINS: Final = 5
"""Chains that have a colour of their own; the others are one."""
_COUNTED: Final = (Stage.OPENED, Stage.RECOMMENDED, Stage.INTERESTED, Stage.ACCEPTED, Stage.SIGNED)


def progress_charts(found: Progress, high: float) -> list[Chart]:
    """Everything that a period tells."""
    return [
        funnel_chart(found.funnel, high),
        _months(found.months, high),
        _money(found.months, high),
        _groups("towns", zh.TOWN, found.towns, high),
        _groups("chains", zh.CHAIN, found.chains, high),
        _days(found.days, high),
        _refusals(found.refusals, high),
    ]


def funnel_chart(steps: Sequence[FunnelStep], high: float) -> Chart:
    """How far matches came."""
    # Who has signed and not completed is at work, not lost.
    ended = [step for step in steps[1:] if step.stage is not Stage.COMPLETED]
    lossy = [step for step in ended if step.of_former is not None and step.of_former < 1]
    worst = min(lossy, key=lambda step: step.of_former or 0.0, default=None)
    n, signed = steps[0].n, next(step.n for step in steps if step.stage is Stage.SIGNED)
    if worst is None:
        finding = zh.FUNNEL_SIGNED.format(n=f"{n:,}", signed=f"{signed:,}")
    else:
        finding = zh.FUNNEL.format(
            n=f"{n:,}", signed=f"{signed:,}", step=STAGE_LABELS[worst.stage], kept=percent(worst.of_former)
        )
    return Chart(
        name="funnel",
        subject=zh.SUBJECTS["funnel"],
        finding=finding,
        columns=(
            column("step"),
            column("reached", Cell.COUNT),
            column("kept", Cell.SHARE),
            column("of_first", Cell.SHARE),
        ),
        rows=tuple((STAGE_LABELS[step.stage], step.n, step.of_former, step.of_first) for step in steps),
        empty=zh.FUNNEL_EMPTY,
        beside=2,
        notes=notes(high, Measure.CONVERSION),
        is_wide=True,
    )


def _months(months: Sequence[Figures], high: float) -> Chart:
    most = max(months, key=lambda month: month.counts[Stage.RECOMMENDED])
    return Chart(
        name="months",
        subject=zh.SUBJECTS["months"],
        finding=zh.MONTHS.format(
            pushed=f"{sum(month.counts[Stage.RECOMMENDED] for month in months):,}",
            signed=f"{sum(month.counts[Stage.SIGNED] for month in months):,}",
            month=most.key,
            n=f"{most.counts[Stage.RECOMMENDED]:,}",
        ),
        columns=(column("month"), *(Column(STAGE_LABELS[stage], Cell.COUNT, zh.CASES) for stage in _COUNTED)),
        rows=tuple((month.key, *(month.counts[stage] for stage in _COUNTED)) for month in months),
        empty=zh.MONTHS_EMPTY,
        drawing=Drawing.LINES,
        series=(2, 3, 5),
        notes=notes(high, Measure.PUSHED, Measure.INTERESTED, Measure.SIGNED),
    )


def _money(months: Sequence[Figures], high: float) -> Chart:
    sums = [
        sum(getattr(month, name) for month in months)
        for name in ("amount_wan", "funding_wan", "enterprise_spending_wan")
    ]
    amount, funding, spending = map(money, sums)
    return Chart(
        name="money",
        subject=zh.SUBJECTS["money"],
        finding=zh.MONEY.format(amount=amount, funding=funding, spending=spending),
        columns=(
            column("month"),
            column("amount", Cell.WAN),
            column("funding", Cell.WAN),
            column("spending", Cell.WAN),
            column("leverage", Cell.TIMES),
        ),
        rows=tuple(
            (month.key, month.amount_wan, month.funding_wan, month.enterprise_spending_wan, month.leverage)
            for month in months
        ),
        empty=zh.MONEY_EMPTY,
        drawing=Drawing.COLUMNS,
        series=(1, 2, 3),
        notes=notes(high, Measure.AMOUNT, Measure.FUNDING, Measure.SPENDING, Measure.LEVERAGE),
    )


def _groups(name: str, label: str, groups: Sequence[Figures], high: float) -> Chart:
    return Chart(
        name=name,
        subject=zh.SUBJECTS[name],
        finding=_group_finding(groups),
        columns=(
            Column(label),
            *(Column(STAGE_LABELS[stage], Cell.COUNT, zh.CASES) for stage in _COUNTED),
            column("amount", Cell.WAN),
        ),
        rows=tuple(
            (group.key or zh.UNKNOWN, *(group.counts[stage] for stage in _COUNTED), group.amount_wan)
            for group in groups
        ),
        empty=zh.GROUP_EMPTY,
        series=(2, 5),
        notes=notes(high, Measure.PUSHED, Measure.SIGNED),
    )


def _group_finding(groups: Sequence[Figures]) -> str:
    if not groups:
        return ""
    pushed = sum(group.counts[Stage.RECOMMENDED] for group in groups)
    first = max(groups, key=lambda group: group.counts[Stage.RECOMMENDED])
    best = max(groups, key=lambda group: group.counts[Stage.SIGNED])
    n, signed = first.counts[Stage.RECOMMENDED], best.counts[Stage.SIGNED]
    said = {
        "key": first.key or zh.UNKNOWN,
        "pushed": f"{n:,}",
        "share": percent(n / pushed if pushed else None),
    }
    if not signed:
        return zh.GROUP.format(**said)
    if best is first:
        return zh.GROUP_BOTH.format(**said, signed=f"{signed:,}")
    return zh.GROUP_SIGNED.format(**said, best=best.key or zh.UNKNOWN, signed=f"{signed:,}")


def _days(steps: Sequence[StepDays], high: float) -> Chart:
    known = [(step, step.now) for step in steps[:-1] if step.now is not None]
    slowest = max(known, key=lambda each: each[1].median, default=None)
    finding = ""
    if slowest is not None:
        step, days = slowest
        finding = zh.DAYS.format(
            earlier=STAGE_LABELS[step.earlier],
            later=STAGE_LABELS[step.later],
            median=f"{days.median:.1f}",
            p90=f"{days.p90:.1f}",
        )
    return Chart(
        name="days",
        subject=zh.SUBJECTS["days"],
        finding=finding,
        columns=(
            column("step"),
            column("median", Cell.DAYS),
            column("p90", Cell.DAYS),
            column("cases", Cell.COUNT),
            column("median_before", Cell.DAYS),
        ),
        rows=tuple(
            (
                f"{STAGE_LABELS[step.earlier]} → {STAGE_LABELS[step.later]}",
                None if step.now is None else step.now.median,
                None if step.now is None else step.now.p90,
                0 if step.now is None else step.now.n,
                None if step.before is None else step.before.median,
            )
            for step in steps
        ),
        empty=zh.DAYS_EMPTY,
        drawing=Drawing.RANGES,
        series=(1, 2),
        notes=notes(high, Measure.MEDIAN_DAYS, Measure.P90_DAYS),
    )


def _refusals(refusals: Sequence[Refusal], high: float) -> Chart:
    by_reason: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_chain: defaultdict[str, int] = defaultdict(int)
    for one in refusals:
        by_reason[one.reason.value][one.chain or zh.UNKNOWN] += one.n
        by_chain[one.chain or zh.UNKNOWN] += one.n
    chains = sorted(by_chain, key=lambda chain: (-by_chain[chain], chain))
    shown, others = chains[:N_CHAINS], chains[N_CHAINS:]
    reasons = sorted(by_reason, key=lambda reason: (-sum(by_reason[reason].values()), reason))
    rows: list[tuple[Value, ...]] = [
        (
            reason,
            *(by_reason[reason][chain] for chain in shown),
            *([sum(by_reason[reason][chain] for chain in others)] if others else []),
            sum(by_reason[reason].values()),
        )
        for reason in reasons
    ]
    labels = [*shown, *([zh.OTHER_CHAINS] if others else [])]
    return Chart(
        name="refusals",
        subject=zh.SUBJECTS["refusals"],
        finding=_refusal_finding(reasons, by_reason),
        columns=(
            column("reason"),
            *(Column(label, Cell.COUNT, zh.TIMES) for label in labels),
            column("total", Cell.COUNT),
        ),
        rows=tuple(rows),
        empty=zh.REFUSALS_EMPTY,
        drawing=Drawing.STACKED,
        series=tuple(range(1, 1 + len(labels))) or (1,),
        notes=notes(high, Measure.REFUSALS),
    )


def _refusal_finding(reasons: Sequence[str], by_reason: Mapping[str, Mapping[str, int]]) -> str:
    if not reasons:
        return ""
    first = by_reason[reasons[0]]
    total = sum(sum(of.values()) for of in by_reason.values())
    n = sum(first.values())
    chain, most = max(first.items(), key=lambda item: (item[1], item[0]))
    where = zh.REFUSALS_WHERE.format(chain=chain, n=f"{most:,}") if len(first) > 1 else ""
    return zh.REFUSALS.format(reason=reasons[0], n=f"{n:,}", share=percent(n / total), where=where)
