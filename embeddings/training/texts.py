"""The texts a model may learn from: scientific records with title, abstract and keywords."""

import csv
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from embeddings.text.normalise import normalise

_NOT_TELLING: Final = re.compile(r"[\W_]+")
_KEYWORD_BREAK: Final = re.compile(r"[；;]+")
_SHORTEST_ABSTRACT: Final = 40
_OPENING_LENGTH: Final = 40
"""Characters of an abstract that tell it apart from every other."""


@dataclass(frozen=True, slots=True)
class TrainingText:
    """One record: three descriptions of the same work, which is what makes training pairs.

    Attributes:
        title, abstract: never empty.
        keywords: in the author's order, possibly none.
    """

    title: str
    abstract: str
    keywords: tuple[str, ...]

    @property
    def fingerprints(self) -> frozenset[str]:
        """Title and opening of the abstract without punctuation: one shared means the same work."""
        return frozenset(filter(None, (_letters(self.title), _letters(self.abstract)[:_OPENING_LENGTH])))


def read_papers(file: Path) -> list[TrainingText]:
    """Records of an achievements table (成果名称, 摘要, 关键词), CSV in UTF-8.

    Raises:
        OSError: the file cannot be read.
        KeyError: a column is missing.
    """
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return _usable(
            TrainingText(
                row["成果名称"].strip(),
                row["摘要"].strip(),
                _keywords(_KEYWORD_BREAK.split(row["关键词"])),
            )
            for row in csv.DictReader(stream)
        )


def read_abstracts(file: Path) -> list[TrainingText]:
    """Records of a JSON Lines file with ``title``, ``abstract`` and a list of ``keywords``."""
    with file.open(encoding="utf-8-sig") as stream:
        rows = [json.loads(line) for line in stream if line.strip()]
    return _usable(
        TrainingText(
            row["title"].strip(),
            row["abstract"].strip(),
            _keywords(row["keywords"]),
        )
        for row in rows
    )


def read_held_out(file: Path) -> list[TrainingText]:
    """Queries of a BEIR folder (``queries.jsonl``), as records to be kept out of training."""
    with file.open(encoding="utf-8-sig") as stream:
        rows = [json.loads(line) for line in stream if line.strip()]
    return [TrainingText(row["title"], row.get("text", ""), ()) for row in rows]


def without(texts: Sequence[TrainingText], held_out: Iterable[TrainingText]) -> list[TrainingText]:
    """Texts that are neither held out nor a repetition of an earlier one.

    A work is recognised by its title or by how its abstract begins, whatever the punctuation, because a
    withheld paper may stand in the training file under another number.
    """
    seen = {fingerprint for text in held_out for fingerprint in text.fingerprints}
    kept = []
    for text in texts:
        if seen.isdisjoint(text.fingerprints):
            kept.append(text)
            seen |= text.fingerprints
    return kept


def _usable(texts: Iterable[TrainingText]) -> list[TrainingText]:
    return [text for text in texts if text.title and len(text.abstract) >= _SHORTEST_ABSTRACT]


def _keywords(raw: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in raw if word.strip()))


def _letters(text: str) -> str:
    return _NOT_TELLING.sub("", normalise(text))
