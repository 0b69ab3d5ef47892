"""Writing a synthetic city: files to import, labels, and a test collection."""

import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TextIO, TypeVar

from recommender.domain.entities import AchievementPlatform, Entity, Record
from recommender.domain.errors import Conflict, InvalidInput
from recommender.domain.kinds import EntityKind
from recommender.evaluation.dataset import TestQuery, write_dataset
from recommender.exchange.columns import TableKind, TableSpec
from recommender.exchange.credit_codes import check_digit
from recommender.exchange.export_columns import out_column
from recommender.exchange.files import FileFormat
from recommender.exchange.tables import TABLES
from recommender.exchange.writing import TableWriter, open_table
from recommender.matching.corpus import passages
from recommender.world import messages as zh
from recommender.world.achievements import CityAchievement
from recommender.world.city import City
from recommender.world.collection import (
    EXPERTS_PER_TOPIC,
    PLATFORMS_PER_TOPIC,
    Extract,
    judged_queries,
    judgements,
)
from recommender.world.enterprises import CityQuery
from recommender.world.material import Material
from recommender.world.topics import SIBLING, UNRELATED, TopicSet

WorldProgress = Callable[[str, int, int], None]
"""Told the stage (zh-CN), how much of it is done and how much there is."""

T = TypeVar("T")

COLLECTION_FOLDER: Final = "collection"
_STEP: Final = 500


@dataclass(frozen=True, slots=True)
class WorldSummary:
    """What was written.

    Attributes:
        files: rows by name of the file without its ending.
        n_queries: one for each enterprise.
        n_judged_queries: those whose judgements the collection holds.
        n_passages: of the collection's corpus.
        n_judgements: of the collection.
    """

    folder: Path
    scale: float
    seed: int
    files: Mapping[str, int]
    n_queries: int
    n_judged_queries: int
    n_passages: int
    n_judgements: int


class WorldService:
    """Writes synthetic cities.

    Args:
        material: folder with the hand-written topics and patterns.
    """

    def __init__(self, material: Path) -> None:
        self._material = material

    def write(
        self, out: Path, *, scale: float, seed: int, file_format: FileFormat, on_progress: WorldProgress
    ) -> WorldSummary:
        """Write a city into a folder that does not exist yet or is empty; all of it or nothing.

        The same material, scale, seed and format give the same bytes.

        Raises:
            InvalidInput: the scale is out of range, or the folder cannot be written.
            Conflict: the folder holds something.
            InvalidData: the material cannot be read.
        """
        city = City(Material(self._material), scale=scale, seed=seed, check_digit=check_digit)
        with _new_folder(out) as folder:
            return _CityWriter(city, folder, file_format, on_progress).write(out, scale=scale, seed=seed)


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """A folder that gets its name when the block ends without an error, and is removed otherwise."""
    out = out.absolute()
    if out.is_dir() and any(out.iterdir()):
        raise Conflict("world.folder_not_empty", folder=out)
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        part.mkdir(parents=True)
        try:
            yield part
            if out.is_dir():
                out.rmdir()
            part.rename(out)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise InvalidInput("world.folder_not_writable", folder=out, reason=error.strerror or error) from error


@dataclass
class _CountedTable:
    """A file of one kind that is being written."""

    spec: TableSpec
    writer: TableWriter
    n_rows: int = 0

    def write(self, records: Iterable[Record]) -> None:
        for record in records:
            self.writer.write(self.spec.render_row(record))
            self.n_rows += 1


@dataclass
class _Collected:
    """What the collection needs of the city, kept while it goes by."""

    extract: Extract
    queries: list[CityQuery] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    platforms: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def keep_evidence(self, achievement: CityAchievement) -> None:
        """The achievement, as one of those authors and platforms only that belong to the extract."""
        record = achievement.record
        authors = tuple(id_ for id_ in record.author_ids if id_ in self.extract.experts)
        self.entities.append(replace(record, author_ids=authors))
        self.platforms[record.id] = tuple(
            id_ for id_ in achievement.platform_ids if id_ in self.extract.platforms
        )


