"""Text that stays text in whatever opens a file: never a formula, never a broken part of a workbook.

In a text file a spreadsheet program takes a cell that begins with ``=`` or the like for a formula. A leading
apostrophe keeps it from that, and :func:`unguarded` takes exactly that apostrophe away when the file is imported.
A workbook says of each cell whether it is a formula, so there nothing is added but in the one case that
:func:`unguarded` would otherwise shorten.
"""

import re
from typing import Final

_GUARDED: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2060\ufeff']*[=+\-@＝＋－＠]")
"""What a program could take for a formula, even one that skips blanks and invisible characters in front."""

_LEADING_BREAK: Final = ("\t", "\r", "\n")
"""Some programs split a cell there, so that what follows begins a cell of its own."""

_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML forbids or changes (it reads a carriage return as a line feed), and what only looks like an escape."""

_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def looks_live(text: str) -> bool:
    """Whether a spreadsheet program could take the text for a formula."""
    return _GUARDED.match(text) is not None or text.startswith(_LEADING_BREAK)


def guarded_for_csv(text: str) -> str:
    """The text, with an apostrophe in front where it looks live.

    >>> guarded_for_csv("=1+1"), guarded_for_csv("冷挤压"), guarded_for_csv("'=1+1")
    ("'=1+1", '冷挤压', "''=1+1")
    """
    return f"'{text}" if looks_live(text) else text


def guarded_for_workbook(text: str) -> str:
    """The text, with an apostrophe in front where :func:`unguarded` would take one away."""
    return f"'{text}" if text.startswith("'") and looks_live(text[1:]) else text


def unguarded(text: str) -> str:
    """The text before either guard; any other text as it is.

    >>> unguarded("'=1+1"), unguarded("''=1+1"), unguarded("'90 年代"), unguarded("=1+1")
    ('=1+1', "'=1+1", "'90 年代", '=1+1')
    """
    return text[1:] if text.startswith("'") and looks_live(text[1:]) else text


def xml_text(text: str) -> str:
    """The text as character data of a workbook, with ``_x000B_`` for what XML cannot hold."""
    if "_x" in text or not text.isprintable():
        text = _NOT_IN_XML.sub(_escaped, text)
    return text.translate(_MARKUP) if "&" in text or "<" in text or ">" in text else text


def _escaped(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"
