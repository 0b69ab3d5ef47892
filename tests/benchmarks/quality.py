"""``python -m tests.benchmarks.quality``: the table of systems × datasets in docs/evaluation.md.

Every figure comes from the pipeline that serves users, with the settings as they stand. Encoders that are not
shipped are named with ``--system``; a dataset that takes long to encode can be left to some of them.
"""

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from recommender.bootstrap import Application
from recommender.domain.kinds import KIND_LABELS
from recommender.evaluation.metrics import METRICS
from recommender.evaluation.retrieval import Retriever
from recommender.settings import Settings

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "docs" / "evaluation.md"
_TABLE: Final = re.compile(r"(<!-- quality:begin -->\n).*?(<!-- quality:end -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one kind of one dataset."""

    dataset: str
    kind: str
    system: str
    retriever: str
    encoder_id: str
    n_queries: int
    figures: dict[str, float]
    hub_skewness: float
    coverage: float


def rows_of(
    application: Application, dataset: Path, system: str, encoder_spec: str | None, retriever: Retriever
) -> list[Row]:
    """Measure one system on one dataset."""
    measured = application.evaluation.evaluate(
        dataset, retriever, encoder_spec=encoder_spec, on_progress=lambda *_: None
    ).report
    return [
        Row(
            dataset=measured.dataset,
            kind=kind.kind.value,
            system=system,
            retriever=retriever.value,
            encoder_id=measured.encoder_id,
            n_queries=kind.n_queries,
            figures=dict(kind.figures),
            hub_skewness=kind.hubness.skewness,
            coverage=kind.hubness.coverage,
        )
        for kind in measured.kinds
        if kind.n_queries
    ]


def markdown(rows: Sequence[Row]) -> str:
    """The table, best system last within a dataset as given."""
    header = ("数据集", "对象", "需求数", "系统", *METRICS, "前十偏度", "前十覆盖")
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    for row in sorted(rows, key=lambda row: (row.dataset, row.kind)):
        kind = next(label for key, label in KIND_LABELS.items() if key.value == row.kind)
        cells = (
            row.dataset,
            kind,
            str(row.n_queries),
            row.system,
            *(f"{row.figures[metric]:.3f}" for metric in METRICS),
            f"{row.hub_skewness:.1f}",
            f"{row.coverage:.0%}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, write the JSON, and put the table into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", type=Path, action="append", required=True, help="folder in BEIR layout")
    parser.add_argument("--system", action="append", default=[], metavar="NAME=ENCODER", help="another encoder")
    parser.add_argument("--keep", type=Path, help="JSON of an earlier run whose rows are kept")
    today = datetime.now(UTC).date()
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks" / f"quality-{today}.json")
    arguments = parser.parse_args()
    application = Application(Settings())
    rows = [Row(**row) for row in json.loads(arguments.keep.read_text("utf-8"))["rows"]] if arguments.keep else []
    systems = [("随发布的模型", None), *(tuple(item.split("=", 1)) for item in arguments.system)]
    for dataset in arguments.dataset:
        measured = rows_of(application, dataset, "BM25", None, Retriever.LEXICAL)
        for name, spec in systems:
            for retriever in (Retriever.DENSE, Retriever.HYBRID):
                label = f"{name}，{'仅语义' if retriever is Retriever.DENSE else '合用'}"
                measured += rows_of(application, dataset, label, spec, retriever)
        replaced = {(row.dataset, row.kind, row.system) for row in measured}
        rows = [row for row in rows if (row.dataset, row.kind, row.system) not in replaced] + measured
        print(markdown(measured), flush=True)
    content = {"configuration": asdict(application.match_config), "rows": [asdict(row) for row in rows]}
    arguments.out.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_TABLE.sub(lambda match: match[1] + markdown(rows) + match[2], page), encoding="utf-8")


if __name__ == "__main__":
    main()
