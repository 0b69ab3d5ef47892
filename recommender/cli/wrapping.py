"""Wraps Chinese text by the width of its characters; a line never begins with closing punctuation."""

from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_NEVER_FIRST: Final = frozenset("，。、；：！？）》」』】”’…％%,.;:!?)]")
_LATIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_/")


class Wrapped:
    """Styled text that fills the width it is given; words of Latin letters and numbers stay whole."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for start, end in line_spans(self._text.plain, options.max_width):
            yield self._text[start:end]

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max((cell_len(line) for line in self._text.plain.split("\n")), default=0)
        return Measurement(min(4, options.max_width), min(max(widest, 1), options.max_width))


def line_spans(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Half-open spans of the lines of a text at a width of terminal cells (a Chinese character takes two).

    >>> [("钢板裂。怎么办"[a:b]) for a, b in line_spans("钢板裂。怎么办", 6)]
    ['钢板', '裂。怎', '么办']
    """
    start = 0
    for paragraph in text.split("\n"):
        end = start + len(paragraph)
        while start < end:
            stop = _line_end(text, start, end, max(width, 2))
            yield start, stop
            start = stop
            while start < end and text[start] == " ":
                start += 1
        start = end + 1


def _line_end(text: str, start: int, end: int, width: int) -> int:
    used, stop = 0, start
    while stop < end and used + cell_len(text[stop]) <= width:
        used += cell_len(text[stop])
        stop += 1
    if stop == end:
        return end
    best = stop
    while best > start + 1 and (text[best] in _NEVER_FIRST or _inside_word(text, best)):
        best -= 1
    return best if best > start + 1 else stop


def _inside_word(text: str, position: int) -> bool:
    return text[position] in _LATIN and text[position - 1] in _LATIN
