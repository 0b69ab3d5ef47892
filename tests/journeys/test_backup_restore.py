"""A city's system on another machine: one command to take it, one to set it up, and it answers as before."""

import json
import shutil
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.bootstrap import Application
from recommender.domain.accounts import Actor, Role
from recommender.domain.backups import BackupManifest
from recommender.domain.errors import Conflict, Forbidden, InvalidData, InvalidInput
from recommender.domain.kinds import EntityKind
from recommender.services.matching import MatchRequest
from recommender.settings import Settings
from tests.journeys import nights
from tests.store.conftest import backend, cluster, empty_url

__all__ = ["backend", "cluster", "empty_url"]

ADMINISTRATOR = Actor.trusted("test")


@pytest.fixture
def source(later: nights.Libraries) -> Application:
    """The sample library with a published night, on SQLite."""
    return later()


@pytest.fixture
def machine(empty_url: str, sample_application: Application, tmp_path: Path) -> Iterator[Application]:
    """A machine with nothing on it but the program, on either kind of database."""
    built = Application(Settings(var_dir=tmp_path / "another", database_url=empty_url))
    built.encoder = sample_application.encoder
    yield built
    built.database.close()


def figures(manifest: BackupManifest) -> dict[str, tuple[int, str, int]]:
    return {item.shape.name: (item.n_rows, item.sha256, item.last_number) for item in manifest.tables}


def answers(application: Application) -> list[tuple[str, float]]:
    """What the system says to every need, and what the published night suggests."""
    with application.database.read() as unit:
        needs = [need.id for need in unit.needs.iterate()]
    found = []
    for need in needs:
        answer = application.matching.match_need(
            ADMINISTRATOR, need, MatchRequest((EntityKind.EXPERT, EntityKind.PLATFORM), 5, ())
        )
        found += [(match.id, match.score) for part in answer.lists for match in part.matches]
    return found


def test_from_one_machine_to_another_and_back(
    source: Application, machine: Application, sample_application: Application, tmp_path: Path
) -> None:
    there, back = tmp_path / "there.zip", tmp_path / "back.zip"
    taken = source.backups.take(there, actor=ADMINISTRATOR)
    assert taken.n_rows > 1_000
    assert taken.index is not None

    restored = machine.backups.restore(there, actor=ADMINISTRATOR)
    assert figures(restored.manifest) == figures(taken)
    assert not restored.index_is_here
    machine.indexing.build(actor="test")
    assert answers(machine) == answers(source)
    run_id = nights.published(machine)
    assert run_id == nights.published(source)
    assert run_id is not None
    assert nights.content(machine, run_id) == nights.content(source, run_id)

    # And home again, into a third place: nothing but the trails have grown.
    home = Application(Settings(var_dir=tmp_path / "home"))
    home.encoder = sample_application.encoder
    machine.backups.take(back, actor=ADMINISTRATOR)
    again = home.backups.restore(back, actor=ADMINISTRATOR).manifest
    home.database.close()
    first, last = figures(taken), figures(again)
    grown = {"audit", "processing"}
    assert all(last[name][0] > first[name][0] for name in grown)
    assert {name: row for name, row in last.items() if name not in grown} == {
        name: row for name, row in first.items() if name not in grown
    }


