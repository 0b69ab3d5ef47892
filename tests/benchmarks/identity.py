"""Probable duplicates in real data and in a city: how many, how fast, and of planted ones how many are found.

``python -m tests.benchmarks.identity --data FOLDER`` imports the real kit as a user would, tells what importing
found, and lists the pairs by id. ``--city FOLDER`` takes the files of ``matchmaker world``, plants copies of some
records as registers hold them, and counts how many of those are proposed and what else is.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from recommender.bootstrap import Application
from recommender.domain.entities import Enterprise, Expert, Platform
from recommender.domain.identity import MERGEABLE_KINDS
from recommender.domain.kinds import EntityKind
from recommender.settings import Settings
from tests.benchmarks.real_kit import IMPORTS
from tests.benchmarks.steps import hardware

CITY_FILES = ("enterprises", "experts", "platforms", "achievements")
N_PLANTED = 500
_MB = 1024
T = TypeVar("T", Enterprise, Expert, Platform)


@dataclass(frozen=True, slots=True)
class Search:
    """One kind: how long it took, and what was found."""

    kind: EntityKind
    n_records: int
    seconds: float
    pairs: tuple[tuple[str, str, float, tuple[str, ...]], ...]


def search(application: Application) -> list[Search]:
    """Look through every kind."""
    done = []
    for kind in MERGEABLE_KINDS:
        start = time.perf_counter()
        (found,) = application.duplicate_searcher.run([kind], actor="benchmark").found
        seconds = time.perf_counter() - start
        pairs = tuple(
            (*pair.decision.pair, pair.decision.score or 0.0, tuple(s.code for s in pair.decision.signals))
            for pair in application.duplicates.proposals(kind)
        )
        done.append(Search(kind, found.n_records, seconds, pairs))
    return done


def load(application: Application, files: Sequence[tuple[str, Path]]) -> None:
    """Import files, the valid rows of each, and say what was the matter with the others."""
    application.database.upgrade()
    print(f"{'file':<28}{'rows':>8}{'new':>8}{'same id':>9}{'errors':>8}{'warnings':>10}  codes")
    for kind, path in files:
        report = application.imports.apply(kind, path, actor="benchmark", valid_only=True)
        codes = Counter(issue.code for issue in (*report.errors, *report.warnings))
        print(
            f"{path.name:<28}{report.n_rows:>8}{report.n_new:>8}{report.n_duplicates:>9}{report.n_errors:>8}"
            f"{report.n_warnings:>10}  {dict(codes)}"
        )


def show(searches: Sequence[Search], n_listed: int) -> None:
    """Counts by kind and band of score, what the pairs rest on, and the first pairs by id."""
    for item in searches:
        bands = Counter(f"{int(score * 10) / 10:.1f}" for _, _, score, _ in item.pairs)
        print(f"{item.kind}: {item.n_records} records, {len(item.pairs)} pairs, {item.seconds:.1f} s")
        print(f"  by score: {dict(sorted(bands.items(), reverse=True))}")
        print(f"  signals: {dict(Counter(code for pair in item.pairs for code in pair[3]).most_common())}")
        for first, second, score, codes in item.pairs[:n_listed]:
            print(f"    {score:.2f} {first} {second} {' '.join(codes)}")


def real_kit(data: Path, n_listed: int) -> list[Search]:
    """Import the kit and look through it."""
    if not (data / "experts.csv").is_file():
        raise SystemExit(f"no real data in {data}")
    with tempfile.TemporaryDirectory() as folder:
        application = Application(Settings(var_dir=Path(folder)))
        load(application, [(kind, data / name) for kind, name in IMPORTS])
        searches = search(application)
        application.database.close()
    show(searches, n_listed)
    return searches


Corrupt = Callable[[Any, random.Random], Any]

ENTERPRISES: dict[str, Corrupt] = {
    "old registration number": lambda e, d: replace(e, code=f"3205820{d.randrange(10**8):08}"),
    "old number, other brackets and form": lambda e, d: replace(
        e, code=f"3205820{d.randrange(10**8):08}", name=e.name.replace("有限公司", "有限责任公司")
    ),
    "slip in the code": lambda e, d: replace(e, code=swapped(e.code, d)),
    "renamed, the former name known": lambda e, d: replace(
        e,
        code=f"3205820{d.randrange(10**8):08}",
        name=f"江苏更新{d.randrange(10**6)}有限公司",
        former_names=(e.name,),
    ),
    "old number and a slip in the name": lambda e, d: replace(
        e, code=f"3205820{d.randrange(10**8):08}", name=e.name[:-6] + e.name[-5:]
    ),
    "bare: old number and name only": lambda e, d: Enterprise(
        code=f"3205820{d.randrange(10**8):08}", name=e.name
    ),
}
EXPERTS: dict[str, Corrupt] = {
    "name and unit only": lambda e, d: Expert(id="", name=e.name, organisation=e.organisation),
    "department in the unit, one field": lambda e, d: Expert(
        id="",
        name=f"{e.name}教授",
        organisation=e.organisation + e.department,
        research_fields=e.research_fields[:1],
    ),
    "province in front, half of the fields": lambda e, d: Expert(
        id="",
        name=e.name,
        organisation=f"江苏省{e.organisation}",
        research_fields=e.research_fields[: max(1, len(e.research_fields) // 2)],
    ),
    "moved elsewhere, all fields": lambda e, d: replace(
        e, organisation=f"迁往{d.randrange(10**6)}研究院", department="", province="", city="", phone="", email=""
    ),
    "no unit, same telephone": lambda e, d: Expert(id="", name=e.name, phone=e.phone) if e.phone else None,
}
PLATFORMS: dict[str, Corrupt] = {
    "host in front": lambda p, d: replace(p, name=p.host_organisation + p.name, director=""),
    "slip in the name": lambda p, d: replace(p, name=p.name[:3] + p.name[4:], director=""),
    "other name of the host": lambda p, d: replace(
        p, host_organisation=f"张三（{p.host_organisation}", director=""
    ),
}


def swapped(code: str, draw: random.Random) -> str:
    """The code with two neighbouring characters changing places."""
    places = [i for i in range(8, 16) if code[i] != code[i + 1]]
    if not places:
        return code[:-1] + ("0" if code[-1] != "0" else "1")
    place = draw.choice(places)
    return code[:place] + code[place + 1] + code[place] + code[place + 2 :]


def plant(
    records: Sequence[T], corruptions: dict[str, Corrupt], draw: random.Random
) -> tuple[list[T], dict[tuple[str, str], str]]:
    """Copies of some records as registers hold them, and which pair is which corruption."""
    copies: list[T] = []
    pairs = {}
    for number, record in enumerate(draw.sample(list(records), min(N_PLANTED, len(records) // 2))):
        name = list(corruptions)[number % len(corruptions)]
        copy = corruptions[name](record, draw)
        if copy is None:
            continue
        if not isinstance(copy, Enterprise):
            copy = replace(copy, id=f"PLANTED{number:05}")
        copies.append(copy)
        first, second = sorted((record.id, copy.id))
        pairs[first, second] = name
    return copies, pairs


def city(files: Path, n_listed: int) -> list[Search]:
    """Import a city, plant copies, and count what is found."""
    draw = random.Random(11)
    with tempfile.TemporaryDirectory() as folder:
        application = Application(Settings(var_dir=Path(folder)))
        load(application, [(kind, files / f"{kind}.csv") for kind in CITY_FILES])
        before = {item.kind: {pair[:2] for pair in item.pairs} for item in search(application)}
        planted: dict[EntityKind, dict[tuple[str, str], str]] = {}
        tables: dict[EntityKind, dict[str, Corrupt]] = {
            EntityKind.ENTERPRISE: ENTERPRISES,
            EntityKind.EXPERT: EXPERTS,
            EntityKind.PLATFORM: PLATFORMS,
        }
        with application.database.write() as unit:
            for kind, corruptions in tables.items():
                records: Any = list(unit.of(kind).iterate())
                copies, planted[kind] = plant(records, corruptions, draw)
                unit.of(kind).upsert(copies)
        del records
        searches = search(application)
        application.database.close()
    show(searches, n_listed)
    for item in searches:
        _compare(item, planted[item.kind], before[item.kind])
    return searches


def _compare(item: Search, planted: dict[tuple[str, str], str], before: set[tuple[str, str]]) -> None:
    found = {pair[:2] for pair in item.pairs}
    print(f"{item.kind}: {len(planted.keys() & found)} of {len(planted)} planted pairs found")
    for name in dict.fromkeys(planted.values()):
        own = {pair for pair, corruption in planted.items() if corruption == name}
        print(f"    {len(own & found):>4} of {len(own):>4}  {name}")
    others = found - planted.keys()
    print(f"  pairs that were not planted: {len(others)}, without the planted records {len(before)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the real CSV files")
    parser.add_argument("--city", type=Path, help="folder that matchmaker world has written")
    parser.add_argument("--list", type=int, default=10, help="how many pairs of each kind to list by id")
    parser.add_argument("--json", type=Path, help="write all pairs, by id, to this file")
    options = parser.parse_args()
    if (options.data is None) == (options.city is None):
        raise SystemExit("one of --data and --city")
    print(hardware())
    if options.data is not None:
        searches = real_kit(options.data, options.list)
    else:
        searches = city(options.city, options.list)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB:.0f} MB")
    if options.json:
        pairs = {item.kind.value: item.pairs for item in searches}
        options.json.write_text(json.dumps(pairs, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
