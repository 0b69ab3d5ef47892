"""Undoing imports gives back exactly what was there: any library, any files, both databases, and the index."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from recommender.bootstrap import Application
from recommender.domain.entities import AchievementPlatform, Entity
from recommender.domain.errors import Conflict
from recommender.domain.facts import EnterpriseFact
from recommender.exchange.columns import ColumnSpec, TableKind
from recommender.exchange.credit_codes import check_digit
from recommender.exchange.renderers import plain_text
from recommender.exchange.tables import TABLES, table_of
from recommender.services.batches import BatchService, UndoState
from recommender.services.imports import ImportService
from recommender.settings import Settings
from recommender.store import Database
from tests.actors import OFFICER
from tests.conftest import SAMPLES, import_samples
from tests.store import records
from tests.store.conftest import backend, cluster, database, template, template_file, url
from tests.store.dumps import empty, library_rows
from tests.unit.exchange.field_values import values_of
from tests.unit.exchange.samples import csv_file

__all__ = ["backend", "cluster", "database", "template", "template_file", "url"]

NOW = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
CODES = [f"9132058200000000{digit}" + check_digit(f"9132058200000000{digit}") for digit in "123"]
IDS = {
    TableKind.ENTERPRISES: CODES,
    TableKind.EXPERTS: ["ZJ1", "ZJ2", "ZJ3"],
    TableKind.PLATFORMS: ["PT1", "PT2"],
    TableKind.ACHIEVEMENTS: ["CG1", "CG2", "CG3"],
    TableKind.NEEDS: ["XQ1", "XQ2", "XQ3"],
}

Source = tuple[TableKind, list[list[str]]]
"""A kind of file and the rows of one."""


@dataclass(frozen=True)
class Content:
    """What a library holds at first."""

    entities: list[Entity]
    links: list[AchievementPlatform]
    facts: list[EnterpriseFact]


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(strategy, max_size=2, unique_by=lambda record: record.id)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """Any library over a few ids, so that files meet what is stored."""

    def ids(kind: TableKind) -> st.SearchStrategy[str]:
        return st.sampled_from(IDS[kind])

    enterprises = draw(some(records.enterprises(ids(TableKind.ENTERPRISES))))
    experts = draw(some(records.experts(ids(TableKind.EXPERTS))))
    platforms = draw(some(records.platforms(ids(TableKind.PLATFORMS))))
    names, codes = [expert.id for expert in experts], [enterprise.code for enterprise in enterprises]
    authors = st.lists(st.sampled_from(names), unique=True).map(tuple) if names else st.just(())
    works = [
        replace(work, author_ids=draw(authors))
        for work in draw(some(records.achievements(ids(TableKind.ACHIEVEMENTS))))
    ]
    needs = [
        replace(need, enterprise_code=draw(st.sampled_from(["", *codes])))
        for need in draw(some(records.needs(ids(TableKind.NEEDS))))
    ]
    pairs = [
        AchievementPlatform(achievement_id=work.id, platform_id=platform.id)
        for work in works
        for platform in platforms
    ]
    return Content(
        [*enterprises, *experts, *platforms, *works, *needs],
        draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else [],
        draw(some(records.facts(codes[0]))) if codes else [],
    )


def cells(kind: TableKind, column: ColumnSpec) -> st.SearchStrategy[str]:
    """What may stand in a column; ids are those of the library, or close to them."""
    owner = column.references or (kind if kind in IDS and column.field in table_of(kind).key else None)
    if owner is not None:
        ids = st.sampled_from(IDS[owner])
        several = st.lists(ids, max_size=2, unique=True).map("；".join)
        return several if column.form.is_list else ids
    return st.just("") | values_of(column).map(lambda value: plain_text(column.render(value)))


@st.composite
def files(draw: st.DrawFn) -> Source:
    """A file of any kind: the columns it must have and a few others, right or wrong."""
    kind = draw(st.sampled_from(list(TABLES)))
    table = table_of(kind)
    must = [column for column in table.columns if column.required or column.must_exist]
    may = [column for column in table.columns if column not in must]
    extra = draw(st.lists(st.sampled_from(may), max_size=3, unique_by=lambda column: column.field)) if may else []
    columns = [*must, *extra]
    row = st.tuples(*(cells(kind, column) for column in columns)).map(list)
    return kind, [[column.header for column in columns], *draw(st.lists(row, min_size=1, max_size=4))]


def fill(database: Database, content: Content) -> None:
    with database.write() as unit:
        for entity in content.entities:
            unit.of(entity.kind).upsert([entity])
        unit.achievement_platforms.upsert(content.links)
        unit.enterprise_facts.upsert(content.facts)


def apply_and_undo(
    url: str, database: Database, folder: Path, content: Content, sources: Sequence[Source]
) -> None:
    """Apply the files, then undo them one by one."""
    empty(url)
    fill(database, content)
    imports = ImportService(database, lambda: NOW)
    batches = BatchService(database, lambda: NOW, tuple)
    states = []
    for kind, rows in sources:
        before = library_rows(url)
        report = imports.apply(kind, csv_file(folder, rows), actor=OFFICER, valid_only=True)
        if report.batch:
            assert library_rows(url) != before
            states.append(before)
    for before in reversed(states):
        batches.undo(actor=OFFICER)
        assert library_rows(url) == before


@settings(
    deadline=None,
    max_examples=30,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(content=contents(), sources=st.lists(files(), min_size=1, max_size=4))
def test_undo_restores_the_exact_previous_state(
    url: str,
    database: Database,
    tmp_path: Path,
    content: Content,
    sources: list[Source],
) -> None:
    apply_and_undo(url, database, tmp_path, content, sources)


def test_the_samples_one_after_the_other(url: str, database: Database) -> None:
    imports = ImportService(database, lambda: NOW)
    batches = BatchService(database, lambda: NOW, tuple)
    order = ("enterprises", "experts", "platforms", "achievements", "achievement-platforms", "needs")
    states = []
    for kind in order:
        states.append(library_rows(url))
        path = SAMPLES / f"{kind.replace('-', '_')}.xlsx"
        assert imports.apply(kind, path, actor=OFFICER).applied
    assert [line.batch.kind for line in batches.newest(OFFICER)] == list(reversed(order))
    for before in reversed(states):
        batches.undo(actor=OFFICER)
        assert library_rows(url) == before


@pytest.fixture
def application(sample_application: Application, tmp_path: Path) -> Application:
    """A library of its own with the samples; vectors are known already."""
    var_dir = tmp_path / "var"
    shutil.copytree(sample_application.settings.vector_cache_dir, var_dir / "vector-cache")
    copy = Application(Settings(var_dir=var_dir))
    import_samples(copy)
    return copy


def wait_for_the_next_second() -> None:
    """Generations tell whole seconds."""
    time.sleep(1.0 - time.time() % 1.0)


def test_an_index_build_closes_what_it_holds(application: Application, tmp_path: Path) -> None:
    before = application.library.counts()
    first = application.imports.apply(
        "experts", csv_file(tmp_path, (("专家编号", "姓名"), ("X1", "甲某"))), actor=OFFICER
    )
    built = application.indexing.build(actor="officer").manifest.generation
    with pytest.raises(Conflict, match=built) as refused:
        application.batches.undo(first.batch, actor=OFFICER)
    assert refused.value.code == "import.undo_indexed"
    wait_for_the_next_second()
    second = application.imports.apply(
        "experts", csv_file(tmp_path, (("专家编号", "姓名"), ("X1", "章某"), ("X2", "乙某"))), actor=OFFICER
    )
    undo = {line.batch.id: line.undo for line in application.batches.newest(OFFICER)}
    assert (undo[first.batch], undo[second.batch]) == (UndoState.INDEXED, UndoState.POSSIBLE)
    application.batches.undo(actor=OFFICER)
    with application.database.read() as unit:
        names = {id_: expert.name for id_, expert in unit.experts.get_many(["X1", "X2"]).items()}
    assert names == {"X1": "甲某"}
    assert sum(application.library.counts().values()) == sum(before.values()) + 1
