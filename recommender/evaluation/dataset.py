"""Test collections in BEIR layout: ``queries.jsonl``, ``corpus.jsonl``, ``qrels/test.tsv``."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from embeddings.passages.passage import Passage
from recommender.domain.errors import InvalidData
from recommender.domain.kinds import EntityKind

QUERIES_FILE: Final = "queries.jsonl"
CORPUS_FILE: Final = "corpus.jsonl"
QRELS_FILE: Final = "qrels/test.tsv"

KIND_BY_PREFIX: Final[Mapping[str, EntityKind]] = {"ZJ": EntityKind.EXPERT, "PT": EntityKind.PLATFORM}
_OWN_KIND: Final = EntityKind.ACHIEVEMENT
"""What a corpus entry is where it neither names entities nor a kind."""

_GRADED_THRESHOLD: Final = 2
"""Lowest grade that counts as relevant where the grades go beyond 1."""


@dataclass(frozen=True, slots=True)
class TestQuery:
    """A need of the collection; ``kind`` is what it looks for, ``None`` where the judgements alone tell."""

    id: str
    title: str
    text: str
    kind: EntityKind | None


@dataclass(frozen=True)
class Dataset:
    """A test collection.

    Attributes:
        name: its folder's name.
        queries: in file order.
        passages: the corpus, with the entities each passage speaks for.
        qrels: query id → entity id → grade, 0 or more; only what was judged.
    """

    name: str
    queries: tuple[TestQuery, ...]
    passages: tuple[Passage, ...]
    qrels: Mapping[str, Mapping[str, int]]

    @property
    def relevant_from(self) -> int:
        """Lowest grade that counts as relevant: 2 where grades go beyond 1, else 1."""
        highest = max((grade for grades in self.qrels.values() for grade in grades.values()), default=1)
        return _GRADED_THRESHOLD if highest > 1 else 1

    @property
    def has_relevant(self) -> bool:
        """Whether any query has something relevant: without, nothing can be measured."""
        asked = {query.id for query in self.queries}
        return any(
            grade >= self.relevant_from
            for query, grades in self.qrels.items()
            if query in asked
            for grade in grades.values()
        )

    def kind_of(self, entity_id: str) -> EntityKind:
        """Kind of an entity: as the corpus has it, else as its id tells."""
        return self._kind_by_entity.get(entity_id) or kind_of(entity_id)

    @cached_property
    def _kind_by_entity(self) -> Mapping[str, EntityKind]:
        return {
            entity: EntityKind(group)
            for passage in self.passages
            for group, entities in passage.owners.items()
            for entity in entities
        }

    @classmethod
    def read(cls, folder: Path) -> "Dataset":
        """Read a folder.

        Raises:
            InvalidData: a file is missing or a line is malformed; the sentence names file and line.
        """
        passages = tuple(_passage(row, place) for row, place in _rows(folder, CORPUS_FILE))
        queries = tuple(_query(row, place) for row, place in _rows(folder, QUERIES_FILE))
        return cls(folder.resolve().name, queries, passages, read_qrels(folder))


def kind_of(entity_id: str) -> EntityKind:
    """Kind of an entity by the prefix of its id; without a known one it is an achievement."""
    return next((kind for prefix, kind in KIND_BY_PREFIX.items() if entity_id.startswith(prefix)), _OWN_KIND)


def write_dataset(
    folder: Path,
    queries: Iterable[TestQuery],
    passages: Iterable[Passage],
    qrels: Mapping[str, Mapping[str, int]],
) -> int:
    """Write a collection in the layout that :meth:`Dataset.read` and other BEIR tools read.

    Passages that speak for several kinds of entities name all of them; their kind shows in ``kinds``.

    Returns:
        How many passages it has.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_lines(
        folder / QUERIES_FILE,
        ({"_id": q.id, "title": q.title, "text": q.text} | ({"kind": q.kind} if q.kind else {}) for q in queries),
    )
    n_passages = _write_lines(
        folder / CORPUS_FILE,
        (
            {
                "_id": passage.id,
                "title": passage.title,
                "text": passage.text,
                "entities": [entity for group in sorted(passage.owners) for entity in passage.owners[group]],
                "kinds": {entity: group for group in sorted(passage.owners) for entity in passage.owners[group]},
            }
            for passage in passages
        ),
    )
    write_qrels(folder / QRELS_FILE, qrels)
    return n_passages


