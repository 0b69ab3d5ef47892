"""Text as character data of a workbook's parts."""

import re
from typing import Final

_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{1,8}_)")
"""What XML forbids or changes (it reads a carriage return as a line feed), and what only looks like an escape.

Escapes have four digits; LibreOffice takes fewer for one as well.
"""


def xml_text(text: str) -> str:
    """The text with its markup escaped, and ``_x000B_`` for what XML cannot hold.

    >>> xml_text("a < b"), xml_text("一" + chr(11) + "二"), xml_text("_x000B_")
    ('a &lt; b', '一_x000B_二', '_x005F_x000B_')
    """
    if "_x" in text or not text.isprintable():
        text = _NOT_IN_XML.sub(_escaped, text)
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def _escaped(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"
