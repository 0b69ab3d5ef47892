"""One record made of two: which value of each field stays.

What is filled goes before what is empty, and of two filled values the fresher record's stays. Where a person's
will or duty is concerned the stricter one stays, whichever record it is in: no withdrawal of consent is lost.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final, TypeVar

from recommender.domain.entities import Enterprise, Expert, Platform
from recommender.domain.kinds import Willingness
from recommender.identity.companies import NameRelation, company_name
from recommender.identity.persons import person_name

Mergeable = Enterprise | Expert | Platform
M = TypeVar("M", Enterprise, Expert, Platform)

PROTECTED: Final = frozenset({"id", "code", "consent_withdrawn_on", "consent_record", "willingness"}) | {
    "avoided_enterprises"
}
"""Fields that nobody chooses while merging: they follow from the law, or from what a person asked for."""

_STRICTNESS: Final = (Willingness.OPEN, Willingness.PAUSED, Willingness.DECLINED)

Rule = Callable[[Any, Any], Any]
"""From the fresher record's value and the other's to the one that stays."""


def _least(fresh: int | None, other: int | None) -> int | None:
    return min((value for value in (fresh, other) if value is not None), default=None)


def _sum(fresh: int, other: int) -> int:
    return fresh + other


def _strictest(fresh: Willingness, other: Willingness) -> Willingness:
    return max(fresh, other, key=_STRICTNESS.index)


def _earliest(fresh: date | None, other: date | None) -> date | None:
    return min((day for day in (fresh, other) if day is not None), default=None)


def _latest(fresh: date | None, other: date | None) -> date | None:
    return max((day for day in (fresh, other) if day is not None), default=None)


def _both_texts(fresh: str, other: str) -> str:
    return "；".join(dict.fromkeys(filter(None, (fresh, other))))


def _fuller_name(fresh: str, other: str) -> str:
    """The fresher name, unless it hides what the other shows."""
    hides = person_name(fresh).hidden and not person_name(other).hidden
    return other if other and (not fresh or hides) else fresh


_RULES: Final[Mapping[type[Mergeable], Mapping[str, Rule]]] = {
    Expert: {
        "name": _fuller_name,
        "capacity": _least,
        "n_active_engagements": _sum,
        "willingness": _strictest,
        "consent_withdrawn_on": _earliest,
        "consent_record": _both_texts,
        "verified_on": _latest,
    },
    Enterprise: {},
    Platform: {},
}
_TOGETHER: Final[Mapping[type[Mergeable], tuple[tuple[str, ...], ...]]] = {
    Expert: (
        ("organisation", "department", "province", "city"),
        ("data_source", "source_url", "collected_on"),
    ),
    Enterprise: (("town", "city", "province"),),
    Platform: (("address", "city", "province"), ("level", "recognised_in", "valid_until", "assessment")),
}
"""Fields that describe one thing: mixing two records' would describe a third that nobody ever stated."""


def merged(survivor: M, absorbed: M, chosen: Mapping[str, object] | None = None) -> M:
    """The record that stays, under the survivor's id.

    Args:
        chosen: values that go before what the rules give, by field.

    Raises:
        ValueError: a field of :data:`PROTECTED` is chosen.
    """
    picked = dict(chosen or {})
    if refused := PROTECTED & picked.keys():
        raise ValueError(f"not to be chosen: {sorted(refused)}")
    fresh, other = _by_freshness(survivor, absorbed)
    rules = _RULES[type(survivor)]
    key = "code" if isinstance(survivor, Enterprise) else "id"
    values = {
        field.name: rules.get(field.name, _filled)(getattr(fresh, field.name), getattr(other, field.name))
        for field in fields(survivor)
        if field.name != key
    }
    for group in _TOGETHER[type(survivor)]:
        values.update(_of_one_record(fresh, other, group))
    if isinstance(survivor, Enterprise) and isinstance(absorbed, Enterprise):
        values["name"] = picked.get("name", _present_name(survivor, absorbed))
        values["former_names"] = _former_names(str(values["name"]), survivor, absorbed)
    return replace(survivor, **{**values, **picked})


def _by_freshness(survivor: M, absorbed: M) -> tuple[M, M]:
    """The record that was verified later first; the survivor where neither was, or both on one day."""
    if isinstance(survivor, Expert) and isinstance(absorbed, Expert):
        mine, theirs = survivor.verified_on or date.min, absorbed.verified_on or date.min
        if theirs > mine:
            return absorbed, survivor
    return survivor, absorbed


def _filled(fresh: object, other: object) -> object:
    if isinstance(fresh, tuple) and isinstance(other, tuple):
        return tuple(dict.fromkeys((*fresh, *other)))
    return other if fresh is None or fresh == "" else fresh


def _of_one_record(fresh: M, other: M, group: tuple[str, ...]) -> dict[str, object]:
    """The fields of a group from one record; filled from the other only as far as they do not contradict."""
    mine = {name: getattr(fresh, name) for name in group}
    theirs = {name: getattr(other, name) for name in group}
    if not any(mine.values()):
        return theirs
    contradicts = any(mine[name] and theirs[name] and mine[name] != theirs[name] for name in group)
    return mine if contradicts else {name: _filled(mine[name], theirs[name]) for name in group}


def _present_name(survivor: Enterprise, absorbed: Enterprise) -> str:
    """The survivor's name, unless the other record knows that it was called so in former times."""
    was = any(_is_called(survivor.name, former) for former in absorbed.former_names)
    return absorbed.name if was or not survivor.name else survivor.name


def _former_names(present: str, survivor: Enterprise, absorbed: Enterprise) -> tuple[str, ...]:
    """Both lists, and the name that is given up, unless they are the present one in another spelling."""
    names = (*survivor.former_names, *absorbed.former_names, survivor.name, absorbed.name)
    return tuple(dict.fromkeys(name for name in names if name and not _is_called(present, name)))


def _is_called(name: str, other: str) -> bool:
    return company_name(name).relation(company_name(other)) is NameRelation.SAME


def better_survivor(one: M, other: M, *, is_better: Callable[[M], bool] | None = None) -> M:
    """Which of two records should stay: the one that says more; of equals the one with the smaller id.

    Args:
        is_better: what goes before all else, such as a valid code.
    """

    def rank(record: M) -> tuple[bool, int, str]:
        preferred = is_better is not None and is_better(record)
        said = sum(getattr(record, field.name) != field.default for field in fields(record))
        return not preferred, -said, record.id

    return min(one, other, key=rank)


def differing_fields(one: Mergeable, other: Mergeable) -> tuple[str, ...]:
    """Names of the fields in which two records differ, the id left out, in the order of the fields."""
    keys = {"id", "code"}
    return tuple(
        field.name
        for field in fields(one)
        if field.name not in keys and getattr(one, field.name) != getattr(other, field.name)
    )
