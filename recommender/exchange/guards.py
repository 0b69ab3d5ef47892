"""Text that a spreadsheet program could take for a formula: known, kept from it, and set free again.

In a text file a cell that begins with ``=`` or the like is a formula to whoever opens the file. A leading
apostrophe keeps it from that, and :func:`unguarded` takes exactly that apostrophe away when the file is imported.
A workbook says of each cell whether it is a formula, so there nothing is added but in the one case that
:func:`unguarded` would otherwise shorten.
"""

import re
from typing import Final

_BLANKS: Final = r"\s\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2060\ufeff"
_LIVE: Final = re.compile(f"[{_BLANKS}']*[=+\\-@＝＋－＠]|'*[\t\r\n]")
"""Some programs skip blanks and invisible characters in front, some begin a new cell at a tab or a line end.

With an apostrophe in front whatever matches still matches; :func:`unguarded` rests on that.
"""


def looks_live(text: str) -> bool:
    """Whether a spreadsheet program could take the text for a formula."""
    return _LIVE.match(text) is not None


def guarded_for_csv(text: str) -> str:
    """The text, with an apostrophe in front where it looks live.

    >>> guarded_for_csv("=1+1"), guarded_for_csv("冷挤压"), guarded_for_csv("'=1+1")
    ("'=1+1", '冷挤压', "''=1+1")
    """
    return f"'{text}" if looks_live(text) else text


def guarded_for_workbook(text: str) -> str:
    """The text, with an apostrophe in front where :func:`unguarded` would take one away."""
    return f"'{text}" if text.startswith("'") and looks_live(text) else text


def unguarded(text: str) -> str:
    """The text before either guard; any other text as it is.

    >>> unguarded("'=1+1"), unguarded("''=1+1"), unguarded("'90 年代"), unguarded("=1+1")
    ('=1+1', "'=1+1", "'90 年代", '=1+1')
    """
    return text[1:] if text.startswith("'") and looks_live(text[1:]) else text
