"""Text in a workbook: plain, in runs of different looks, and the table of strings that cells share."""

import re
from collections.abc import Iterator
from typing import IO, Final

from recommender.exchange.limits import LIMITS
from recommender.exchange.messages import UNSAFE_CELL
from recommender.exchange.xlsx_xml import Attributes, Handler, Malformed, PartParser, Suspicious

_ESCAPE: Final = re.compile(r"_x(00[01][0-9A-Fa-f]|007[Ff]|005[Ff]|[Ff]{3}[EeFf])_")
"""Control characters as workbooks write them: ``_x000D_`` is the line end of Windows.

Text that only looks like that is written with its first sign escaped: ``_x005F_x000D_``.
"""


def unescaped(text: str) -> str:
    """Text with the control characters that its escapes stand for."""
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text) if "_x" in text else text


class TextCollector:
    """Collects character data; of strings in several runs only what stands in their ``t``.

    Phonetic guides (``rPh``) are left out. Ends of elements are listened to within runs only, where white
    space between them must not become text.
    """

    def __init__(self) -> None:
        self.parts: Final[list[str]] = []
        self._in_runs = False
        self._in_phonetic = False
        self._parser: PartParser

    @property
    def handlers(self) -> dict[str, Handler]:
        """For the elements of strings."""
        return {"t": self._start_text, "r": self._start_run, "rPh": self._start_phonetic}

    def attach(self, parser: PartParser) -> None:
        """Collect what ``parser`` reads."""
        self._parser = parser
        parser.expat.CharacterDataHandler = self.parts.append

    def take(self) -> str:
        """What was collected; nothing is left."""
        parts = self.parts
        text = parts[0] if len(parts) == 1 else "".join(parts)
        parts.clear()
        return text

    def check_length(self) -> None:
        """Refuse a single text beyond all measure before it is all in memory."""
        if len(self.parts) > 1 and sum(map(len, self.parts)) > LIMITS.max_cell_characters:
            raise Suspicious(UNSAFE_CELL)

    def _start_text(self, _: Attributes) -> None:
        if not self._in_runs:
            self.parts.clear()
        elif not self._in_phonetic:
            self._parser.expat.CharacterDataHandler = self.parts.append

    def _start_run(self, _: Attributes) -> None:
        if not self._in_runs:
            self.parts.clear()
            self._listen()

    def _start_phonetic(self, _: Attributes) -> None:
        self._listen()
        self._in_phonetic = True

    def _listen(self) -> None:
        self._in_runs = True
        self._parser.expat.CharacterDataHandler = None
        self._parser.listen_to_ends(self._end)

    def _end(self, name: str) -> None:
        self._parser.ends.append(name)
        local = name.rpartition(" ")[2]
        if local == "t":
            self._parser.expat.CharacterDataHandler = None
        elif local == "rPh":
            self._in_phonetic = False
        elif local in ("is", "si"):
            self._in_runs = self._in_phonetic = False
            self._parser.listen_to_ends(None)
            self._parser.expat.CharacterDataHandler = self.parts.append


class SharedStrings:
    """The table of shared strings, read as far as it is asked for.

    Args:
        part: the open part, or ``None`` where the workbook has none.
    """

    def __init__(self, part: IO[bytes] | None) -> None:
        self.table: Final[list[str]] = []
        """The strings read so far."""
        self._part = part
        self._is_open = False
        self._text = TextCollector()
        parser = PartParser({"si": self._start_string, **self._text.handlers})
        self._text.attach(parser)
        self._progress: Iterator[int] = iter(()) if part is None else parser.feed(part)

    def load(self, index: int) -> str:
        """The string at a position, from 0.

        Raises:
            Malformed: there is no such position.
        """
        if index < 0:
            raise Malformed("negative position of a shared string")
        while len(self.table) <= index:
            if not self._advance():
                raise Malformed("shared string that is not there")
        return self.table[index]

    def read_to_end(self) -> None:
        """Read what was not asked for, so that damage there is noticed as well."""
        while self._part is not None and self._part.read(1 << 20):
            pass

    def _advance(self) -> bool:
        try:
            next(self._progress)
        except StopIteration:
            if not self._is_open:
                return False
            self._close_string()
            self._is_open = False
            return True
        self._text.check_length()
        return True

    def _start_string(self, _: Attributes) -> None:
        if self._is_open:
            self._close_string()
        self._is_open = True
        self._text.parts.clear()

    def _close_string(self) -> None:
        self.table.append(unescaped(self._text.take()))
