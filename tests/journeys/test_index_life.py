"""The index through its life: rebuilt for changes only, guarded against damage, kills and other encoders."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from embeddings.encoders.cache import CachedEncoder
from embeddings.encoders.protocol import ProgressCallback, TextRole
from embeddings.encoders.vector_cache import VectorCache
from embeddings.types import FloatMatrix
from recommender.bootstrap import Application
from recommender.domain.entities import Need
from recommender.domain.errors import InvalidData, SearchUnavailable
from recommender.domain.kinds import SUPPLY_KINDS, EntityKind
from recommender.matching.indexing import IndexBuilder
from recommender.services.matching import MatchRequest
from recommender.settings import Settings
from tests.actors import TESTER
from tests.conftest import SAMPLES, import_samples

ROOT = Path(__file__).parents[2]
REQUEST = MatchRequest(SUPPLY_KINDS, 3)


@pytest.fixture
def application(sample_application: Application, tmp_path: Path) -> Application:
    """A private copy of the indexed sample library."""
    sample_application.encoder.encode(["暖"], TextRole.QUERY)
    var_dir = tmp_path / "var"
    shutil.copytree(sample_application.settings.snapshot_dir, var_dir / "snapshots")
    shutil.copytree(sample_application.settings.vector_cache_dir, var_dir / "vector-cache")
    copy = Application(Settings(var_dir=var_dir))
    import_samples(copy)
    return copy


def workbook_with(source: Path, target: Path, row: int, column: str, value: object) -> None:
    """Copy a workbook with one cell changed; ``row`` counts from 1 as a spreadsheet does."""
    workbook = openpyxl.load_workbook(source)
    sheet = workbook.active
    assert sheet is not None
    headers = [cell.value for cell in sheet[1]]
    sheet.cell(row=row, column=headers.index(column) + 1, value=value)
    workbook.save(target)


def flip_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)


def test_the_same_file_twice_changes_nothing_and_says_so(application: Application) -> None:
    before = application.library.counts()
    report = application.imports.apply("experts", SAMPLES / "experts.xlsx", actor=TESTER)
    assert (report.n_new, report.n_changed, report.n_unchanged, report.n_written) == (0, 0, 60, 0)
    assert "没有" in report.summary
    assert application.library.counts() == before


def test_a_corrected_row_updates_itself_and_only_its_text_is_encoded(
    application: Application, tmp_path: Path
) -> None:
    corrected = tmp_path / "experts.xlsx"
    workbook_with(SAMPLES / "experts.xlsx", corrected, 2, "能解决的问题", "齿轮箱油温高、漏油怎么治。")
    report = application.imports.apply("experts", corrected, actor=TESTER)
    assert (report.n_new, report.n_changed, report.n_unchanged) == (0, 1, 59)
    built = application.indexing.build(actor="test")
    assert (built.n_encoded, built.n_reused) == (1, built.manifest.counts["passages"] - 1)
    answer = application.matching.match_text(TESTER, "", "齿轮箱漏油", MatchRequest((EntityKind.EXPERT,), 1))
    assert answer.lists[0].matches[0].id == "ZJ0001"


def test_a_rebuild_gives_the_bytes_of_a_build_from_nothing(application: Application, tmp_path: Path) -> None:
    with application.database.write() as unit:
        achievements, experts = list(unit.achievements.iterate()), list(unit.experts.iterate())
        unit.achievements.upsert(
            [
                replace(achievements[3], abstract="齿轮箱漏油的密封结构。"),
                replace(achievements[7], title=achievements[8].title, abstract=achievements[8].abstract),
                replace(achievements[9], id="CG-0000", keywords=("新添",)),
            ]
        )
        unit.experts.remove([experts[5].id])
        unit.needs.remove([need.id for need in unit.needs.iterate()])
    rebuilt = application.indexing.build(actor="test")
    assert rebuilt.n_reused > 200
    shutil.rmtree(application.settings.snapshot_dir)
    from_nothing = application.indexing.build(actor="test")
    assert from_nothing.manifest.files == rebuilt.manifest.files


def test_vectors_of_unchanged_texts_come_from_the_generation_before(application: Application) -> None:
    shutil.rmtree(application.settings.vector_cache_dir)
    built = application.indexing.build(actor="test")
    assert (built.n_encoded, built.n_reused) == (0, built.manifest.counts["passages"])


@pytest.mark.parametrize("damage", [flip_byte, Path.unlink])
def test_nothing_is_taken_from_a_damaged_generation(
    application: Application, damage: Callable[..., None]
) -> None:
    sound = application.indexing.build(actor="test").manifest
    damage(application.snapshots.folder(sound.generation) / "supply/vectors.npy")
    assert application.indexing.build(actor="test").manifest.files == sound.files


def test_nothing_is_taken_from_a_generation_of_another_encoder(application: Application, tmp_path: Path) -> None:
    encoder = CachedEncoder(OtherEncoder(), VectorCache(tmp_path / "other-cache"))
    builder = IndexBuilder(application.snapshots, encoder, application.segmenter)
    with application.database.read() as unit:
        built = builder.build(unit.experts.iterate(), {}, keep=3, on_progress=lambda *_: None)
    assert (built.n_encoded, built.n_reused) == (built.manifest.counts["passages"], 0)


def test_a_need_filed_on_the_form_is_matched_by_the_parts_of_the_form(application: Application) -> None:
    bare = Need(id="XQ-bare", title="求助")
    form = replace(bare, id="XQ-form", difficulties="轧出来的薄板边上老是裂", indicators=("边裂率 ≤ 1 %",))
    with application.database.write() as unit:
        unit.needs.upsert([bare, form])
    texts = {need.id: application.matching.match_need(TESTER, need.id, REQUEST).text for need in (bare, form)}
    assert texts == {"XQ-bare": "", "XQ-form": "轧出来的薄板边上老是裂\n\n边裂率 ≤ 1 %"}
    experts = application.matching.match_need(TESTER, form.id, REQUEST).lists[0]
    free = application.matching.match_text(TESTER, "求助", form.text, REQUEST).lists[0]
    assert [match.id for match in experts.matches] == [match.id for match in free.matches]


def test_a_new_generation_is_served_without_a_restart(application: Application) -> None:
    first = application.matching.match_text(TESTER, "边裂", "", REQUEST).snapshot_id
    second = application.indexing.build(actor="test").manifest.generation
    assert application.matching.match_text(TESTER, "边裂", "", REQUEST).snapshot_id == second != first
    application.indexing.use(first, actor="test")
    assert application.matching.match_text(TESTER, "边裂", "", REQUEST).snapshot_id == first


@pytest.mark.parametrize("damage", [flip_byte, Path.unlink])
def test_a_damaged_generation_is_refused_and_the_previous_one_served(
    application: Application, damage: object
) -> None:
    old = application.snapshots.current()
    new = application.indexing.build(actor="test").manifest.generation
    damage(application.snapshots.folder(new) / "supply/vectors.npy")  # type: ignore[operator]
    with pytest.raises(SearchUnavailable, match="index build"):
        application.indexing.verify(None)
    fresh = Application(application.settings)
    answer = fresh.matching.match_text(TESTER, "边裂", "", REQUEST)
    assert answer.snapshot_id == old
    assert len(answer.problems) == 1
    assert new in answer.problems[0]
    assert fresh.readiness.check().ready


def test_damage_after_loading_keeps_the_generation_in_memory(application: Application) -> None:
    before = application.matching.match_text(TESTER, "边裂", "", REQUEST)
    for name in application.snapshots.generations():
        flip_byte(application.snapshots.folder(name) / "supply/vectors.npy")
    pointer = application.settings.snapshot_dir / "CURRENT"
    pointer.write_text("20990101T000000-000\n", encoding="utf-8")
    after = application.matching.match_text(TESTER, "边裂", "", REQUEST)
    assert after.lists == before.lists
    assert after.problems


class OtherEncoder:
    """A model of another make; ``bad`` makes it answer with NaN."""

    encoder_id = "other-encoder-1"
    dimension = 8

    def __init__(self, *, bad: bool = False) -> None:
        self._bad = bad

    def encode(
        self, texts: Sequence[str], role: TextRole, *, on_progress: ProgressCallback | None = None
    ) -> FloatMatrix:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        vectors[:, 0] = np.nan if self._bad else 1.0
        return vectors


def test_an_index_of_another_encoder_is_refused_with_the_command_that_mends_it(
    application: Application, tmp_path: Path
) -> None:
    encoder = CachedEncoder(OtherEncoder(), VectorCache(tmp_path / "other-cache"))
    application.encoder = encoder
    with pytest.raises(SearchUnavailable, match="matchmaker index build") as caught:
        application.matching.match_text(TESTER, "边裂", "", REQUEST)
    assert caught.value.code == "snapshot.encoder_differs"
    assert "other-encoder-1" in str(caught.value)
    assert not application.readiness.check().ready


def test_nan_from_an_encoder_writes_nothing_and_the_old_index_stays(
    application: Application, tmp_path: Path
) -> None:
    old = application.snapshots.current()
    encoder = CachedEncoder(OtherEncoder(bad=True), VectorCache(tmp_path / "other-cache"))
    builder = IndexBuilder(application.snapshots, encoder, application.segmenter)
    with application.database.read() as unit, pytest.raises(SearchUnavailable) as caught:
        builder.build(unit.experts.iterate(), {}, keep=3, on_progress=lambda *_: None)
    assert caught.value.code == "encoder.not_finite"
    assert application.snapshots.current() == old
    assert application.matching.match_text(TESTER, "边裂", "", REQUEST).snapshot_id == old


def test_free_text_leaves_no_vector_behind(application: Application) -> None:
    before = application.encoder.stats
    application.matching.match_text(TESTER, "一句没有登记的话", "", REQUEST)
    assert application.encoder.stats == before
    application.matching.match_need(TESTER, "XQ2026001", REQUEST)
    assert application.encoder.stats != before


def test_an_empty_library_is_not_indexed(tmp_path: Path) -> None:
    application = Application(Settings(var_dir=tmp_path))
    application.database.upgrade()
    with pytest.raises(InvalidData, match="matchmaker import"):
        application.indexing.build(actor="test")
    with pytest.raises(SearchUnavailable, match="matchmaker index build"):
        application.matching.match_text(TESTER, "边裂", "", REQUEST)


@pytest.mark.parametrize("delay_s", [0.0, 0.2])
def test_a_killed_build_leaves_the_old_index_and_what_it_encoded(
    application: Application, delay_s: float
) -> None:
    old = application.snapshots.current()
    with application.database.write() as unit:
        # Long enough to keep the model of a quick machine busy for as long as the delay.
        rewritten = [replace(item, abstract=f"{item.abstract}又及" * 4) for item in unit.achievements.iterate()]
        unit.achievements.upsert(rewritten)
    environment = {**os.environ, "MATCHMAKER_VAR_DIR": str(application.settings.var_dir)}
    process = subprocess.Popen(
        [sys.executable, "-m", "recommender.cli.main", "index", "build"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    building = application.settings.snapshot_dir
    deadline = time.monotonic() + 60
    while not list(building.glob(".building-*")):
        assert time.monotonic() < deadline, "the build did not start"
        time.sleep(0.02)
    time.sleep(delay_s)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "the build was over before it could be killed"
    assert application.snapshots.current() == old
    fresh = Application(application.settings)
    assert fresh.matching.match_text(TESTER, "边裂", "", REQUEST).snapshot_id == old
    assert fresh.indexing.build(actor="test").manifest.generation != old
