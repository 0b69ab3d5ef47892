"""The XML parts of a workbook, parsed as a stream: no declarations, no giant tokens, no endless nesting."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Final
from xml.parsers import expat

from recommender.exchange.limits import LIMITS
from recommender.exchange.messages import UNSAFE_DECLARATIONS, UNSAFE_STRUCTURE

_CHUNK: Final = 1 << 16
MAIN: Final = (
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

    Args:
        spaces: the namespaces whose elements are meant.
    """

    def __init__(self, handlers: Mapping[str, Handler], *, spaces: Sequence[str] = MAIN) -> None:
        self.expat: Final = expat.ParserCreate(namespace_separator=" ")
        self.expat.buffer_text = True
        self.expat.StartDoctypeDeclHandler = _refuse_declarations
        self.ends: Final[list[str]] = []
        """Names of the elements that ended since the last pause."""
        self._n_starts = 0
        self._handlers = {f"{space} {name}": handler for name, handler in handlers.items() for space in spaces}
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

    def feed(self, part: IO[bytes]) -> Iterator[int]:
        """Parse a part piece by piece; after each, tells how many elements there were so far.

        Raises:
            Suspicious: a declaration, a tag or comment too long for its purpose, or elements nested deeply.
            ExpatError: what is parsed is not well-formed.
        """
        n_fed = n_elements = depth = 0
        while not self._stopped and (chunk := part.read(_CHUNK)):
            self.expat.Parse(chunk, False)  # noqa: FBT003 - taken by position only
            n_fed += len(chunk)
            n_elements += self._n_starts
            depth += self._n_starts - len(self.ends)
            self._n_starts = 0
            self.ends.clear()
            # Expat starts over with an unfinished tag whenever more of it comes, and keeps every open element.
            too_long = n_fed - self.expat.CurrentByteIndex > LIMITS.max_tag_bytes
            if not self._stopped and (too_long or depth > LIMITS.max_depth):
                raise Suspicious(UNSAFE_STRUCTURE)
            yield n_elements
        if not self._stopped:
            self.expat.Parse(b"", True)  # noqa: FBT003
            yield n_elements

    def _start(self, name: str, attributes: Attributes) -> None:
        self._n_starts += 1
        handler = self._handlers.get(name)
        if handler is not None:
            handler(attributes)


def parse_small(part: IO[bytes], handlers: Mapping[str, Handler], *, spaces: Sequence[str] = MAIN) -> None:
    """Parse a part that describes the workbook.

    Raises:
        Suspicious: as for :meth:`PartParser.feed`, or there are more elements than any program writes.
        ExpatError: what is parsed is not well-formed.
    """
    parser = PartParser(handlers, spaces=spaces)
    for n_elements in parser.feed(part):
        if n_elements > LIMITS.max_small_elements:
            raise Suspicious(UNSAFE_STRUCTURE)


def _refuse_declarations(*_: object) -> None:
    raise Suspicious(UNSAFE_DECLARATIONS)
