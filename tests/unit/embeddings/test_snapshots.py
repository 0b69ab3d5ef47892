"""Generations: verified, published by pointer flip, never half there."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from embeddings.errors import EmbeddingsError
from embeddings.snapshots.manifest import FORMAT, MANIFEST_NAME, Manifest
from embeddings.snapshots.store import Provenance, SnapshotStore

PROVENANCE = Provenance("encoder-1", "segmenter-1", "recipe-1")


def writer(content: str) -> Callable[[Path], Mapping[str, int]]:
    def write(folder: Path) -> Mapping[str, int]:
        (folder / "data.bin").write_text(content, encoding="utf-8")
        (folder / "part").mkdir()
        (folder / "part" / "more.bin").write_text(content * 2, encoding="utf-8")
        return {"passages": len(content)}

    return write


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    ticks = iter(range(1000))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return SnapshotStore(tmp_path / "snapshots", clock=lambda: start + timedelta(seconds=next(ticks)))


def content_of(store: SnapshotStore) -> str:
    folder, _, _ = store.open_sound()
    return (folder / "data.bin").read_text(encoding="utf-8")


def test_nothing_built_yet_says_what_to_run(store: SnapshotStore) -> None:
    assert store.current() is None
    with pytest.raises(EmbeddingsError, match="matchmaker index build") as caught:
        store.open_sound()
    assert caught.value.code == "snapshot.none"


def test_a_published_generation_is_current_and_sound(store: SnapshotStore) -> None:
    manifest = store.publish(writer("甲"), PROVENANCE)
    assert store.current() == manifest.generation == "20260101T000000-000"
    assert store.verify(manifest.generation) == manifest
    assert manifest.encoder_id == "encoder-1"
    assert content_of(store) == "甲"


def test_files_of_folders_are_named_by_their_path(store: SnapshotStore) -> None:
    manifest = store.publish(writer("甲"), PROVENANCE)
    assert set(manifest.files) == {"data.bin", "part/more.bin"}


def test_a_part_keeps_its_hash_while_its_own_files_are_the_same(store: SnapshotStore) -> None:
    def two_parts(one: str, other: str) -> Callable[[Path], Mapping[str, int]]:
        def write(folder: Path) -> Mapping[str, int]:
            for name, content in (("one", one), ("one-more", other)):
                (folder / name).mkdir()
                (folder / name / "data.bin").write_text(content, encoding="utf-8")
            return {"passages": 2}

        return write

    first = store.publish(two_parts("甲", "甲"), PROVENANCE)
    second = store.publish(two_parts("甲", "乙"), PROVENANCE)
    assert first.part_hash("one") == second.part_hash("one")
    assert first.part_hash("one-more") != second.part_hash("one-more")
    assert Manifest.read(store.folder(second.generation)).part_hash("one") == second.part_hash("one")
    with pytest.raises(KeyError):
        first.part_hash("on")


def test_only_so_many_generations_are_kept_and_never_the_current_one(store: SnapshotStore) -> None:
    first = store.publish(writer("甲"), PROVENANCE, keep=2)
    second = store.publish(writer("乙"), PROVENANCE, keep=2)
    third = store.publish(writer("丙"), PROVENANCE, keep=2)
    assert store.generations() == [second.generation, third.generation]
    assert first.generation not in store.generations()


def test_roll_back_and_forward(store: SnapshotStore) -> None:
    first, second = store.publish(writer("甲"), PROVENANCE), store.publish(writer("乙"), PROVENANCE)
    store.use(first.generation)
    assert content_of(store) == "甲"
    store.use(second.generation)
    assert content_of(store) == "乙"
    with pytest.raises(EmbeddingsError, match="index list"):
        store.use("nonsense")


def test_a_writer_that_raises_leaves_the_old_generation(store: SnapshotStore) -> None:
    store.publish(writer("甲"), PROVENANCE)

    def fail(folder: Path) -> Mapping[str, int]:
        (folder / "data.bin").write_text("half", encoding="utf-8")
        raise RuntimeError("model gone")

    with pytest.raises(RuntimeError):
        store.publish(fail, PROVENANCE)
    assert content_of(store) == "甲"
    store.publish(writer("乙"), PROVENANCE)
    assert content_of(store) == "乙"
    assert len(store.generations()) == 2


@pytest.mark.parametrize("name", ["data.bin", "part/more.bin", MANIFEST_NAME])
@pytest.mark.parametrize("damage", ["flip", "truncate", "remove"])
def test_a_damaged_generation_is_refused_and_the_one_before_is_served(
    store: SnapshotStore, name: str, damage: str
) -> None:
    store.publish(writer("甲"), PROVENANCE)
    second = store.publish(writer("乙"), PROVENANCE)
    path = store.folder(second.generation) / name
    content = bytearray(path.read_bytes())
    if damage == "remove":
        path.unlink()
    else:
        content[len(content) // 2] ^= 1
        path.write_bytes(content if damage == "flip" else content[: len(content) // 2])
    folder, manifest, problems = store.open_sound()
    served = (folder / "data.bin").read_text(encoding="utf-8")
    if name == MANIFEST_NAME and damage == "flip" and served == "乙":
        pytest.fail("a flipped byte in the manifest went unnoticed")
    assert served == "甲"
    assert manifest.generation != second.generation
    assert [problem.generation for problem in problems] == [second.generation]
    assert "index build" in str(problems[0].error)


def test_when_nothing_is_sound_the_current_error_is_raised(store: SnapshotStore) -> None:
    only = store.publish(writer("甲"), PROVENANCE)
    (store.folder(only.generation) / "data.bin").unlink()
    with pytest.raises(EmbeddingsError) as caught:
        store.open_sound()
    assert caught.value.code == "snapshot.file_missing"


def test_a_manifest_of_another_format_is_refused(store: SnapshotStore) -> None:
    only = store.publish(writer("甲"), PROVENANCE)
    path = store.folder(only.generation) / MANIFEST_NAME
    manifest = json.loads(path.read_text(encoding="utf-8")) | {"format": FORMAT - 1, "unknown": True}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(EmbeddingsError, match="index build") as caught:
        store.verify(only.generation)
    assert caught.value.code == "snapshot.format_unknown"


def test_a_second_builder_is_turned_away(store: SnapshotStore, tmp_path: Path) -> None:
    def race(folder: Path) -> Mapping[str, int]:
        with pytest.raises(EmbeddingsError) as caught:
            SnapshotStore(tmp_path / "snapshots").publish(writer("乙"), PROVENANCE)
        assert caught.value.code == "snapshot.busy"
        return writer("甲")(folder)

    store.publish(race, PROVENANCE)
    assert content_of(store) == "甲"


SLOW_BUILD = """
import sys, time
from pathlib import Path
from embeddings.snapshots.store import Provenance, SnapshotStore

def write(folder):
    for number in range(200):
        (folder / f"part{number}.bin").write_bytes(b"x" * 5000)
        if number == 20:
            print("started", flush=True)
        time.sleep(float(sys.argv[2]))
    return {"passages": 200}

SnapshotStore(Path(sys.argv[1])).publish(write, Provenance("e", "s", "r"))
"""


@pytest.mark.parametrize("delay_s", [0.0, 0.005, 0.02, 0.05])
def test_a_killed_build_leaves_the_old_generation(store: SnapshotStore, tmp_path: Path, delay_s: float) -> None:
    old = store.publish(writer("甲"), PROVENANCE)
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_BUILD, str(tmp_path / "snapshots"), "0.01"],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(delay_s)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert store.current() == old.generation
    assert store.generations() == [old.generation]
    assert content_of(store) == "甲"
    store.publish(writer("乙"), PROVENANCE)
    leftovers = [path.name for path in (tmp_path / "snapshots").glob(".building-*")]
    assert content_of(store) == "乙"
    assert leftovers == []
