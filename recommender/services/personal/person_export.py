"""The use-case of giving a person everything that is kept about them (查阅、复制)."""

import html
import json
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.cases import Case, Subject
from recommender.domain.entities import Expert
from recommender.domain.errors import Conflict, InvalidInput, Unavailable
from recommender.domain.kinds import EntityKind
from recommender.domain.person_identity import PersonIdentity
from recommender.domain.personal import Activity, LegalBasis, present_consent
from recommender.domain.sealed import is_sealed
from recommender.domain.wishes import Wish
from recommender.exchange.columns import TableKind
from recommender.exchange.tables import table_of
from recommender.services.personal import messages as zh
from recommender.services.personal.consents import expert_or_not_found
from recommender.services.personal.trail import PersonalTrail
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_PURPOSE: Final = "本人查阅、复制"

PersonDocument = dict[str, Any]
"""Everything about a person as JSON knows values, by section."""


class PersonExportService:
    """Collects what is kept about an expert."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._trail = PersonalTrail(now)

    def collect(self, actor: Actor, person_id: str) -> PersonDocument:
        """Everything about a person, in full; that it was given is written down.

        Raises:
            Forbidden: the actor manages no persons.
            NotFound: no expert has that id.
            Unavailable: the keys do not open their contacts.
        """
        actor.require(Permission.PERSONS_MANAGE)
        with self._database.write() as unit:
            expert = expert_or_not_found(unit, person_id)
            if is_sealed(expert.phone) or is_sealed(expert.email):
                raise Unavailable("personal.contact_sealed")
            document = _document(unit, expert, self._now())
            self._trail.note(
                unit,
                actor=actor.id,
                action="personal:person:export",
                target=expert.id,
                activity=Activity.PERSON_EXPORT,
                purpose=_PURPOSE,
                basis=LegalBasis.PERSONS_REQUEST,
                categories=tuple(zh.PERSON_SECTIONS.values()),
            )
        return document

    def write(self, actor: Actor, person_id: str, path: Path, *, replace: bool = False) -> tuple[Path, Path]:
        """Write it to a file that programs read (``.json``) and, beside it, one that people read (``.html``).

        Raises:
            Forbidden, NotFound: see :meth:`collect`.
            InvalidInput: the files cannot be written.
            Conflict: one of the files is there already.
        """
        targets = path.with_suffix(".json"), path.with_suffix(".html")
        for target in targets:
            if target.exists() and not replace:
                raise Conflict("export.file_exists", path=target)
        document = self.collect(actor, person_id)
        texts = json.dumps(document, ensure_ascii=False, indent=1) + "\n", person_page(document)
        for target, text in zip(targets, texts, strict=True):
            try:
                target.touch(mode=0o600)
                target.write_text(text, encoding="utf-8")
            except OSError as error:
                raise InvalidInput("export.not_writable", path=target, reason=error.strerror) from None
        return targets


def person_page(document: PersonDocument) -> str:
    """The same as a page in zh-CN, without anything from elsewhere."""
    parts = [
        "<!doctype html>",
        f'<html lang="zh-CN"><meta charset="utf-8"><title>{zh.PERSON_TITLE}</title>',
        "<style>body{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
        "table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.3em .5em;"
        "text-align:left;vertical-align:top;overflow-wrap:anywhere}th{white-space:nowrap}</style>",
        f"<h1>{zh.PERSON_TITLE}</h1>",
        f"<p>{_text(zh.PERSON_HEAD.format(id=document['id'], at=document['at']))}</p>",
    ]
    for section, title in zh.PERSON_SECTIONS.items():
        parts.append(f"<h2>{_text(title)}</h2>")
        content = document[section]
        parts.append(_table(content) if content else f"<p>{zh.PERSON_EMPTY}</p>")
    return "\n".join([*parts, "</html>", ""])


def _document(unit: UnitOfWork, expert: Expert, at: datetime) -> PersonDocument:
    ids, records = unit.persons.known_as(expert.id)
    entries = unit.consents.of(expert.id)
    states = present_consent(entries, opted_out=expert.consent_withdrawn_on is not None)
    own = {"consent_entry", "reveal", "match_case", "workflow_step", "wish", "processing"}
    mentions = unit.persons.mentions(PersonIdentity.of(ids, records))
    cases = unit.cases.naming(EntityKind.EXPERT, expert.id)
    document = {
        "id": expert.id,
        "at": f"{at:%Y-%m-%d %H:%M}",
        "record": _labelled(expert),
        "evidence": [_work(unit, id) for id in unit.achievements.ids_of_author(expert.id)],
        "states": [asdict(state) for state in states],
        "consents": [asdict(entry) for entry in entries],
        "reveals": [asdict(reveal) for reveal in unit.reveals.of(EntityKind.EXPERT, expert.id)],
        "suggestions": _suggestions(unit, expert.id),
        "cases": [_case(unit, case) for case in cases],
        "wishes": [_wish(wish) for wish in unit.wishes.naming(EntityKind.EXPERT, expert.id)],
        "mentions": {name: len(rows) for name, rows in mentions.items() if name not in own},
    }
    plain: PersonDocument = _plain(document)
    return plain


def _labelled(expert: Expert) -> dict[str, Any]:
    """Every field by the header that files have for it."""
    headers = {column.field: column.header for column in table_of(TableKind.EXPERTS).columns}
    return {headers.get(field.name, field.name): getattr(expert, field.name) for field in fields(expert)}


def _work(unit: UnitOfWork, id: str) -> dict[str, Any]:
    work = unit.achievements.get(id)
    assert work is not None
    return {"id": id, "title": work.title, "type": work.type, "year": work.year}


def _suggestions(unit: UnitOfWork, expert_id: str) -> list[dict[str, Any]]:
    published = unit.runs.published()
    if published is None:
        return []
    found = unit.runs.suggestions(published.run_id, target_kind=EntityKind.EXPERT, target_id=expert_id)
    return [
        {"to": item.source_id, "position": item.position, "score": item.score, "reason": item.reason}
        for item in found
    ]


def _case(unit: UnitOfWork, case: Case) -> dict[str, Any]:
    steps = unit.timeline.of(Subject.CASE, case.id)
    return {
        "id": case.id,
        "state": case.state,
        "opened_at": case.opened_at,
        "steps": [
            {
                "at": step.at,
                "from": step.from_state,
                "to": step.to_state,
                "reason": step.reason,
                "note": step.note,
            }
            for step in steps
        ],
    }


def _wish(wish: Wish) -> dict[str, Any]:
    return {
        "to": wish.pair.source_id,
        "at": wish.at,
        "stance": wish.stance,
        "reason": wish.reason,
        "note": wish.note,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _table(content: Any) -> str:
    rows = content if isinstance(content, list) else [content]
    tables = []
    for row in rows:
        cells = "".join(f"<tr><th>{_text(name)}</th><td>{_cell(value)}</td></tr>" for name, value in row.items())
        tables.append(f"<table>{cells}</table>")
    return "\n".join(tables)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "<br>".join(map(_cell, value))
    if isinstance(value, dict):
        return "，".join(
            f"{_text(name)}：{_cell(item)}" for name, item in value.items() if item not in (None, "")
        )
    return "--" if value in (None, "") else _text(value)


def _text(value: object) -> str:
    return html.escape(str(value))
