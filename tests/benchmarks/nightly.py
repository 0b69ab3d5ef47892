"""A city's nights: cold, warm with one per cent of the texts changed, unchanged; and how time grows with it.

Run by ``make bench-nightly``. Every night is a process of its own. The city of scale 1.0 is encoded by the
shipped model once (the cold night); the cities of other scales get vectors drawn round their topics, since what a
model says of a text does not change what a night costs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recommender.bootstrap import Application
from recommender.settings import Settings
from tests.benchmarks.city_library import build_city, change_texts, draw_vectors, topics_of
from tests.benchmarks.night_quality import lists_quality
from tests.benchmarks.steps import hardware, write_figures

MAX_WARM_S, MAX_PEAK_MB, MAX_RATIO = 600, 6 * 1024, 1.5
MIN_TELLING_S, MIN_SCALES = 0.5, 3
STAGES = ("index", "prepare", "candidates", "allocate", "store", "publish")


def night(var_dir: Path, *arguments: str) -> dict[str, Any]:
    """One night in a fresh process."""
    environment = {**os.environ, "MATCHMAKER_VAR_DIR": str(var_dir)}
    command = [sys.executable, "-m", "tests.benchmarks.night_step", *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def describe(name: str, figures: Mapping[str, Any]) -> str:
    """A night for people."""
    report = figures["report"]
    lines = [
        f"{name}: {figures['wall_s']:.0f} s, peak {figures['peak_mb']:,} MB, {figures['n_sources']:,} sources, "
        f"encoded {report.get('n_encoded', 0):,} passages, "
        f"computed {report['n_computed']:,}, carried {report['n_carried']:,}, "
        f"{report['n_suggestions']:,} suggestions; {report['computed_because']}"
    ]
    lines += [f"  {stage:<12}{report['seconds'].get(stage, 0.0):>8.1f} s" for stage in STAGES]
    if "floor_s" in figures:
        floor = sum(figures["floor_s"].values())
        lines.append(f"  floor of the products {figures['floor_s']}, in all {floor:.1f} s; ratios to it:")
        lines += [f"    {stage:<12}{report['seconds'].get(stage, 0.0) / floor:>8.2f}" for stage in STAGES]
        lines.append(f"  products and the choice from them: {figures['dense_ratio']:.2f} times the floor")
        for side, steps in figures["steps_s"].items():
            lines.append(f"  {side}, seconds of threads by step: {steps}")
    for kind, exposure in report.get("exposure", {}).items():
        lines.append(f"  {kind}: before {exposure['before']}")
        lines.append(f"  {kind}: after  {exposure['after']}")
    return "\n".join(lines)


def shortfalls(warm: Mapping[str, Any]) -> list[str]:
    """What a warm night of the whole city misses."""
    found = [f"warm night {warm['wall_s']} s, limit {MAX_WARM_S} s"] if warm["wall_s"] > MAX_WARM_S else []
    found += [f"peak {warm['peak_mb']} MB, limit {MAX_PEAK_MB} MB"] if warm["peak_mb"] > MAX_PEAK_MB else []
    ratio = warm["dense_ratio"]
    return [
        *found,
        *([f"candidates {ratio:.2f} times the floor, limit {MAX_RATIO}"] if ratio > MAX_RATIO else []),
    ]


def stage_seconds(nights: Mapping[float, Mapping[str, Any]], stage: str) -> tuple[list[float], list[float]]:
    """Scales, ascending, and seconds of a stage, where it was measured and took long enough to say something."""
    seconds = {scale: float(each["report"]["seconds"].get(stage, 0.0)) for scale, each in sorted(nights.items())}
    telling = {scale: value for scale, value in seconds.items() if value >= MIN_TELLING_S}
    return list(telling), list(telling.values())


def exponents(nights: Mapping[float, Mapping[str, Any]]) -> dict[str, float]:
    """Slope of log seconds over log scale, by stage, over at least three scales."""
    found = {}
    for stage in STAGES:
        scales, seconds = stage_seconds(nights, stage)
        if len(scales) >= MIN_SCALES:
            found[stage] = round(float(np.polyfit(np.log2(scales), np.log2(seconds), 1)[0]), 2)
    return found


def plot(nights: Mapping[float, Mapping[str, Any]], file: Path) -> None:
    """Seconds by stage over the scale, both axes in doublings."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5))
    slopes = exponents(nights)
    for stage in STAGES:
        scales, seconds = stage_seconds(nights, stage)
        slope = f" (exponent {slopes[stage]})" if stage in slopes else ""
        axes.plot(scales, seconds, marker="o", label=f"{stage}{slope}")
    axes.set(xscale="log", yscale="log", xlabel="scale of the city", ylabel="seconds", xticks=sorted(nights))
    axes.set_xticks([], minor=True)
    axes.set_xticklabels([str(scale) for scale in sorted(nights)])
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})


def measure_growth(scales: Sequence[float], seed: int) -> dict[float, dict[str, Any]]:
    """A warm night of each scale, with drawn vectors."""
    nights = {}
    for scale in scales:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            build_city(folder, scale, seed)
            application = Application(Settings(var_dir=folder))
            print(
                f"scale {scale}: {draw_vectors(application, topics_of(folder / 'city'), seed):,} vectors drawn",
                flush=True,
            )
            application.indexing.build(actor="benchmark")
            change_texts(application)
            draw_vectors(application, topics_of(folder / "city"), seed)
            application.database.close()
            nights[scale] = night(folder)
            print(describe(f"scale {scale}", nights[scale]), flush=True)
    return nights


def measure_city(folder: Path, scale: float, seed: int) -> dict[str, Any]:
    """The first night, a warm one and an unchanged one; and what sharing out costs."""
    if not (folder / "matchmaker.db").exists():
        build_city(folder, scale, seed)
    figures: dict[str, Any] = {}
    application = Application(Settings(var_dir=folder))
    for name in ("first", "warm", "unchanged"):
        if name == "warm":
            print(f"{change_texts(application):,} texts changed", flush=True)
        figures[name] = night(folder, *([] if name == "warm" else ["--no-watch"]))
        print(describe(name, figures[name]), flush=True)
    figures["quality"] = lists_quality(application, figures["unchanged"]["run"], folder / "city")
    print(f"nDCG@10 of the lists: {figures['quality']}", flush=True)
    return figures


def main() -> None:
    """Measure, print, compare with the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--growth", type=float, nargs="*", default=[0.25, 0.5, 1.0, 2.0])
    parser.add_argument("--city", type=Path, help="keep the city here, and go on with what is there")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--plot", type=Path, help="draw how time grows into this file")
    options = parser.parse_args()
    print(hardware())
    figures: dict[str, Any] = {"scale": options.scale, "seed": options.seed}
    with tempfile.TemporaryDirectory() as temporary:
        figures["city"] = measure_city(options.city or Path(temporary), options.scale, options.seed)
    if options.growth:
        nights = measure_growth(options.growth, options.seed)
        figures["growth"] = {str(scale): each for scale, each in nights.items()}
        figures["exponents"] = exponents(nights)
        print(f"exponents: {figures['exponents']}")
        if options.plot:
            plot(nights, options.plot)
    if options.json:
        write_figures(options.json, figures)
    missed = shortfalls(figures["city"]["warm"])
    if missed:
        raise SystemExit("; ".join(missed))


if __name__ == "__main__":
    main()
