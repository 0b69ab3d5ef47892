"""Texts of the same length in which full-width and lookalike characters are the usual ones.

Places found in such a text are places in the original.
"""

from typing import Final

_FULL_WIDTH: Final = {0xFF01 + n: 0x21 + n for n in range(94) if chr(0x21 + n) != ","} | {
    0x3000: 0x20,
    0xA0: 0x20,
}
"""All but the comma: the usual one groups digits, the full-width one divides clauses."""

_LOOKALIKES: Final = {
    "≧": "≥",
    "⩾": "≥",
    "≦": "≤",
    "⩽": "≤",
    "µ": "μ",
    "Ω": "Ω",  # the ohm sign is another character than the letter
    "—": "-",
    "–": "-",
    "―": "-",
    "－": "-",
    "−": "-",
    "‐": "-",
    "\u2011": "-",
    "\u2012": "-",
    "～": "~",
    "〜": "~",
    "∼": "~",
    "﹣": "-",
    "﹪": "%",
    "ˉ": "-",
    "╳": "×",
    "✕": "×",
    "∶": ":",
    "º": "°",
    "˚": "°",
}
_TABLE: Final = str.maketrans(
    {**{chr(old): chr(new) for old, new in _FULL_WIDTH.items()}, **_LOOKALIKES},
)


def plain(text: str) -> str:
    """The text with usual characters, one for one.

    >>> plain("纯度＞９９．５％")
    '纯度>99.5%'
    """
    return text.translate(_TABLE)