def test_both_are_in_the_audit_trail(source: Application, machine: Application, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    source.backups.take(file, actor=ADMINISTRATOR)
    machine.backups.restore(file, actor=ADMINISTRATOR)
    for application, action in ((source, "backup:database:take"), (machine, "backup:database:restore")):
        with application.database.read() as unit:
            (entry,) = unit.audit.tail(1)
        assert (entry.actor, entry.action, entry.target) == ("test", action, "b.zip")


def test_the_file_is_for_its_owner_and_holds_no_secret(source: Application, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    manifest = source.backups.take(file, actor=ADMINISTRATOR)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "MATCHMAKER_N_THREADS" in manifest.settings
    assert "MATCHMAKER_DATABASE_URL" not in manifest.settings
    with zipfile.ZipFile(file) as archive:
        assert {Path(name).parent.name for name in archive.namelist()} == {"", "tables"}
        needs = archive.read("tables/need.jsonl").decode().splitlines()
    (columns,) = (item.shape.columns for item in manifest.tables if item.shape.name == "need")
    first = dict(zip([column.name for column in columns], json.loads(needs[0]), strict=True))
    assert first["id"] == min(json.loads(line)[0] for line in needs)


def test_who_may_not_take_everybodys_data_may_not_take_it(source: Application, tmp_path: Path) -> None:
    nobody = Actor(id="x", role=Role.OFFICER, permissions=frozenset())
    with pytest.raises(Forbidden):
        source.backups.take(tmp_path / "b.zip", actor=nobody)
    with pytest.raises(Forbidden):
        source.backups.restore(tmp_path / "b.zip", actor=nobody)
    assert not (tmp_path / "b.zip").exists()


def test_what_is_there_is_not_overwritten_unasked(source: Application, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    source.backups.take(file, actor=ADMINISTRATOR)
    with pytest.raises(Conflict, match="--force"):
        source.backups.take(file, actor=ADMINISTRATOR)
    with pytest.raises(Conflict, match="--force") as caught:
        source.backups.restore(file, actor=ADMINISTRATOR)
    assert caught.value.code == "backup.not_empty"
    before = source.library.counts()
    with source.database.write() as unit:
        unit.experts.remove([expert.id for expert in unit.experts.iterate()])
    restored = source.backups.restore(file, actor=ADMINISTRATOR, replace=True)
    assert source.library.counts() == before
    assert restored.index_is_here


def test_a_backup_taken_apart_is_told_from_a_whole_one(
    source: Application, machine: Application, tmp_path: Path
) -> None:
    file = tmp_path / "b.zip"
    source.backups.take(file, actor=ADMINISTRATOR)
    assert source.backups.check(file, actor=ADMINISTRATOR).n_rows > 1_000
    whole = file.read_bytes()
    half = len(whole) // 2
    for content in (whole[:half], b"", whole[: half - 200] + bytes(400) + whole[half + 200 :]):
        file.write_bytes(content)
        for use in (source.backups.check, machine.backups.restore):
            with pytest.raises(InvalidData) as caught:
                use(file, actor=ADMINISTRATOR)
            assert caught.value.code in {"backup.not_a_backup", "backup.damaged"}
    with pytest.raises(InvalidData, match="nowhere"):
        machine.backups.restore(tmp_path / "nowhere.zip", actor=ADMINISTRATOR)


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda manifest: manifest.update(format=99), "backup.newer"),
        (lambda manifest: manifest.pop("tables"), "backup.not_a_backup"),
        (lambda manifest: manifest["tables"][0]["shape"].update(name='x"; DROP'), "backup.not_a_backup"),
        (lambda manifest: manifest["tables"][0]["shape"].update(key=["nothing"]), "backup.not_a_backup"),
        (lambda manifest: manifest.update(revision="9999"), "backup.newer"),
    ],
)
def test_a_manifest_is_not_taken_on_trust(
    source: Application, machine: Application, tmp_path: Path, harm: object, code: str
) -> None:
    whole, other = tmp_path / "b.zip", tmp_path / "other.zip"
    source.backups.take(whole, actor=ADMINISTRATOR)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                manifest = json.loads(content)
                harm(manifest)  # type: ignore[operator]
                content = json.dumps(manifest).encode()
            new.writestr(name, content)
    with pytest.raises((InvalidData, Conflict)) as caught:
        machine.backups.restore(other, actor=ADMINISTRATOR)
    assert caught.value.code == code


def test_the_key_goes_along_only_where_asked(source: Application, machine: Application, tmp_path: Path) -> None:
    file, key_file = tmp_path / "b.zip", source.backups.key_file
    shutil.rmtree(key_file.parent, ignore_errors=True)
    with pytest.raises(InvalidInput, match="--with-key"):
        source.backups.take(file, actor=ADMINISTRATOR, with_key=True)
    key_file.parent.mkdir()
    key_file.write_bytes(b"secret of the contacts")
    source.backups.take(file, actor=ADMINISTRATOR)
    assert not machine.backups.restore(file, actor=ADMINISTRATOR).key_is_here

    source.backups.take(file, actor=ADMINISTRATOR, with_key=True, replace=True)
    assert machine.backups.restore(file, actor=ADMINISTRATOR, replace=True).key_is_here
    found = machine.backups.key_file
    assert found.read_bytes() == b"secret of the contacts"
    assert stat.S_IMODE(found.stat().st_mode) == 0o600

    found.write_bytes(b"another")
    with pytest.raises(Conflict) as caught:
        machine.backups.restore(file, actor=ADMINISTRATOR)
    assert caught.value.code == "backup.other_key"
    machine.backups.restore(file, actor=ADMINISTRATOR, replace=True)
    assert sorted(path.read_bytes() for path in found.parent.iterdir()) == [b"another", b"secret of the contacts"]
