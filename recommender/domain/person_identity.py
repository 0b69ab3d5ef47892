"""By what a person is found wherever their data lie, and the same data without them."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Final

from recommender.domain.entities import Expert
from recommender.domain.masking import HIDDEN
from recommender.domain.sealed import is_sealed

MIN_TELLING_ID: Final = 6
"""Characters; a shorter id may stand for anything inside a text, so it counts only where it stands alone."""

_MIN_TEXT: Final = 16
_TEXT_CHARS: Final = 30
_MOBILE: Final = re.compile(r"1\d{10}")
_INSIDE: Final = "[0-9A-Za-z_-]"


@dataclass(frozen=True)
class PersonIdentity:
    """Everything that names one person.

    Attributes:
        ids: theirs, former ones included.
        people: name and organisation, as they are and were known.
        contacts: telephone numbers in the usual ways of writing, and mail addresses.
        texts: beginnings of what was written about them, long enough to be told from others.
    """

    ids: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    contacts: tuple[str, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, ids: Sequence[str], records: Sequence[Expert]) -> "PersonIdentity":
        """The identity behind a record and what it was before."""
        contacts: dict[str, None] = {}
        for record in records:
            for contact in (record.phone, record.email):
                if contact and not is_sealed(contact):
                    contacts.update(dict.fromkeys(_written(contact)))
        texts = (text for record in records for text in (record.biography, record.solvable_problems))
        return cls(
            tuple(dict.fromkeys(ids)),
            tuple(dict.fromkeys((record.name, record.organisation) for record in records)),
            tuple(contacts),
            tuple(dict.fromkeys(text[:_TEXT_CHARS] for text in texts if len(text) >= _MIN_TEXT)),
        )

    def to_json(self) -> str:
        """As text, to be kept sealed until nothing is left of the person."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "PersonIdentity":
        """What :meth:`to_json` gave."""
        found = json.loads(text)
        people = tuple((name, organisation) for name, organisation in found["people"])
        return cls(tuple(found["ids"]), people, tuple(found["contacts"]), tuple(found["texts"]))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name of theirs."""
        return tuple(dict.fromkeys(name for name, _ in self.people if name))

    @cached_property
    def needles(self) -> tuple[str, ...]:
        """Texts one of which a place must hold to be worth looking at: a first, coarse sieve."""
        return (*self.ids, *map(_escaped, self.ids), *self.contacts, *self.names)

    @cached_property
    def _telling_ids(self) -> re.Pattern[str] | None:
        telling = [id for id in self.ids if len(id) >= MIN_TELLING_ID]
        if not telling:
            return None
        alternatives = "|".join(re.escape(form) for id in telling for form in (id, _escaped(id)))
        return re.compile(f"(?<!{_INSIDE})(?:{alternatives})(?!{_INSIDE})")

    def is_in(self, values: Sequence[object]) -> bool:
        """Whether the values of one place name this person: by id, by a contact, or by name and organisation."""
        texts = [text for value in values for text in _texts(value)]
        if any(text in self.ids for text in texts) or any(map(self._holds, texts)):
            return True
        whole = "\n".join(texts)
        return any(name in whole and organisation in whole for name, organisation in self.people if organisation)

    def bytes_to_find(self) -> tuple[bytes, ...]:
        """What files must not hold. Ids that say nothing by themselves are left out."""
        telling = [id for id in self.ids if len(id) >= MIN_TELLING_ID]
        side_by_side = [name + organisation for name, organisation in self.people if organisation]
        return tuple(text.encode() for text in (*telling, *self.contacts, *side_by_side, *self.texts))

    def is_at(self, content: bytes, start: int, needle: bytes) -> bool:
        """Whether a needle found in a file is not merely the beginning or end of a longer id."""
        if needle.decode() not in self.ids:
            return True
        inside = re.compile(_INSIDE.encode())
        before, after = content[max(0, start - 1) : start], content[start + len(needle) : start + len(needle) + 1]
        return not inside.fullmatch(before) and not inside.fullmatch(after)

    def scrubbed(self, value: Any, tombstone: str, *, names_too: bool = True) -> Any:
        """A value without the person: ids become the tombstone, contacts and names are hidden, lists lose them.

        Args:
            names_too: whether names inside texts are theirs; elsewhere somebody else may have the same.
        """
        if isinstance(value, Enum):
            return value
        if isinstance(value, str):
            return self._scrubbed_text(value, tombstone, names_too=names_too)
        if isinstance(value, tuple | list):
            kept = [item for item in value if not (isinstance(item, str) and item in (*self.ids, *self.names))]
            return type(value)(self.scrubbed(item, tombstone, names_too=names_too) for item in kept)
        if isinstance(value, dict):
            return {
                self.scrubbed(key, tombstone): self.scrubbed(item, tombstone, names_too=names_too)
                for key, item in value.items()
            }
        return value

    def _scrubbed_text(self, text: str, tombstone: str, *, names_too: bool) -> str:
        if text in self.ids:
            return tombstone
        if self._telling_ids is not None:
            text = self._telling_ids.sub(tombstone, text)
        for contact in self.contacts:
            text = text.replace(contact, HIDDEN)
        if names_too:
            for name in self.names:
                text = text.replace(name, HIDDEN)
        return text

    def _holds(self, text: str) -> bool:
        by_id = self._telling_ids is not None and self._telling_ids.search(text) is not None
        return by_id or any(contact in text for contact in self.contacts)


def _texts(value: object) -> list[str]:
    if isinstance(value, Enum):
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple | list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, dict):
        return [text for pair in value.items() for item in pair for text in _texts(item)]
    return []


def _escaped(id: str) -> str:
    """The id as ids of matches write it."""
    return id.replace("~", "~0").replace("!", "~1")


def _written(contact: str) -> list[str]:
    if not _MOBILE.fullmatch(contact):
        return [contact]
    parts = (contact[:3], contact[3:7], contact[7:])
    return [contact, "-".join(parts), " ".join(parts)]
