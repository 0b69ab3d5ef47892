"""Seals contacts on their way into the database and opens them on the way out."""

import base64
import binascii
import hmac
import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recommender.domain.entities import Record, fingerprint
from recommender.domain.errors import Unavailable
from recommender.domain.sealed import SEALED_FIELDS, SEALED_PREFIX, is_sealed, key_of, mark_of
from recommender.store.keys import KeyFile, Keyring

R = TypeVar("R", bound=Record)

_NONCE_BYTES: Final = 12
_MARK_CHARS: Final = 32
_NOTHING: Final[tuple[str, ...]] = ()

_log = logging.getLogger(__name__)


class Vault:
    """AES-256-GCM with the keys of a file; follows the file when keys are rotated. Safe between threads.

    Without the keys everything else goes on: sealed contacts stay sealed, and only what would write or show one
    fails.

    Args:
        file: of the keys; ``None`` is a vault that can seal nothing.
    """

    def __init__(self, file: KeyFile | None) -> None:
        self._file = file
        self._read: tuple[tuple[int, int], Keyring] | None = None

    @property
    def file(self) -> KeyFile | None:
        """Where the keys are."""
        return self._file

    def ring(self) -> Keyring:
        """The keys as the file has them now.

        Raises:
            Unavailable: there are none.
        """
        if self._file is None:
            raise Unavailable("personal.key_missing", place="--")
        stamp = self._file.stamp()
        read = self._read
        if read is None or read[0] != stamp:
            read = self._read = (stamp, self._file.read())
        return read[1]

    def seal(self, text: str, field: str) -> str:
        """A contact as it may lie in the database; what is empty or sealed already stays as it is.

        Args:
            field: what the text is, such as ``phone``; it opens as nothing else.

        Raises:
            Unavailable: there are no keys.
        """
        if not text or is_sealed(text):
            return text
        ring = self.ring()
        # A keyed hash of the content as nonce: it repeats only where the whole does. So the same contact lies the
        # same way, and what is taken back comes back to the letter; that two are equal the mark says anyway.
        nonce = bytes.fromhex(self.digest(f"nonce\x1f{ring.current}\x1f{field}\x1f{text}"))[:_NONCE_BYTES]
        content = nonce + _cipher(ring.keys[ring.current]).encrypt(nonce, text.encode(), field.encode())
        encoded = base64.urlsafe_b64encode(content).decode("ascii")
        return f"{SEALED_PREFIX}{ring.current}.{self.mark(text, field)}.{encoded}"

    def open(self, text: str, field: str) -> str:
        """A contact in clear; it stays sealed where the keys do not open it."""
        if not is_sealed(text):
            return text
        try:
            content = base64.urlsafe_b64decode(text.rpartition(".")[2].encode("ascii"))
            key = self.ring().keys[key_of(text)]
            opened = _cipher(key).decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], field.encode())
        except (Unavailable, KeyError, ValueError, binascii.Error, InvalidTag) as error:
            _log.debug("a sealed %s cannot be opened: %s", field, type(error).__name__)
            return text
        return opened.decode()

    def mark(self, text: str, field: str) -> str:
        """A keyed hash: equal for equal texts of a field, and nothing can be guessed from it without the key.

        Raises:
            Unavailable: there are no keys.
        """
        if is_sealed(text):
            return mark_of(text)
        return self.digest(f"{field}\x1f{text}")[:_MARK_CHARS]

    def digest(self, text: str) -> str:
        """Hex HMAC-SHA256 of anything under the key of marks.

        Raises:
            Unavailable: there are no keys.
        """
        return hmac.digest(self.ring().marking, text.encode(), "sha256").hex()

    def fingerprint(self, record: Record) -> str:
        """The content hash of a record, with marks in place of its contacts.

        Raises:
            Unavailable: it has contacts, and there are no keys.
        """
        marks = {
            field: self.mark(value, field)
            for field in SEALED_FIELDS.get(type(record), _NOTHING)
            if (value := getattr(record, field))
        }
        return fingerprint(record, marks) if marks else fingerprint(record)

    def sealed(self, record_type: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
        """A row or document of a record with its contacts sealed.

        Raises:
            Unavailable: there are contacts in it, and no keys.
        """
        fields = SEALED_FIELDS.get(record_type, _NOTHING)
        return {**values, **{field: self.seal(values[field], field) for field in fields if values.get(field)}}

    def opened(self, record: R) -> R:
        """A record with its contacts in clear, as far as the keys open them."""
        fields = SEALED_FIELDS.get(type(record), _NOTHING)  # type: ignore[arg-type] # the type of a record
        contacts: dict[str, Any] = {
            field: self.open(value, field) for field in fields if (value := getattr(record, field))
        }
        return replace(record, **contacts) if contacts else record


WITHOUT_KEYS: Final = Vault(None)
"""For databases that are to hold no contacts."""


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
