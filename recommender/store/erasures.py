"""Certificates of erasure, and the keyed hashes by which an erased person is known again."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, delete, insert, select, update

from recommender.domain.errors import Unavailable
from recommender.domain.person_identity import PersonIdentity
from recommender.domain.personal import Certificate, ErasedLine, ErasedPart, ErasureState
from recommender.domain.sealed import is_sealed
from recommender.identity.text import lettered
from recommender.store import tables
from recommender.store.conditions import among
from recommender.store.part import UnitPart
from recommender.store.values import check_row, chunks
from recommender.store.vault import Vault

_ERASURES: Final[Table] = tables.Base.metadata.tables["erasure"]
_SUPPRESSED: Final[Table] = tables.Base.metadata.tables["suppressed"]
_CHUNK: Final = 2000
_IDENTITY: Final = "identity"


class ErasureRepository(UnitPart):
    """Who was erased, without saying who."""

    def __init__(self, connection: Connection, *, writable: bool, vault: Vault) -> None:
        self._connection = connection
        self._writable = writable
        self._vault = vault

    def save(self, certificate: Certificate, identity: PersonIdentity | None) -> None:
        """Add a certificate, or put it in the place of the one with its id.

        Args:
            identity: of whom, kept sealed; ``None`` as soon as nothing is left to remove.

        Raises:
            InvalidData: a value cannot be stored.
            Unavailable: there are no keys.
        """
        self._require_write()
        row = asdict(certificate)
        row["lines"] = [{**line, "part": line["part"].value} for line in row["lines"]]
        check_row(row, kind="删除证明", id=certificate.id)
        row["identity"] = "" if identity is None else self._vault.seal(identity.to_json(), _IDENTITY)
        of_id = _ERASURES.c.id == certificate.id
        if self._connection.execute(select(_ERASURES.c.id).where(of_id)).first() is None:
            self._connection.execute(insert(_ERASURES), row)
        else:
            self._connection.execute(update(_ERASURES).where(of_id).values(**row))

    def identity(self, id: str) -> PersonIdentity | None:
        """Whom a pending certificate is about, ``None`` where that is forgotten.

        Raises:
            Unavailable: the keys do not open it.
        """
        sealed = self._connection.execute(select(_ERASURES.c.identity).where(_ERASURES.c.id == id)).scalar()
        if not sealed:
            return None
        opened = self._vault.open(sealed, _IDENTITY)
        if is_sealed(opened):
            raise Unavailable("personal.key_missing", place=self._vault.file.path if self._vault.file else "--")
        return PersonIdentity.from_json(opened)

    def get(self, id: str) -> Certificate | None:
        """The certificate with that id, or ``None``."""
        row = self._connection.execute(select(_ERASURES).where(_ERASURES.c.id == id)).one_or_none()
        return None if row is None else _certificate(row)

    def newest(self, n: int) -> list[Certificate]:
        """The last ``n`` certificates, newest first."""
        statement = select(_ERASURES).order_by(_ERASURES.c.at.desc(), _ERASURES.c.id.desc()).limit(n)
        return [_certificate(row) for row in self._connection.execute(statement)]

    def pending(self) -> list[Certificate]:
        """Those with something left to remove, oldest first."""
        statement = select(_ERASURES).where(_ERASURES.c.state == ErasureState.PENDING)
        return [_certificate(row) for row in self._connection.execute(statement.order_by(_ERASURES.c.at))]

    def suppress(self, erasure_id: str, ids: Iterable[str], people: Iterable[tuple[str, str]]) -> None:
        """Remember who may not come back.

        Args:
            ids: of the person, former ones included.
            people: name and organisation as they were known.

        Raises:
            Unavailable: there are no keys.
        """
        self._require_write()
        wanted = {self._of_id(id) for id in ids} | {self._of_person(*person) for person in people}
        known = self._known(wanted)
        rows = [{"digest": digest, "erasure_id": erasure_id} for digest in sorted(wanted - known)]
        if rows:
            self._connection.execute(insert(_SUPPRESSED), rows)

    def readmit(self, erasure_id: str) -> int:
        """Forget by what a person would be known again; how many marks there were."""
        self._require_write()
        statement = delete(_SUPPRESSED).where(_SUPPRESSED.c.erasure_id == erasure_id)
        return self._connection.execute(statement).rowcount

    def suppressed(self, ids: Iterable[str], people: Iterable[tuple[str, str, str]] = ()) -> frozenset[str]:
        """Those of the ids that belong, or by name and organisation seem to belong, to erased people.

        Args:
            ids: that are named without saying who it is.
            people: id, name and organisation.

        Raises:
            Unavailable: somebody was erased, and there are no keys to know them by.
        """
        if self._connection.execute(select(_SUPPRESSED.c.digest).limit(1)).first() is None:
            # Nobody was erased: no key is needed, and nothing is computed for a city's import.
            return frozenset()
        by_digest: dict[str, set[str]] = {}
        for id in ids:
            by_digest.setdefault(self._of_id(id), set()).add(id)
        for id, name, organisation in people:
            by_digest.setdefault(self._of_id(id), set()).add(id)
            if organisation:
                by_digest.setdefault(self._of_person(name, organisation), set()).add(id)
        return frozenset(id for digest in self._known(by_digest) for id in by_digest[digest])

    def _known(self, digests: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for chunk in chunks(sorted(digests), _CHUNK):
            known = select(_SUPPRESSED.c.digest).where(
                among(_SUPPRESSED.c.digest, chunk, self._connection.dialect)
            )
            found.update(self._connection.execute(known).scalars())
        return found

    def _of_id(self, id: str) -> str:
        return self._vault.digest(f"id\x1f{id}")

    def _of_person(self, name: str, organisation: str) -> str:
        return self._vault.digest(f"person\x1f{lettered(name)}\x1f{lettered(organisation)}")


def _certificate(row: Row[Any]) -> Certificate:
    lines = tuple(ErasedLine(ErasedPart(line["part"]), line["n"], line["n_pending"]) for line in row.lines)
    values = {name: value for name, value in row._mapping.items() if name != "identity"}
    return Certificate(**{**values, "lines": lines})
