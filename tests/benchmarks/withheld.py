"""``python -m tests.benchmarks.withheld``: test collections like finding-dev from the papers of the real kit.

One paper of each expert who has another, and of each platform that has three more, is withheld: its title and
the beginning of its abstract are the query, those it came from are what should be found, and all papers that are
not withheld are the corpus. Papers whose title another collection asks for are not asked for here, so settings
that were chosen on these collections can be confirmed on that one. ``matchmaker evaluate`` takes the folders.
"""

import argparse
import csv
import json
import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from embeddings.passages.passage import Passage
from embeddings.text.normalise import normalise
from recommender.domain.kinds import EntityKind
from recommender.evaluation.dataset import TestQuery, write_dataset

_QUERY_CHARS: Final = 200
_MORE: Final[Mapping[EntityKind, int]] = {EntityKind.EXPERT: 1, EntityKind.PLATFORM: 3}
"""How many other papers somebody has whose paper is withheld."""


def read_passages(folder: Path) -> list[Passage]:
    """Papers of which an author or a platform is known, as passages that speak for these."""
    platforms: defaultdict[str, list[str]] = defaultdict(list)
    for row in _rows(folder / "achievement_platforms.csv"):
        platforms[row["成果编号"]].append(row["平台编号"])
    passages = []
    for row in _rows(folder / "achievements_papers.csv"):
        owners = {
            EntityKind.EXPERT.value: tuple(filter(None, [row["完成人编号"]])),
            EntityKind.PLATFORM.value: tuple(platforms[row["成果编号"]]),
        }
        if any(owners.values()):
            paper = row["成果编号"]
            passages.append(Passage(paper, row["成果名称"].strip(), row["摘要"].strip(), "", None, owners))
    return passages


def withhold(
    passages: Sequence[Passage], not_asked: Collection[str], rng: random.Random
) -> list[tuple[EntityKind, Passage]]:
    """What is asked for which kind: no paper twice, and with every one enough of the same owner is left."""
    withheld: dict[str, tuple[EntityKind, Passage]] = {}
    for kind, n_more in _MORE.items():
        papers: defaultdict[str, list[Passage]] = defaultdict(list)
        for passage in passages:
            for owner in passage.owners[kind.value]:
                papers[owner].append(passage)
        for owner in sorted(papers):
            left = [paper for paper in papers[owner] if paper.id not in withheld]
            fit = [paper for paper in left if normalise(paper.title) not in not_asked]
            if len(left) > n_more and fit:
                chosen = rng.choice(fit)
                withheld[chosen.id] = (kind, chosen)
    return list(withheld.values())


def write(folder: Path, passages: Sequence[Passage], asked: Sequence[tuple[EntityKind, Passage]]) -> None:
    """Write the collection; what nobody in the corpus stands for any more is not judged."""
    withheld = {paper.id for _, paper in asked}
    corpus = [passage for passage in passages if passage.id not in withheld]
    present = {owner for passage in corpus for owners in passage.owners.values() for owner in owners}
    qrels = {
        f"Q{paper.id}": {owner: 1 for owners in paper.owners.values() for owner in owners if owner in present}
        for _, paper in asked
    }
    queries = [TestQuery(f"Q{paper.id}", paper.title, paper.text[:_QUERY_CHARS], kind) for kind, paper in asked]
    folder.mkdir(parents=True, exist_ok=True)
    write_dataset(folder, queries, corpus, qrels)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def _titles(files: Sequence[Path]) -> set[str]:
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {normalise(str(json.loads(line)["title"]).strip()) for line in lines}


def main() -> None:
    """Write one collection for every seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the real CSV files")
    parser.add_argument("--out", type=Path, required=True, help="folder that gets a folder for every seed")
    parser.add_argument(
        "--not-asked", type=Path, action="append", default=[], help="queries.jsonl or corpus.jsonl"
    )
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    passages, not_asked = read_passages(arguments.data), _titles(arguments.not_asked)
    for seed in range(arguments.seeds):
        asked = withhold(passages, not_asked, random.Random(seed))
        write(arguments.out / f"withheld-{seed}", passages, asked)
        print(f"withheld-{seed}: {len(asked)} queries")


if __name__ == "__main__":
    main()
