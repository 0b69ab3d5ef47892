"""How well indicators are found in real needs, against labels made by hand.

    python -m tests.benchmarks.indicators [--data ../shared/data/real] [--half test] [--show] [--json]

``labels/indicators.jsonl`` names sentences of real needs by their place, never by their words, and for each the
indicators that a person found in it: place of the name, comparison, values, unit. A hash of the need's id chose
the half. ``dev`` and ``dev2`` were looked at while the rules were written, ``dev2`` after a first measurement.
Of ``test`` nobody has looked at what the rules find or miss; it was read once, to be labelled.

A find counts where name, comparison, values and unit are right: the names share their words, the comparison is
one that the label admits, values and unit are equal. What people would argue about (figures of the market,
conditions of a test) is labelled ``optional``: found or not, it counts for nothing.
"""

import argparse
import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from recommender.intake.indicators.extracted import ExtractedIndicator
from recommender.intake.indicators.extraction import extract_indicators

LABELS: Final = Path(__file__).parent / "labels" / "indicators.jsonl"
DATA: Final = Path(__file__).parents[2].parent / "shared" / "data" / "real"
HALVES: Final = ("dev", "dev2", "test")
_COLUMNS: Final = {"title": "需求名称", "description": "需求描述"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A labelled sentence and the indicators that a person found in it."""

    half: str
    text: str
    gold: Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Score:
    """Counts, and what they come to; ratios in [0, 1], higher is better."""

    n_sentences: int = 0
    n_without: int = 0
    n_right: int = 0
    n_wrong: int = 0
    n_missed: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.n_right / max(1, self.n_right + self.n_wrong)

    @property
    def recall(self) -> float:
        return self.n_right / max(1, self.n_right + self.n_missed)

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def sentences(data: Path, half: str) -> Iterator[Sentence]:
    """The labelled sentences of a half, read from the real needs.

    Raises:
        ValueError: a need is not the one that was labelled.
    """
    with (data / "needs.csv").open(encoding="utf-8-sig", newline="") as stream:
        needs = {row["需求编号"]: row for row in csv.DictReader(stream)}
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        if label["half"] != half:
            continue
        text = needs[label["need"]][_COLUMNS[label["field"]]][label["start"] : label["end"]]
        if hashlib.sha256(text.encode()).hexdigest()[:12] != label["sha"]:
            raise ValueError(f"{label['need']} is not the need that was labelled")
        yield Sentence(half, text, label["gold"])


def score(labelled: Iterator[Sentence], *, values_only: bool = False) -> Score:
    """Compare what is found with what a person found.

    Args:
        labelled: sentences.
        values_only: let name and comparison be.
    """
    result = Score()
    for sentence in labelled:
        result.n_sentences += 1
        result.n_without += not sentence.gold
        open_ones = list(sentence.gold)
        for found in extract_indicators(sentence.text):
            match = next((g for g in open_ones if _is(found, g, sentence.text, values_only=values_only)), None)
            if match is None:
                if not any(g.get("optional") and _has_values(found, g) for g in sentence.gold):
                    result.n_wrong += 1
                    result.errors.append(f"wrong: {'; '.join(found.texts)} | {sentence.text}")
                continue
            open_ones.remove(match)
            result.n_right += not match.get("optional")
        for missed in open_ones:
            if not missed.get("optional"):
                result.n_missed += 1
                name = sentence.text[slice(*missed["name"])]
                wanted = f"{name} {missed['comparators']} {'..'.join(missed['values'])} {missed['unit']}"
                result.errors.append(f"missed: {wanted} | {sentence.text}")
    return result


def _is(found: ExtractedIndicator, gold: Mapping[str, Any], text: str, *, values_only: bool) -> bool:
    if not _has_values(found, gold) or found.unit != gold["unit"]:
        return False
    if values_only:
        return True
    comparator = "~" if len(found.bounds) > 1 else found.bounds[0].comparator.value
    name = text[slice(*gold["name"])]
    named = text[found.name_span.start : found.name_span.end]
    return comparator in gold["comparators"] and (not name or name in named or named in name)


def _has_values(found: ExtractedIndicator, gold: Mapping[str, Any]) -> bool:
    return [bound.value for bound in found.bounds] == [Decimal(value) for value in gold["values"]]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--half", choices=HALVES)
    parser.add_argument("--show", action="store_true", help="print what is wrong or missed")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    for half in [options.half] if options.half else HALVES:
        for name, values_only in (("all parts", False), ("value and unit", True)):
            found = score(sentences(options.data, half), values_only=values_only)
            if options.json:
                figures = asdict(found) | {"precision": found.precision, "recall": found.recall, "f1": found.f1}
                print(json.dumps({"half": half, "what": name, **figures}, ensure_ascii=False))
                continue
            print(
                f"{half:4}  {name:14}  {found.n_sentences} sentences ({found.n_without} without)  "
                f"right {found.n_right}  wrong {found.n_wrong}  missed {found.n_missed}  "
                f"precision {found.precision:.3f}  recall {found.recall:.3f}  F1 {found.f1:.3f}"
            )
            if options.show and not values_only:
                print("\n".join(found.errors))


if __name__ == "__main__":
    main()
