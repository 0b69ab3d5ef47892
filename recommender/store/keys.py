"""The keys of sealed contacts: a file beside the database, never inside it."""

import base64
import binascii
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from recommender.domain.errors import Conflict, Unavailable

KEY_BYTES: Final = 32
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys that open something, and the one that seals.

    Attributes:
        current: id of the key that seals.
        keys: 32 bytes each, by id.
        marking: key of the marks; it stays when keys are rotated, or no mark could be compared with a former one.
    """

    current: str
    keys: Mapping[str, bytes]
    marking: bytes

    @classmethod
    def fresh(cls) -> "Keyring":
        """A new ring with one key."""
        id = _new_id()
        return cls(id, {id: secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))

    def rotated(self) -> "Keyring":
        """The same ring with a new key that seals from now on."""
        id = _new_id()
        return Keyring(id, {**self.keys, id: secrets.token_bytes(KEY_BYTES)}, self.marking)

    def without_former(self) -> "Keyring":
        """Only the key that seals: what is sealed with another one is lost."""
        return Keyring(self.current, {self.current: self.keys[self.current]}, self.marking)


class KeyFile:
    """A JSON file that only its owner may read; whoever has it and the database has the contacts."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        """Whether there is such a file."""
        return self.path.is_file()

    def stamp(self) -> tuple[int, int]:
        """Changes whenever the file does; ``(0, 0)`` where there is none."""
        try:
            status = self.path.stat()
        except OSError:
            return 0, 0
        return status.st_mtime_ns, status.st_ino

    def read(self) -> Keyring:
        """The keys.

        Raises:
            Unavailable: there is no file, or it is not one of ours.
        """
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            keys = {id: _decoded(text) for id, text in found["keys"].items()}
            ring = Keyring(found["current"], keys, _decoded(found["marking"]))
            if found["format"] != _FORMAT or ring.current not in keys:
                raise ValueError
        except FileNotFoundError:
            raise Unavailable("personal.key_missing", place=self.path) from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            raise Unavailable("personal.key_unreadable", place=self.path) from None
        return ring

    def create(self, ring: Keyring) -> None:
        """Write the file for the first time.

        Raises:
            Conflict: there is one already; it is left alone.
            Unavailable: it cannot be written.
        """
        try:
            self._make_folder()
            # A link, unlike a rename, never replaces: of two that create it at once one is told so.
            written = self._write_aside(ring)
            try:
                os.link(written, self.path)
            finally:
                written.unlink()
        except FileExistsError:
            raise Conflict("personal.key_exists", place=self.path) from None
        except OSError:
            raise Unavailable("personal.key_not_writable", place=self.path) from None

    def replace(self, ring: Keyring) -> None:
        """Write the file anew, all of it or nothing.

        Raises:
            Unavailable: it cannot be written.
        """
        try:
            self._make_folder()
            self._write_aside(ring).replace(self.path)
        except OSError:
            raise Unavailable("personal.key_not_writable", place=self.path) from None

    def _make_folder(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _write_aside(self, ring: Keyring) -> Path:
        content: dict[str, Any] = {
            "format": _FORMAT,
            "current": ring.current,
            "keys": {id: _encoded(key) for id, key in ring.keys.items()},
            "marking": _encoded(ring.marking),
        }
        aside = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        return aside


def _new_id() -> str:
    return f"k{datetime.now(UTC):%Y%m%d}{secrets.token_hex(3)}"


def _encoded(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")


def _decoded(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key
