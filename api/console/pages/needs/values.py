"""What a need says as a form holds it: every field as text, so that versions can be compared and merged."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from recommender.domain.entities import Need
from recommender.domain.indicators import Comparator, Indicator

Value = str | tuple[str, ...]
Values = Mapping[str, Value]
"""Text by field of :class:`Need`; what may occur several times is a tuple."""

TEXTS: Final = (
    "title",
    "description",
    "difficulties",
    "scenario",
    "industry_chain",
    "technical_field",
    "industry",
    "foundation",
    "research_content",
    "public_summary",
)
NUMBERS: Final = ("budget_wan", "reward_wan")
WHOLES: Final = ("target_trl", "duration_months")
LISTS: Final = ("keywords", "intended_experts")
CHOICES: Final = ("cooperation_mode", "contract_type", "confidentiality")
FIELDS: Final = (*TEXTS, *NUMBERS, *WHOLES, *LISTS, *CHOICES, "deadline", "desired_partners", "indicators")
"""What everybody who writes needs fills in."""
REVIEWER_FIELDS: Final = ("source", "diagnosis")
"""What reviewers fill in beside."""

BETWEEN: Final = "、"
"""Stands between the parts of a list that is typed in one line."""
_DIGEST_CHARS: Final = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator as the form takes it; ``name`` holds all of what is not name, comparison and number."""

    name: str = ""
    comparator: str = Comparator.AT_LEAST.value
    value: str = ""
    unit: str = ""

    @classmethod
    def of(cls, text: str) -> "Row":
        """The row of an indicator as needs keep it."""
        bare = " ".join(text.split())
        found = Indicator.parse(bare)
        return cls(bare) if found is None else cls(found.name, found.comparator.value, found.value, found.unit)

    @property
    def text(self) -> str:
        """As needs keep it; ``""`` for an empty row."""
        if not self.value:
            return self.name
        return " ".join(part for part in (self.name, self.comparator, self.value, self.unit) if part)


def values_of(need: Need) -> dict[str, Value]:
    """The values of a need."""
    return {name: _value(name, getattr(need, name)) for name in (*FIELDS, *REVIEWER_FIELDS)}


def digests(values: Values) -> str:
    """What a form was filled with when it was opened, so short that it travels with it."""
    return ",".join(f"{name}:{_digest(value)}" for name, value in values.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two people's versions of a need, put together.

    Attributes:
        values: what the form shows: what was typed, except where only the other changed something.
        taken: fields in which the other's change was taken over.
        conflicts: fields that both changed, with what is stored now.
    """

    values: dict[str, Value]
    taken: tuple[str, ...]
    conflicts: Mapping[str, str]


def merged(typed: Values, present: Values, opened: str) -> Merge:
    """Put what was typed and what is stored now together.

    Args:
        opened: :func:`digests` of what the form was opened with.
    """
    before = dict(part.split(":", 1) for part in opened.split(",") if ":" in part)
    values, taken, conflicts = dict(typed), [], {}
    for name, value in typed.items():
        stored = present.get(name, value)
        if value == stored or before.get(name) == _digest(stored):
            continue
        if before.get(name) == _digest(value):
            values[name] = stored
            taken.append(name)
        else:
            conflicts[name] = shown(stored)
    return Merge(values=values, taken=tuple(taken), conflicts=conflicts)


def shown(value: Value) -> str:
    """A value in one text."""
    return value if isinstance(value, str) else "；".join(value)


def number_text(value: float) -> str:
    """``80``, ``1.5``: without an exponent and without a useless fraction."""
    return str(int(value)) if value == int(value) else repr(value)


def _value(name: str, value: Any) -> Value:
    if name == "indicators":
        return tuple(Row.of(text).text for text in value)
    if name in LISTS:
        return BETWEEN.join(value)
    return tuple(map(str, value)) if isinstance(value, tuple) else _text(value)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case float() | int():
            return number_text(float(value))
        case date():
            return value.isoformat()
    return str(value).replace("\r\n", "\n").strip()


def _digest(value: Value) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:_DIGEST_CHARS]
