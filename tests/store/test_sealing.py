"""Contacts lie sealed wherever they lie, and come back as they were."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from recommender.domain.entities import Expert, fingerprint
from recommender.domain.errors import Conflict, Unavailable
from recommender.domain.sealed import is_sealed, key_of
from recommender.store import Database
from recommender.store.address import Address
from recommender.store.engine import open_engine, writing
from recommender.store.keys import KeyFile, Keyring
from recommender.store.sealing import Sealing
from recommender.store.vault import Vault
from tests.store.test_batches import batch

PHONE, EMAIL = "13800005678", "zhang.san@x.edu.cn"
JIA = Expert(id="E1", name="张小三", organisation="某大学", phone=PHONE, email=EMAIL)
BARE = Expert(id="E2", name="李四")
AT = datetime(2026, 11, 28, tzinfo=UTC)


def raw(url: str, query: str) -> list[tuple[object, ...]]:
    """Rows as they lie."""
    engine = open_engine(Address.parse(url))
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(sa.text(query))]
    engine.dispose()
    return rows


def execute(url: str, statement: str, **values: object) -> None:
    """Change rows behind the program's back."""
    engine = open_engine(Address.parse(url))
    with writing(engine).begin() as connection:
        connection.execute(sa.text(statement), values)
    engine.dispose()


@pytest.fixture
def own_vault(tmp_path: Path) -> Vault:
    """Keys that a test may rotate and lose."""
    file = KeyFile(tmp_path / "own" / "contacts.json")
    file.create(Keyring.fresh())
    return Vault(file)


@pytest.fixture
def own(url: str, own_vault: Vault) -> Iterator[Database]:
    """A database under those keys."""
    opened = Database.open(url, vault=own_vault)
    yield opened
    opened.close()


def test_a_contact_lies_sealed_and_comes_back(url: str, own: Database) -> None:
    with own.write() as unit:
        unit.experts.upsert([JIA, BARE])
    with own.read() as unit:
        assert unit.experts.get_many(["E1", "E2"]) == {"E1": JIA, "E2": BARE}
        assert list(unit.experts.iterate()) == [JIA, BARE]
    (phone, email), (no_phone, no_email) = raw(url, "SELECT phone, email FROM expert ORDER BY id")
    assert is_sealed(str(phone))
    assert is_sealed(str(email))
    assert PHONE not in str(phone)
    assert (no_phone, no_email) == ("", "")


def test_the_fingerprint_tells_contacts_apart_without_giving_them_away(own: Database) -> None:
    with own.write() as unit:
        unit.experts.upsert([JIA, BARE])
    with own.read() as unit:
        marks = unit.experts.fingerprints(["E1", "E2"])
        assert marks["E1"] == unit.experts.fingerprint_of(JIA)
        assert marks["E1"] != unit.experts.fingerprint_of(replace(JIA, phone="13800005679"))
    assert marks["E1"] != fingerprint(JIA), "whoever knows the rest could try all numbers"
    assert marks["E2"] == fingerprint(BARE), "who has no contact needs no key"


def test_writing_the_same_contact_again_changes_nothing(url: str, own: Database) -> None:
    for _ in range(2):
        with own.write() as unit:
            unit.experts.upsert([JIA])
    assert raw(url, "SELECT version FROM expert") == [(1,)]


def test_what_an_import_remembers_is_sealed(url: str, own: Database) -> None:
    later = replace(JIA, phone="13900001234")
    with own.write() as unit:
        unit.experts.upsert([JIA])
        unit.batches.start(replace(batch("B1"), kind="experts"))
        changes = unit.batches.changes("B1", Expert)
        changes.note_replaced([(JIA, later)])
        unit.experts.upsert([later])
        assert changes.before(["E1"]) == [JIA]
        assert changes.altered().n == 0
    kept = str(raw(url, "SELECT before FROM import_change"))
    assert PHONE not in kept
    assert EMAIL not in kept