class _CityWriter:
    """Writes one city into one folder."""

    def __init__(self, city: City, folder: Path, file_format: FileFormat, on_progress: WorldProgress) -> None:
        self._city = city
        self._folder = folder
        self._format = file_format
        self._on_progress = on_progress

    def write(self, out: Path, *, scale: float, seed: int) -> WorldSummary:
        collected = _Collected(Extract.choose(self._city.careers, self._city.platforms, seed))
        with ExitStack() as stack:
            tables = {kind: stack.enter_context(self._table(kind)) for kind in TableKind}
            labels = stack.enter_context((self._folder / "topics.tsv").open("w", encoding="utf-8", newline="\n"))
            labels.write("kind\tid\ttopics\n")
            self._write_enterprises(tables, labels, collected)
            self._write_experts(tables, labels, collected)
            self._write_platforms(tables, labels, collected)
            self._write_achievements(tables, labels, collected)
        _write_relations(self._folder / "relations.tsv", self._city.topics)
        judged = judged_queries(collected.queries, seed)
        n_judgements = self._write_collection(collected, judged)
        summary = WorldSummary(
            folder=out,
            scale=scale,
            seed=seed,
            files={_file_name(kind): tables[kind].n_rows for kind in TableKind},
            n_queries=len(collected.queries),
            n_judged_queries=len(judged),
            n_passages=len(collected.entities),
            n_judgements=n_judgements,
        )
        self._write_readme(summary)
        return summary

    @contextmanager
    def _table(self, kind: TableKind) -> Iterator[_CountedTable]:
        spec = TABLES[kind]
        columns = [out_column(column, column.header) for column in spec.columns]
        path = self._folder / f"{_file_name(kind)}.{self._format.value}"
        with open_table(path, columns, format=self._format, name=spec.label) as writer:
            yield _CountedTable(spec, writer)

    def _write_enterprises(
        self, tables: Mapping[TableKind, _CountedTable], labels: TextIO, collected: _Collected
    ) -> None:
        enterprises = self._city.enterprises()
        for item in self._counted(zh.STAGE_ENTERPRISES, enterprises, self._city.size.n_enterprises):
            tables[TableKind.ENTERPRISES].write([item.record])
            tables[TableKind.ENTERPRISE_FACTS].write(item.facts)
            tables[TableKind.NEEDS].write([need for need, _ in item.needs])
            _label(labels, EntityKind.ENTERPRISE, item.record.id, item.topics)
            for need, topic in item.needs:
                _label(labels, EntityKind.NEED, need.id, (topic,))
            labels.write(f"query\t{item.query.id}\t{item.query.topic}\n")
            collected.queries.append(item.query)

    def _write_experts(
        self, tables: Mapping[TableKind, _CountedTable], labels: TextIO, collected: _Collected
    ) -> None:
        for item in self._counted(zh.STAGE_EXPERTS, self._city.experts(), self._city.size.n_experts):
            tables[TableKind.EXPERTS].write([item.record])
            _label(labels, EntityKind.EXPERT, item.record.id, item.topics)
            if item.record.id in collected.extract.experts:
                collected.entities.append(item.record)

    def _write_platforms(
        self, tables: Mapping[TableKind, _CountedTable], labels: TextIO, collected: _Collected
    ) -> None:
        for item in self._city.platforms:
            tables[TableKind.PLATFORMS].write([item.record])
            _label(labels, EntityKind.PLATFORM, item.record.id, item.topics)
            if item.record.id in collected.extract.platforms:
                collected.entities.append(item.record)

    def _write_achievements(
        self, tables: Mapping[TableKind, _CountedTable], labels: TextIO, collected: _Collected
    ) -> None:
        achievements = self._city.achievements()
        for item in self._counted(zh.STAGE_ACHIEVEMENTS, achievements, self._city.size.n_achievements):
            tables[TableKind.ACHIEVEMENTS].write([item.record])
            tables[TableKind.ACHIEVEMENT_PLATFORMS].write(
                AchievementPlatform(achievement_id=item.record.id, platform_id=id_) for id_ in item.platform_ids
            )
            _label(labels, EntityKind.ACHIEVEMENT, item.record.id, (item.topic,))
            if collected.extract.takes(item):
                collected.keep_evidence(item)

    def _write_collection(self, collected: _Collected, judged: Sequence[CityQuery]) -> int:
        by_topic = judgements(self._city.topics, collected.extract)
        qrels = {query.id: by_topic[query.topic] for query in judged}
        queries = (TestQuery(query.id, query.title, query.text, None) for query in collected.queries)
        entities = self._counted(zh.STAGE_COLLECTION, collected.entities, len(collected.entities))
        corpus = passages(entities, collected.platforms)
        write_dataset(self._folder / COLLECTION_FOLDER, queries, corpus, qrels)
        return sum(map(len, qrels.values()))

    def _write_readme(self, summary: WorldSummary) -> None:
        suffix = f".{self._format.value}"
        rows = "\n".join(
            f"| `{name}{suffix}` | {zh.FILE_LABELS[name]} | {n_rows:,} |"
            for name, n_rows in summary.files.items()
        )
        text = zh.README.format(
            scale=summary.scale,
            seed=summary.seed,
            rows=rows,
            suffix=suffix,
            n_queries=f"{summary.n_queries:,}",
            n_judged=f"{summary.n_judged_queries:,}",
            n_passages=f"{summary.n_passages:,}",
            experts=EXPERTS_PER_TOPIC,
            platforms=PLATFORMS_PER_TOPIC,
        )
        (self._folder / "README.md").write_text(text, encoding="utf-8", newline="\n")

    def _counted(self, stage: str, items: Iterable[T], total: int) -> Iterator[T]:
        for n_done, item in enumerate(items, start=1):
            yield item
            if n_done % _STEP == 0 or n_done == total:
                self._on_progress(stage, n_done, total)


def _file_name(kind: TableKind) -> str:
    return kind.value.replace("-", "_")


def _label(labels: TextIO, kind: EntityKind, id_: str, topics: Sequence[str]) -> None:
    labels.write(f"{kind.value}\t{id_}\t{';'.join(topics)}\n")


def _write_relations(file: Path, topics: TopicSet) -> None:
    """Which topics are siblings (1) and which near misses (0), both ways round."""
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("topic\tname\tother\tother_name\tgrade\n")
        for topic in topics:
            related = [(other, SIBLING) for other in topics.siblings(topic)]
            related += [(other, UNRELATED) for other in topics.near_misses(topic)]
            stream.writelines(
                f"{topic.id}\t{topic.name}\t{other.id}\t{other.name}\t{grade}\n" for other, grade in related
            )
