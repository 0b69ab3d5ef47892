"""Whom the published run serves well, and where needs find nobody, as charts."""

from collections.abc import Sequence

from api.console.charts import Cell, Chart, Column, Drawing
from api.console.filters import path_id, percent
from api.console.messages import cockpit as zh
from api.console.pages.cockpit.columns import column
from api.console.pages.cockpit.notes import notes
from recommender.domain.cockpit import CoverageLine, ExposureLine, GapLine, Supply
from recommender.domain.measures import Measure


def supply_charts(found: Supply) -> list[Chart]:
    """Coverage by town and chain, gaps by chain and field, and the needs behind them."""
    high = found.high_score
    return [
        _coverage("coverage-towns", zh.TOWN, found.towns, high),
        _coverage("coverage-chains", zh.CHAIN, found.chains, high),
        _gaps("gaps-chains", zh.CHAIN, found.gaps, high),
        _gaps("gaps-fields", zh.FIELD, found.fields, high),
        _unserved(found.gaps, high),
    ]


def exposure_charts(lines: Sequence[ExposureLine], high: float) -> list[Chart]:
    """How evenly runs suggest experts."""
    return [_exposure(lines, high)]


def _coverage(name: str, label: str, lines: Sequence[CoverageLine], high: float) -> Chart:
    return Chart(
        name=name,
        subject=zh.SUBJECTS[name],
        finding=_coverage_finding(lines),
        columns=(
            Column(label),
            column("enterprises", Cell.COUNT),
            column("enterprises_served", Cell.COUNT),
            column("enterprise_coverage", Cell.SHARE),
            column("needs", Cell.COUNT),
            column("needs_served", Cell.COUNT),
            column("need_coverage", Cell.SHARE),
        ),
        rows=tuple(
            (
                line.key or zh.UNKNOWN,
                line.n_enterprises,
                line.n_enterprises_served,
                line.enterprises,
                line.n_needs,
                line.n_needs_served,
                line.needs,
            )
            for line in sorted(lines, key=_least_served)
        ),
        empty=zh.COVERAGE_EMPTY,
        series=(3, 6),
        notes=notes(high, Measure.ENTERPRISE_COVERAGE, Measure.NEED_COVERAGE),
    )


def _least_served(line: CoverageLine) -> tuple[float, float, int]:
    """Orders by coverage, where there is nobody to serve last."""
    enterprises, needs = (2.0 if share is None else share for share in (line.enterprises, line.needs))
    return enterprises, needs, -line.n_enterprises


def _coverage_finding(lines: Sequence[CoverageLine]) -> str:
    """The town or chain whose enterprises are served least; of needs where all enterprises are served."""
    enterprises = [line for line in lines if line.enterprises is not None and line.enterprises < 1]
    if enterprises:
        worst = min(enterprises, key=lambda line: (line.enterprises or 0.0, -line.n_enterprises))
        n, served, share = worst.n_enterprises, worst.n_enterprises_served, worst.enterprises
        sentence = zh.COVERAGE
    else:
        needs = [line for line in lines if line.needs is not None and line.needs < 1]
        if not needs:
            return zh.COVERAGE_FULL
        worst = min(needs, key=lambda line: (line.needs or 0.0, -line.n_needs))
        n, served, share = worst.n_needs, worst.n_needs_served, worst.needs
        sentence = zh.COVERAGE_NEEDS
    return sentence.format(key=worst.key or zh.UNKNOWN, n=f"{n:,}", served=f"{served:,}", share=percent(share))


def _gaps(name: str, label: str, lines: Sequence[GapLine], high: float) -> Chart:
    if not any(line.field for line in lines):
        lines = ()  # One line for all of it would say nothing of fields.
    worst = lines[0] if lines else None
    finding = zh.GAP_NONE
    if worst is not None and worst.n_without_expert:
        finding = zh.GAP.format(
            field=worst.field or zh.UNKNOWN, n=f"{worst.n_needs:,}", without=f"{worst.n_without_expert:,}"
        )
    return Chart(
        name=name,
        subject=zh.SUBJECTS[name],
        finding=finding,
        columns=(
            Column(label),
            column("needs", Cell.COUNT),
            column("without_expert", Cell.COUNT),
            column("without_any", Cell.COUNT),
            column("experts", Cell.COUNT),
            column("platforms", Cell.COUNT),
        ),
        rows=tuple(
            (
                line.field or zh.UNKNOWN,
                line.n_needs,
                line.n_without_expert,
                line.n_without_any,
                line.n_experts,
                line.n_platforms,
            )
            for line in lines
        ),
        empty=zh.GAP_EMPTY.format(label=label),
        series=(1, 2, 4),
        notes=notes(high, Measure.GAP, Measure.GOOD_EXPERTS),
    )


def _unserved(lines: Sequence[GapLine], high: float) -> Chart:
    n = sum(line.n_without_expert for line in lines)
    needs = [(line, need) for line in lines for need in line.unserved]
    return Chart(
        name="unserved",
        subject=zh.SUBJECTS["unserved"],
        finding=zh.UNSERVED.format(n=f"{n:,}") if n else zh.UNSERVED_NONE,
        columns=(column("need"), column("title"), column("chain"), column("best", Cell.TIMES)),
        rows=tuple((need.id, need.title, line.field or zh.UNKNOWN, need.best) for line, need in needs),
        empty=zh.UNSERVED_EMPTY,
        drawing=Drawing.NOTHING,
        series=(0,),
        notes=notes(high, Measure.GAP),
        links={need.id: f"/console/needs/{path_id(need.id)}" for _, need in needs},
        is_wide=True,
    )


def _exposure(lines: Sequence[ExposureLine], high: float) -> Chart:
    return Chart(
        name="exposure",
        subject=zh.SUBJECTS["exposure"],
        finding=_exposure_finding(lines),
        columns=(
            column("run"),
            column("gini", Cell.INDEX),
            column("expert_coverage", Cell.SHARE),
            column("congestion", Cell.SHARE),
            column("most", Cell.COUNT),
            column("run_id"),
        ),
        rows=tuple(
            (
                f"{line.at.astimezone():%Y-%m-%d %H:%M}",
                line.gini,
                line.coverage,
                line.congestion,
                line.most,
                line.run_id,
            )
            for line in lines
        ),
        empty=zh.EXPOSURE_EMPTY,
        drawing=Drawing.LINES,
        series=(1, 2, 3),
        notes=notes(high, Measure.GINI, Measure.EXPERT_COVERAGE, Measure.CONGESTION),
        is_wide=True,
    )


def _exposure_finding(lines: Sequence[ExposureLine]) -> str:
    known = [line for line in lines if line.gini is not None]
    if not known:
        return ""
    last = known[-1]
    said = {"gini": f"{last.gini:.3f}", "coverage": percent(last.coverage)}
    if len(known) == 1:
        return zh.EXPOSURE_FIRST.format(**said)
    before = f"{known[-2].gini:.3f}"
    if before == said["gini"]:
        return zh.EXPOSURE_SAME.format(**said)
    change = zh.RISEN if (last.gini or 0.0) > (known[-2].gini or 0.0) else zh.FALLEN
    return zh.EXPOSURE_CHANGED.format(**said, before=before, change=change)
