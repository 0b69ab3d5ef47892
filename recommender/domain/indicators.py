"""Technical indicators: what is measured, against which bound, in which unit."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Comparator(StrEnum):
    """How the measured value relates to the bound."""

    AT_LEAST = "≥"
    AT_MOST = "≤"
    MORE = ">"
    LESS = "<"
    EQUAL = "="


_SPELLINGS: Final = {
    Comparator.AT_LEAST: "≥ >= => ≧ ⩾ 不小于 不低于 不少于 大于等于 大于或等于",
    Comparator.AT_MOST: "≤ <= =< ≦ ⩽ 不大于 不高于 不超过 不多于 小于等于 小于或等于",
    Comparator.MORE: "> ＞ 大于 高于 超过 多于",
    Comparator.LESS: "< ＜ 小于 低于 少于",
    Comparator.EQUAL: "= ＝ 等于",
}
_WORDS: Final = {word: comparator for comparator, words in _SPELLINGS.items() for word in words.split()}
_FORM: Final = re.compile(
    r"(?P<name>[^≥≤<>=；;|\n]+?)\s*(?P<comparator>"
    # Longest first: 不小于 also holds 小于, and >= also holds >.
    + "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
    + r")\s*(?P<value>[+-]?\d+(?:\.\d+)?)\s*(?P<unit>[^\s\d≥≤<>=；;|][^\s≥≤<>=；;|]{0,19})?"
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One bound that a solution has to keep, such as 椭圆度 ≤ 3 mm.

    Attributes:
        value: as it was written, so that 0.10 stays 0.10.
        unit: ``""`` for plain numbers.
    """

    name: str
    comparator: Comparator
    value: str
    unit: str = ""

    @classmethod
    def parse(cls, text: str) -> "Indicator | None":
        """Read ``冲击功不低于42J``; ``None`` where a text is not one name, one comparison and one number.

        >>> str(Indicator.parse("冲击功不低于42J"))
        '冲击功 ≥ 42 J'
        """
        found = _FORM.fullmatch(text.strip())
        if found is None:
            return None
        comparator = _WORDS[found["comparator"]]
        return cls(found["name"], comparator, found["value"], (found["unit"] or "").strip())

    def __str__(self) -> str:
        return f"{self.name} {self.comparator} {self.value} {self.unit}".rstrip()