class TestWithoutKeys:
    def test_everything_else_goes_on_and_nothing_is_lost(self, url: str, own: Database, own_vault: Vault) -> None:
        with own.write() as unit:
            unit.experts.upsert([JIA])
        assert own_vault.file is not None
        kept = own_vault.file.path.rename(own_vault.file.path.with_suffix(".away"))
        with own.write() as unit:
            expert = unit.experts.get("E1")
            assert expert is not None
            assert expert.name == JIA.name
            assert is_sealed(expert.phone)
            unit.experts.upsert([replace(expert, city="苏州"), BARE])
        with pytest.raises(Unavailable, match="密钥文件") as refused, own.write() as unit:
            unit.experts.upsert([replace(BARE, phone=PHONE)])
        assert refused.value.code == "personal.key_missing"
        kept.rename(own_vault.file.path)
        with own.read() as unit:
            assert unit.experts.get("E1") == replace(JIA, city="苏州")

    def test_no_new_key_is_made_where_a_former_one_is_missing(self, own: Database, own_vault: Vault) -> None:
        with own.write() as unit:
            unit.experts.upsert([JIA])
        assert own_vault.file is not None
        own_vault.file.path.unlink()
        own.upgrade()
        assert not own_vault.file.exists

    def test_another_key_opens_nothing(self, url: str, own: Database, tmp_path: Path) -> None:
        with own.write() as unit:
            unit.experts.upsert([JIA])
        file = KeyFile(tmp_path / "other.json")
        file.create(Keyring.fresh())
        other = Database.open(url, vault=Vault(file))
        with other.read() as unit:
            expert = unit.experts.get("E1")
        other.close()
        assert expert is not None
        assert is_sealed(expert.phone)

    @pytest.mark.parametrize("content", ["", "{}", '{"format": 1, "current": "a", "keys": {"a": "x"}}', "[1]"])
    def test_a_file_that_holds_no_keys_is_named(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "contacts.json"
        path.write_text(content)
        with pytest.raises(Unavailable, match=r"contacts\.json"):
            KeyFile(path).read()


class TestRotation:
    def test_everything_comes_under_the_new_key(self, url: str, own: Database, own_vault: Vault) -> None:
        with own.write() as unit:
            unit.experts.upsert([JIA, BARE])
            unit.batches.start(replace(batch("B1"), kind="experts"))
            unit.batches.changes("B1", Expert).note_replaced([(JIA, replace(JIA, city="苏州"))])
        before = raw(url, "SELECT fingerprint, version FROM expert ORDER BY id")
        assert own_vault.file is not None
        ring = own_vault.ring().rotated()
        own_vault.file.replace(ring)
        assert own.reseal() == Sealing(n_records=1, n_remembered=1)
        assert own.reseal() == Sealing()
        ((phone,),) = raw(url, "SELECT phone FROM expert WHERE id = 'E1'")
        assert key_of(str(phone)) == ring.current
        assert raw(url, "SELECT fingerprint, version FROM expert ORDER BY id") == before, "nobody changed it"
        own_vault.file.replace(ring.without_former())
        with own.read() as unit:
            assert unit.experts.get("E1") == JIA
            assert unit.batches.changes("B1", Expert).before(["E1"]) == [JIA]

    def test_what_no_key_opens_stays_and_is_counted(self, url: str, own: Database, own_vault: Vault) -> None:
        with own.write() as unit:
            unit.experts.upsert([JIA])
        assert own_vault.file is not None
        own_vault.file.replace(Keyring.fresh())
        rows = raw(url, "SELECT phone, email FROM expert")
        assert own.reseal() == Sealing(n_locked=1)
        assert raw(url, "SELECT phone, email FROM expert") == rows


def test_contacts_of_an_earlier_version_are_sealed_by_the_upgrade(url: str, own: Database) -> None:
    """Rows, what imports remember, and the hashes over either."""
    with own.write() as unit:
        unit.experts.upsert([JIA])
        unit.batches.start(replace(batch("B1"), kind="experts"))
        unit.batches.changes("B1", Expert).note_added(["E1"])
    execute(url, "UPDATE expert SET phone=:p, email=:e, fingerprint=:f", p=PHONE, e=EMAIL, f=fingerprint(JIA))
    execute(url, "UPDATE import_change SET after=:f", f=fingerprint(JIA))
    own.upgrade()
    with own.write() as unit:
        assert unit.experts.get("E1") == JIA
        assert unit.experts.fingerprints(["E1"]) == {"E1": unit.experts.fingerprint_of(JIA)}
        assert unit.batches.changes("B1", Expert).altered().n == 0
    everything = str(raw(url, "SELECT * FROM expert")) + str(raw(url, "SELECT * FROM import_change"))
    for secret in (PHONE, EMAIL, fingerprint(JIA)):
        assert secret not in everything


class TestKeyFile:
    def test_it_is_its_owners_alone(self, tmp_path: Path) -> None:
        file = KeyFile(tmp_path / "keys" / "contacts.json")
        file.create(Keyring.fresh())
        file.replace(file.read().rotated())
        assert file.path.stat().st_mode & 0o777 == 0o600
        assert file.path.parent.stat().st_mode & 0o077 == 0
        assert [path.name for path in file.path.parent.iterdir()] == ["contacts.json"]

    def test_it_is_never_made_twice(self, tmp_path: Path) -> None:
        file = KeyFile(tmp_path / "contacts.json")
        first = Keyring.fresh()
        file.create(first)
        with pytest.raises(Conflict):
            file.create(Keyring.fresh())
        assert file.read() == first

    def test_a_rotation_is_noticed_by_who_has_read_it_before(self, tmp_path: Path) -> None:
        file = KeyFile(tmp_path / "contacts.json")
        file.create(Keyring.fresh())
        vault = Vault(file)
        sealed = vault.seal(PHONE, "phone")
        file.replace(file.read().rotated())
        again = vault.seal(PHONE, "phone")
        assert key_of(sealed) != key_of(again)
        assert vault.open(sealed, "phone") == vault.open(again, "phone") == PHONE
        assert vault.open(sealed, "email") == sealed, "a phone number opens as nothing else"
        shutil.copy(file.path, tmp_path / "copy.json")
        assert Vault(KeyFile(tmp_path / "copy.json")).open(sealed, "phone") == PHONE
