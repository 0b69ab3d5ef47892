"""The XML parts of a workbook, parsed as a stream: no declarations, no giant tokens, no endless nesting."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO, Final
from xml.parsers import expat

from recommender.exchange.limits import LIMITS
from recommender.exchange.messages import UNSAFE_DECLARATIONS, UNSAFE_STRUCTURE

_CHUNK: Final = 1 << 16
_MAIN: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The namespace of worksheets, and the one that the strict variant of the format uses."""

Attributes = dict[str, str]
Handler = Callable[[Attributes], None]


class Malformed(Exception):
    """A part is damaged, or is not what its place in the workbook says."""


class Suspicious(Exception):
    """A part holds what no spreadsheet program writes; ``reason`` says so in zh-CN."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class PartParser:
    """Parses one part and calls a handler for each element that has one, by its name without namespace.

    Built on expat itself: the parsers of ``defusedxml`` are pure Python and take five times as long. What
    those forbid cannot be declared here either, since the document type is refused where it begins.
    """

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self.expat: Final = expat.ParserCreate(namespace_separator=" ")
        self.expat.buffer_text = True
        self.expat.StartDoctypeDeclHandler = _refuse_declarations
        self.ends: Final[list[str]] = []
        """Names of the elements that ended since the last pause."""
        self._n_starts = 0
        self._handlers = {f"{space} {name}": handler for name, handler in handlers.items() for space in _MAIN}
        self.expat.StartElementHandler = self._start
        self.listen_to_ends(None)
        self._stopped = False

    def listen_to_ends(self, handler: Callable[[str], None] | None) -> None:
        """Call a handler with the full name of each element that ends, or none (the default)."""
        self.expat.EndElementHandler = self.ends.append if handler is None else handler

    def stop(self) -> None:
        """Parse no further; what follows is neither read nor checked."""
        self._stopped = True
        self.expat.StartElementHandler = None
        self.expat.CharacterDataHandler = None

    def feed(self, part: IO[bytes]) -> Iterator[None]:
        """Parse a part piece by piece, and pause after each.

        Raises:
            Suspicious: a declaration, a tag or comment too long for its purpose, or elements nested deeply.
            ExpatError: what is parsed is not well-formed.
        """
        n_fed = depth = 0
        while not self._stopped and (chunk := part.read(_CHUNK)):
            self.expat.Parse(chunk, False)  # noqa: FBT003 - taken by position only
            n_fed += len(chunk)
            depth += self._n_starts - len(self.ends)
            self._n_starts = 0
            self.ends.clear()
            # Expat starts over with an unfinished tag whenever more of it comes, and keeps every open element.
            too_long = n_fed - self.expat.CurrentByteIndex > LIMITS.max_tag_bytes
            if not self._stopped and (too_long or depth > LIMITS.max_depth):
                raise Suspicious(UNSAFE_STRUCTURE)
            yield
        if not self._stopped:
            self.expat.Parse(b"", True)  # noqa: FBT003
            yield

    def _start(self, name: str, attributes: Attributes) -> None:
        self._n_starts += 1
        handler = self._handlers.get(name)
        if handler is not None:
            handler(attributes)


def elements(part: IO[bytes]) -> Iterator[tuple[str, Attributes]]:
    """Name without namespace, and attributes, of every element of a small part, in the order of the document.

    Raises:
        Suspicious: as for :meth:`PartParser.feed`, or there are more of them than any program writes.
        ExpatError: what is parsed is not well-formed.
    """
    parser = _Lister()
    n_found = 0
    for _ in parser.feed(part):
        n_found += len(parser.found)
        if n_found > LIMITS.max_small_elements:
            raise Suspicious(UNSAFE_STRUCTURE)
        yield from parser.found
        parser.found.clear()


class _Lister(PartParser):
    """Keeps every element it meets."""

    def __init__(self) -> None:
        super().__init__({})
        self.found: Final[list[tuple[str, Attributes]]] = []

    def _start(self, name: str, attributes: Attributes) -> None:
        self._n_starts += 1
        self.found.append((name.rpartition(" ")[2], attributes))


def _refuse_declarations(*_: object) -> None:
    raise Suspicious(UNSAFE_DECLARATIONS)
