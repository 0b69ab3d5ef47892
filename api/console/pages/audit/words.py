"""A line of the audit trail as people read it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from api.console.filters import NOTHING, path_id
from api.console.messages import audit as zh
from recommender.domain.auditing import AuditLine
from recommender.domain.cases import Pair
from recommender.domain.kinds import KIND_LABELS

_COMMAND, _JOB = "cli:", "job:"
_N_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line in words.

    Attributes:
        target_address: page of what it is about, ``""`` where there is none.
        facts: label and value of everything else that it holds.
    """

    number: int
    at: datetime
    actor: str
    sentence: str
    target: str
    target_address: str
    action: str
    facts: tuple[tuple[str, str], ...]


def read_line(line: AuditLine, people: Mapping[str, str]) -> ReadLine:
    """A line with the names of the accounts in it."""
    entry = line.entry
    return ReadLine(
        number=line.number,
        at=entry.at,
        actor=actor_name(entry.actor, people),
        sentence=sentence_of(entry.action, entry.detail),
        target=_target(entry.target, people),
        target_address=_address(entry.action, entry.target, people),
        action=entry.action,
        facts=tuple(facts_of(entry.detail)),
    )


def actor_name(actor: str, people: Mapping[str, str]) -> str:
    """Who acted: somebody with an account, somebody at the server, or a job."""
    if actor in people:
        return people[actor]
    if actor.startswith(_COMMAND):
        return zh.COMMAND_LINE.format(name=actor.removeprefix(_COMMAND))
    if actor.startswith(_JOB):
        return zh.JOB.format(name=actor.removeprefix(_JOB))
    return zh.UNKNOWN_ACCOUNT if actor == "unknown" else actor


def sentence_of(action: str, detail: Mapping[str, object]) -> str:
    """What was done; the action itself where nobody gave it a sentence."""
    parts = action.split(":")
    if len(parts) != _N_PARTS:
        return action
    source, subject, verb = parts
    sentence = zh.SENTENCES.get(action) or zh.SENTENCES.get(f"{source}:*:{verb}")
    if sentence is None:
        return action
    facts = {name: _written(name, value) for name, value in detail.items()}
    return sentence.format_map(_Facts(facts | {"kind": zh.SUBJECTS.get(subject, subject)}))


def facts_of(detail: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Label and value of every fact; what is empty is left out."""
    for name, value in detail.items():
        if value not in (None, "", [], {}):
            yield zh.FACTS.get(name, zh.SUBJECTS.get(name, name)), _written(name, value)


class _Facts(dict[str, str]):
    """Facts of a sentence; what a line does not hold is a dash."""

    def __missing__(self, name: str) -> str:
        return NOTHING


def _written(name: str, value: Any) -> str:
    match value:
        case bool():
            return zh.YES if value else zh.NO
        case int():
            return f"{value:,}"
        case list() | tuple():
            return "、".join(map(str, value))
        case dict():
            return "，".join(f"{zh.FACTS.get(key, key)} {_written(key, each)}" for key, each in value.items())
    return zh.OUTCOMES.get(value, value) if name == "what" and isinstance(value, str) else str(value)


def _target(target: str, people: Mapping[str, str]) -> str:
    """Who or what a line is about: an account by name, a match by its two sides, everything else by its id."""
    pair = Pair.parse(target) if "!" in target else None
    if pair is None:
        return people.get(target, target)
    source, other = KIND_LABELS[pair.source_kind], KIND_LABELS[pair.target_kind]
    return f"{source} {pair.source_id} → {other} {pair.target_id}"


def _address(action: str, target: str, people: Mapping[str, str]) -> str:
    """Where what a line is about can be looked at."""
    if not target:
        return ""
    if target in people:
        return f"/console/accounts/{path_id(target)}"
    for beginning, place in _PLACES:
        if action.startswith(beginning):
            return f"{place}/{path_id(target)}"
    return ""


_PLACES: Final = (
    ("account:objection:", "/console/objections"),
    ("personal:person:export", "/console/persons"),
    ("personal:person:", "/console/persons/certificates"),
    ("personal:consent:", "/console/persons"),
    ("personal:expert:", "/console/persons"),
    ("review:case:", "/console/cases"),
    ("review:outcome:", "/console/cases"),
    ("review:need:", "/console/needs"),
    ("nightly:run:", "/console/runs"),
)
