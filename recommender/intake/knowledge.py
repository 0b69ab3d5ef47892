"""What intake knows by data: the parts and their weights, industries with examples, and telling words."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from recommender.intake.parts import Part

FULL_SCORE: Final = 100
_TITLE_VOTES: Final = 3
_FILES: Final = ("completeness.toml", "industries.toml", "wording.toml")


@dataclass(frozen=True, slots=True)
class PartRule:
    """What a part is worth, why, and how to ask for it.

    Attributes:
        weight: points of the hundred.
        question, vague_question: with the slots ``topic``, ``measures``, ``example`` and ``quoted``.
    """

    part: Part
    label: str
    weight: int
    reason: str
    question: str
    vague_question: str


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry: the words that tell it, what is measured in it, and a well-put answer for each part."""

    name: str
    words: re.Pattern[str] | None
    measures: str
    examples: Mapping[Part, str]

    def votes(self, text: str) -> int:
        """How many of its words the text has, each counted once."""
        return len(set(self.words.findall(text))) if self.words else 0


@dataclass(frozen=True, slots=True)
class VaguePhrase:
    """A wish that says nothing by itself, and what to ask back."""

    pattern: re.Pattern[str]
    ask: str


@dataclass(frozen=True)
class IntakeKnowledge:
    """All of it, read once.

    Attributes:
        parts: in the order of the form; their weights sum to 100.
        industries: the last one, without a name, stands for all others.
        headings: part → pattern of its headings in free text.
        cues: part → pattern of words that a sentence on it has.
        facts, weak: part → pattern of a plain statement, and of a mention that leaves it open.
        generic_words: words that are everywhere and tell nothing.
        boast: pattern of company profile.
    """

    parts: tuple[PartRule, ...]
    industries: tuple[Industry, ...]
    headings: Mapping[Part, re.Pattern[str]]
    cues: Mapping[Part, re.Pattern[str]]
    facts: Mapping[Part, re.Pattern[str]]
    weak: Mapping[Part, re.Pattern[str]]
    vague: tuple[VaguePhrase, ...]
    generic_words: frozenset[str]
    boast: re.Pattern[str]

    @classmethod
    def read(cls, folder: Path) -> "IntakeKnowledge":
        """Read the three files of a folder.

        Raises:
            ValueError: weights that do not sum to 100, or a part without a rule.
        """
        form, trades, wording = (_toml(folder / name) for name in _FILES)
        parts = tuple(_rule(row) for row in form["part"])
        if sum(rule.weight for rule in parts) != FULL_SCORE or {rule.part for rule in parts} != set(Part):
            raise ValueError(f"the weights of {folder.name} must sum to {FULL_SCORE} over all parts")
        common = trades["common"]
        return cls(
            parts=parts,
            industries=tuple(_industry(row, common) for row in trades["industry"]),
            headings=_patterns(wording["headings"]),
            cues=_patterns(wording["cues"]),
            facts=_patterns(wording["facts"]),
            weak=_patterns(wording["weak"]),
            vague=tuple(VaguePhrase(_pattern(row["pattern"]), row["ask"]) for row in wording["vague"]),
            generic_words=frozenset(wording["generic"]["words"].split()),
            boast=_pattern(wording["generic"]["boast"]),
        )

    def industry_of(self, chain: str, title: str, text: str) -> Industry:
        """The industry of a need: as stated, else the one most of whose words it has; the title counts thrice."""

        def votes(industry: Industry) -> int:
            return _TITLE_VOTES * industry.votes(title) + industry.votes(text)

        for industry in self.industries:
            if industry.name and industry.name == chain:
                return industry
        best = max(self.industries, key=votes)
        return best if votes(best) else self.industries[-1]


def _rule(row: Mapping[str, Any]) -> PartRule:
    return PartRule(Part(row["key"]), row["label"], row["weight"], row["reason"], row["question"], row["vague"])


def _industry(row: Mapping[str, Any], common: Mapping[str, str]) -> Industry:
    examples = {part: row.get(part.value) or common[part.value] for part in Part}
    words = "|".join(re.escape(word) for word in sorted(row["words"], key=len, reverse=True))
    return Industry(row["name"], re.compile(words) if words else None, row["measures"], examples)


def _patterns(rows: Mapping[str, str]) -> dict[Part, re.Pattern[str]]:
    return {Part(key): _pattern(text) for key, text in rows.items()}


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _toml(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
