"""The guided form of a need: read leniently for advice, strictly for storing."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any, Final

from api.console.forms import Form
from api.console.messages import needs as zh
from api.console.pages.needs.values import (
    CHOICES,
    FIELDS,
    LISTS,
    NUMBERS,
    REVIEWER_FIELDS,
    WHOLES,
    Row,
    Value,
)
from recommender.domain.entities import Need
from recommender.domain.errors import InvalidInput, MatchmakerError
from recommender.domain.kinds import (
    Confidentiality,
    ContractType,
    CooperationMode,
    DesiredPartner,
    NeedSource,
)

MAX_TITLE: Final = 80
MAX_TEXT: Final = 20_000
MAX_SHORT: Final = 200
MAX_ITEMS: Final = 50
_SHORT: Final = ("industry_chain", "technical_field", "industry")
_LIMITS: Final = {"title": MAX_TITLE, **dict.fromkeys(_SHORT, MAX_SHORT)}
_RANGES: Final = {"target_trl": (1, 9), "duration_months": (0, 1200)}
_MAX_AMOUNT: Final = 1_000_000_000
_VOCABULARIES: Final = {
    "cooperation_mode": CooperationMode,
    "contract_type": ContractType,
    "confidentiality": Confidentiality,
    "source": NeedSource,
}
_INDICATOR: Final = ("indicator_name", "indicator_comparator", "indicator_value", "indicator_unit")
_BETWEEN: Final = re.compile(r"[、，,；;\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedForm:
    """What was sent.

    Attributes:
        values: as typed, field by field.
        content: the same as :class:`Need` holds it; fields with a fault are left out.
        faults: what has to be looked at, by field.
    """

    values: dict[str, Value]
    content: dict[str, Any]
    faults: dict[str, MatchmakerError]

    @classmethod
    def read(cls, fields: Form, *, reviews: bool) -> "NeedForm":
        """Read a form.

        Args:
            reviews: whether who sends it reviews needs and fills in what reviewers do.
        """
        names = (*FIELDS, *(REVIEWER_FIELDS if reviews else ()))
        typed = _typed(fields, names)
        content: dict[str, Any] = {}
        faults: dict[str, MatchmakerError] = {}
        for name in names:
            try:
                content[name] = _value(fields, name, typed[name])
            except InvalidInput as error:
                faults[name] = error
        return cls(values=typed, content=content, faults=faults)

    def draft(self, need_id: str, enterprise_code: str) -> Need:
        """What was typed as a need, as far as it can be read."""
        return replace(Need(id=need_id, title="", enterprise_code=enterprise_code), **self.content)


def rows_of(indicators: Value, *, n_empty: int) -> list[Row]:
    """Indicators as rows of the form, and empty rows to be filled in."""
    rows = [Row.of(text) for text in indicators] if isinstance(indicators, tuple) else []
    return rows + [Row()] * n_empty


def _typed(fields: Form, names: tuple[str, ...]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name in names:
        if name == "indicators":
            found[name] = _indicators(fields)
        elif name == "desired_partners":
            found[name] = fields.texts(name)
        else:
            found[name] = fields.text(name)
    return found


def _indicators(fields: Form) -> tuple[str, ...]:
    """Row by row: each has its four fields, empty ones too."""
    columns: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in fields:
        if name in _INDICATOR:
            columns[name].append(" ".join(value.split()))
    rows = zip(*(columns[name] for name in _INDICATOR), strict=False)
    return tuple(text for text in (Row(*row).text for row in rows) if text)


def _value(fields: Form, name: str, typed: Value) -> Any:
    label = zh.FIELD_LABELS[name]
    if name in NUMBERS:
        return _within(fields.number(name, label=label), (0, _MAX_AMOUNT), label)
    if name in WHOLES:
        return _within(fields.whole(name, label=label), _RANGES[name], label)
    if name == "deadline":
        return fields.day(name, label=label)
    if name in (*CHOICES, "source"):
        chosen = fields.choice(name, _VOCABULARIES[name], label=label)
        return chosen or (Confidentiality.INTERNAL if name == "confidentiality" else None)
    if name == "desired_partners":
        return tuple(partner for partner in DesiredPartner if partner in typed)
    if name in LISTS:
        return _listed(tuple(part.strip() for part in _BETWEEN.split(str(typed)) if part.strip()), label)
    if isinstance(typed, tuple):
        return _listed(typed, label)
    return _limited(typed, _LIMITS.get(name, MAX_TEXT), label)


def _within(value: float | None, limits: tuple[int, int], label: str) -> float | None:
    lowest, highest = limits
    if value is not None and not lowest <= value <= highest:
        raise InvalidInput("review.need_range", label=label, lowest=lowest, highest=highest)
    return value


def _listed(typed: tuple[str, ...], label: str) -> tuple[str, ...]:
    if len(typed) > MAX_ITEMS:
        raise InvalidInput("review.need_items", label=label, n=len(typed), maximum=MAX_ITEMS)
    return tuple(_limited(item, MAX_SHORT, label) for item in typed)


def _limited(text: str, maximum: int, label: str) -> str:
    if len(text) > maximum:
        raise InvalidInput("review.need_long", label=label, length=len(text), maximum=maximum)
    return text
