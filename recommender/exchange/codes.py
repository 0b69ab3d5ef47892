"""Code lists that are data: industries of GB/T 4754—2017 and the towns of the city."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from recommender.exchange.cells import half_width

_FOLDER: Final = Path(__file__).resolve().parents[2] / "data" / "codes"
"""Beside the dictionaries and the samples; the lists belong to the program, not to an installation."""

_BLANKS: Final = re.compile(r"\s+")
_CODE: Final = r"(?=[A-T\d])(?P<section>[A-T])?(?P<code>\d{2,4})?"
_CODED: Final = re.compile(_CODE + r"(?!\d)(?P<name>.*)", re.DOTALL)
_CODED_BEHIND: Final = re.compile(r"(?P<name>.+)\(" + _CODE + r"\)", re.DOTALL)
_HANZI: Final = re.compile(r"[\u4e00-\u9fff]")
_DIVISION_DIGITS: Final = 3
_COUNTY: Final = re.compile(r"^(江苏省)?(苏州市?)?张家港市")


@dataclass(frozen=True, slots=True)
class Industry:
    """One entry of GB/T 4754—2017.

    Attributes:
        section: letter of the 门类.
        code: the letter, or two to four digits.
    """

    section: str
    code: str
    name: str

    def __str__(self) -> str:
        """As the library writes it: ``C3042 特种玻璃制造``."""
        return f"{self.section if self.code == self.section else self.section + self.code} {self.name}"


@dataclass(frozen=True, slots=True)
class FoundIndustry:
    """What a text was taken for; ``agrees`` is false where code and name of the text contradict each other."""

    industry: Industry
    agrees: bool = True


class IndustryCodes:
    """Industries by code and by name."""

    def __init__(self, industries: Mapping[str, Industry]) -> None:
        self._by_code = dict(industries)
        self._by_name: dict[str, Industry] = {}
        # A group with one class in it has the name of the class: the longer code says more.
        for industry in sorted(industries.values(), key=lambda item: len(item.code)):
            self._by_name[_normal(industry.name)] = industry

    def __len__(self) -> int:
        return len(self._by_code)

    def __iter__(self) -> Iterator[Industry]:
        return iter(self._by_code.values())

    def find(self, text: str) -> FoundIndustry | None:
        """The industry that a code, a name, or both together mean; ``None`` where neither is known.

        Where they contradict each other the code counts: it is what was looked up, the name is often a habit.
        """
        normal = _normal(text)
        named = self._by_name.get(normal)
        if named is not None:
            return FoundIndustry(named)
        upper = normal.upper()
        parts = _CODED.fullmatch(upper) or _CODED_BEHIND.fullmatch(upper)
        industry = parts and self._by_digits(parts["code"] or parts["section"] or "")
        if parts is None or industry is None:
            return None
        name = parts["name"].strip("-_.:")
        same_name = name in {"", _normal(industry.name).upper()}
        if not same_name and (parts["code"] is None or not _HANZI.search(name)):
            # One letter is too little to go by, as in CNC; and 3042.5 is a number.
            return None
        return FoundIndustry(industry, same_name and parts["section"] in {None, industry.section})

    def _by_digits(self, code: str) -> Industry | None:
        """A group with one class in it is listed by its class alone."""
        found = self._by_code.get(code)
        return self._by_code.get(code + "0") if found is None and len(code) == _DIVISION_DIGITS else found


class Towns:
    """Towns of the city by name and alias."""

    def __init__(self, aliases: Mapping[str, tuple[str, ...]]) -> None:
        self.names = tuple(aliases)
        self._by_name = {_normal(word): name for name, words in aliases.items() for word in (name, *words)}

    def find(self, text: str) -> str | None:
        """The town as the library writes it, or ``None`` where the text names none of the city's."""
        normal = _normal(text)
        return self._by_name.get(normal) or self._by_name.get(_COUNTY.sub("", normal))


@cache
def industries() -> IndustryCodes:
    """GB/T 4754—2017, read once."""
    entries = (Industry(section, code, name) for section, code, name in _rows("gbt4754_2017.tsv"))
    return IndustryCodes({entry.code: entry for entry in entries})


@cache
def towns() -> Towns:
    """The city's towns, read once."""
    return Towns({name: tuple(words.split("；")) for name, words in _rows("zhangjiagang_towns.tsv")})


def _rows(name: str) -> Iterator[list[str]]:
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _normal(text: str) -> str:
    return _BLANKS.sub("", half_width(text))