def write_qrels(file: Path, qrels: Mapping[str, Mapping[str, int]]) -> None:
    """Write judgements; the folder is made where absent."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.write("query-id\tcorpus-id\tscore\n")
        stream.writelines(
            f"{query}\t{entity}\t{grade}\n" for query in qrels for entity, grade in qrels[query].items()
        )


def _write_lines(file: Path, rows: Iterable[Mapping[str, object]]) -> int:
    n_lines = 0
    with file.open("w", encoding="utf-8") as stream:
        for row in rows:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            n_lines += 1
    return n_lines


def read_qrels(folder: Path) -> dict[str, dict[str, int]]:
    """The judgements of a folder: query id → entity id → grade; negative grades count as 0.

    Raises:
        InvalidData: the file is missing or a line is malformed.
    """
    qrels: dict[str, dict[str, int]] = defaultdict(dict)
    for position, (line, place) in enumerate(_lines(folder, QRELS_FILE)):
        row = line.split("\t")
        if position == 0 and not row[-1].lstrip("-").isdigit():
            continue  # the header
        try:
            query, entity, grade = row[0], row[1], int(row[2])
        except (IndexError, ValueError):
            raise _malformed(place) from None
        qrels[query][entity] = max(0, grade)
    return dict(qrels)


def _rows(folder: Path, name: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Objects of a JSON Lines file, each with its place for a complaint."""
    for line, place in _lines(folder, name):
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            raise _malformed(place) from None
        if not isinstance(row, dict) or not isinstance(row.get("_id"), str) or not row["_id"]:
            raise _malformed(place)
        yield row, place


def _lines(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """Lines of a file that are not blank, each with its place."""
    file = folder / name
    if not file.is_file():
        raise InvalidData("evaluation.file_missing", folder=folder, file=name)
    with file.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            place = f"{name} 第 {number} 行"
            try:
                text = line.decode("utf-8-sig").strip("\r\n")
            except UnicodeDecodeError:
                raise _malformed(place) from None
            if text.strip():
                yield text, place


def _malformed(place: str) -> InvalidData:
    return InvalidData("evaluation.line_malformed", place=place)


def _query(row: dict[str, Any], place: str) -> TestQuery:
    return TestQuery(row["_id"], _text(row, "title"), _text(row, "text"), _stated_kind(row.get("kind"), place))


def _passage(row: dict[str, Any], place: str) -> Passage:
    entities, stated = row.get("entities") or [row["_id"]], row.get("kinds") or {}
    if not isinstance(stated, dict) or not _are_ids(entities):
        raise _malformed(place)
    owners: dict[str, list[str]] = defaultdict(list)
    for entity in entities:
        kind = _stated_kind(stated.get(entity, row.get("kind")), place) or kind_of(entity)
        owners[kind.value].append(entity)
    return Passage(
        id=row["_id"],
        title=_text(row, "title"),
        text=_text(row, "text"),
        label="",
        year=None,
        owners={kind: tuple(ids) for kind, ids in owners.items()},
    )


def _are_ids(entities: object) -> bool:
    return isinstance(entities, list) and all(isinstance(entity, str) and entity for entity in entities)


def _text(row: dict[str, Any], field: str) -> str:
    return str(row.get(field) or "").strip()


def _stated_kind(stated: object, place: str) -> EntityKind | None:
    try:
        return EntityKind(str(stated)) if stated else None
    except ValueError:
        raise InvalidData(
            "evaluation.kind_unknown", place=place, kind=stated, allowed="、".join(EntityKind)
        ) from None
