"""What a form of the console holds when it is sent."""

import math
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from starlette.datastructures import FormData, UploadFile

from api.console.choices import chosen, day_of
from recommender.domain.errors import InvalidInput

V = TypeVar("V", bound=StrEnum)
TOKEN_FIELD: Final = "csrf_token"  # noqa: S105 - the name of the field


class Form:
    """The fields of a form as they were typed; what is absent is empty.

    A field whose content has no place in its type is refused with a sentence that names its label.
    """

    def __init__(self, data: FormData) -> None:
        self._data = data

    def text(self, name: str) -> str:
        """What was typed, without blanks at its ends; line ends as ``\\n``."""
        value = self._data.get(name, "")
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""

    def secret(self, name: str) -> str:
        """What was typed, untouched: blanks are part of a password."""
        value = self._data.get(name, "")
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Every value of a field that may occur several times, empty ones left out."""
        values = (value.strip() for value in self._data.getlist(name) if isinstance(value, str))
        return tuple(value for value in values if value)

    def flag(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.text(name))

    def number(self, name: str, *, label: str) -> float | None:
        """A number, ``None`` where nothing was typed.

        Raises:
            InvalidInput: it is none.
        """
        text = self.text(name).replace(",", "").replace("，", "")
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise InvalidInput("form.number", label=label, text=text[:50]) from None
        if not math.isfinite(value):
            raise InvalidInput("form.number", label=label, text=text[:50])
        return value

    def whole(self, name: str, *, label: str) -> int | None:
        """A whole number, ``None`` where nothing was typed.

        Raises:
            InvalidInput: it is none.
        """
        value = self.number(name, label=label)
        if value is None:
            return None
        if not value.is_integer():
            raise InvalidInput("form.whole", label=label, text=self.text(name)[:50])
        return int(value)

    def day(self, name: str, *, label: str) -> date | None:
        """A date, ``None`` where nothing was typed.

        Raises:
            InvalidInput: it is none.
        """
        return day_of(self.text(name), label=label)

    def choice(self, name: str, vocabulary: type[V], *, label: str) -> V | None:
        """One value of a vocabulary, ``None`` where nothing was chosen.

        Raises:
            InvalidInput: it is none of them.
        """
        return chosen(self.text(name), vocabulary, label=label)

    def version(self, name: str = "version") -> int:
        """The version that the page showed; 0 for something that is not stored yet.

        Raises:
            InvalidInput: it is missing or none.
        """
        text = self.text(name)
        if not (text.isascii() and text.isdigit() and len(text) <= 18):  # noqa: PLR2004 - digits of 64 bits
            raise InvalidInput("form.version")
        return int(text)

    def file(self, name: str) -> UploadFile | None:
        """A file, ``None`` where none was chosen."""
        value = self._data.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Every text field with its value, in order; the token is left out."""
        for name, value in self._data.multi_items():
            if isinstance(value, str) and name != TOKEN_FIELD:
                yield name, value
