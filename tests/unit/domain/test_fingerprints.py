"""Fingerprints change with every field and with nothing else."""

from dataclasses import MISSING, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, get_type_hints

import pytest

from recommender.domain import entities
from recommender.domain.entities import RECORD_TYPES, Expert, Need, Record, fingerprint
from recommender.domain.facts import EnterpriseFact, FactIndicator, FactUnit

REQUIRED: dict[str, Any] = {"year": 2025, "indicator": FactIndicator.STAFF}


def bare(record_type: type[Record]) -> Record:
    """A record with nothing but what it must have."""
    names = [item.name for item in fields(record_type) if item.default is MISSING]
    return record_type(**{name: REQUIRED.get(name, "x") for name in names})


def another(record: Record, name: str) -> Any:
    """A value of the field other than the present one."""
    kind = get_type_hints(type(record), vars(entities))[name]
    present = getattr(record, name)
    for type_ in (kind, *getattr(kind, "__args__", ())):
        if isinstance(type_, type) and issubclass(type_, StrEnum):
            choice = next(member for member in type_ if member is not present)
            return (choice,) if isinstance(present, tuple) else choice
        candidates = {str: "y", bool: True, int: 7, float: 7.5, date: date(2026, 1, 1)}
        if type_ in candidates:
            return (candidates[type_],) if isinstance(present, tuple) else candidates[type_]
    raise AssertionError(f"{name}: {kind}")


CASES = [(record_type, item.name) for record_type in RECORD_TYPES for item in fields(record_type)]


@pytest.mark.parametrize(("record_type", "name"), CASES)
def test_every_field_counts(record_type: type[Record], name: str) -> None:
    record = bare(record_type)
    if (record_type, name) == (EnterpriseFact, "unit"):
        with pytest.raises(ValueError, match="人"):
            replace(record, unit=FactUnit.WAN)  # type: ignore[call-arg]
        return
    if (record_type, name) == (EnterpriseFact, "indicator"):
        # The unit goes with it.
        changed: Record = EnterpriseFact(enterprise_code="x", year=2025, indicator=FactIndicator.REVENUE)
    else:
        changed = replace(record, **{name: another(record, name)})
    assert fingerprint(changed) != fingerprint(record)
    assert fingerprint(bare(record_type)) == fingerprint(record)


def test_a_field_at_its_default_leaves_no_trace() -> None:
    """So that a field which is added later changes no fingerprint that is stored."""
    assert fingerprint(Expert(id="1", name="a")) == (
        "7bcc2b830da19e77316330748c8e27c891eab69e3e38571e223c1292d3ac208d"
    )


def test_the_text_of_a_need_keeps_the_order_of_the_form() -> None:
    need = Need(id="1", title="t", description="d", difficulties="x", indicators=("a ≥ 1",), scenario="s")
    assert need.text == "d\n\nx\n\na ≥ 1\n\ns"
    assert Need(id="1", title="t").text == ""
