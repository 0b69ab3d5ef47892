"""The audit trail: looked through, line by line, and as a file."""

import csv
import io
import re
from typing import Annotated, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.console.access import page
from api.console.attachments import BYTE_ORDER_MARK, CSV, attachment
from api.console.choices import period
from api.console.filters import when
from api.console.messages import audit as zh
from api.console.pages.audit.words import ReadLine, read_line
from api.console.visit import Visit
from recommender.domain.accounts import Permission
from recommender.domain.auditing import AuditFilter
from recommender.domain.errors import InvalidInput
from recommender.domain.paging import PageRequest
from recommender.exchange.guards import guarded_for_csv
from recommender.services.personal.trails import MAX_EXPORTED

router = APIRouter()
_BEFORE_FACTS: Final = re.compile("[：，（]")
_NEWEST_FIRST: Final = "-number"


@router.get("/audit")
def audit_trail(
    visit: Annotated[Visit, page(Permission.AUDIT_READ)],
    who: str = "",
    source: str = "",
    action: str = "",
    target: str = "",
    since: str = "",
    until: str = "",
    cursor: str = "",
) -> Response:
    """Lines that fit, newest first."""
    request = PageRequest(cursor=cursor, sort=_NEWEST_FIRST)
    found = visit.served.trails.audit_page(
        visit.actor, request, _chosen(who, source, action, target, since, until)
    )
    return visit.render(
        "audit/list.html",
        lines=[read_line(line, found.people) for line in found.page.items],
        next_cursor=found.page.next_cursor,
        sources=tuple(zh.SOURCES.items()),
        actions=_actions(source),
        is_filtered=any((who, source, action, target, since, until)),
        maximum=MAX_EXPORTED,
    )


@router.get("/audit/export.csv")
def export_audit_trail(
    visit: Annotated[Visit, page(Permission.AUDIT_READ)],
    who: str = "",
    source: str = "",
    action: str = "",
    target: str = "",
    since: str = "",
    until: str = "",
) -> Response:
    """The same as a file."""
    taken = visit.served.trails.export(visit.actor, _chosen(who, source, action, target, since, until))
    lines = [read_line(line, taken.people) for line in taken.lines]
    content = _as_csv(lines, note=zh.CUT.format(n=f"{len(lines):,}") if taken.is_cut else "")
    return Response(content, media_type=CSV, headers=attachment(f"{zh.EXPORT_NAME}.csv"))


@router.get("/audit/{number:int}")
def audit_line(visit: Annotated[Visit, page(Permission.AUDIT_READ)], number: int) -> Response:
    """One line with everything that it holds."""
    line, people = visit.served.trails.audit_line(visit.actor, number)
    return visit.render("audit/show.html", line=read_line(line, people), raw=line.entry)


def _chosen(who: str, source: str, action: str, target: str, since: str, until: str) -> AuditFilter:
    if source and source not in zh.SOURCES:
        raise InvalidInput("form.choice", label=zh.SOURCE, text=source[:50], known="、".join(zh.SOURCES))
    first, after = period(since, until, labels=zh.PERIOD)
    begins = action or (f"{source}:" if source else "")
    return AuditFilter(actor=who.strip(), action=begins, target=target.strip(), since=first, until=after)


def _actions(source: str) -> list[tuple[str, str]]:
    """Actions of a source to choose from, in words; those of each kind of record are one by one."""
    found = {}
    for action, sentence in zh.SENTENCES.items():
        of, subject, verb = action.split(":")
        if source and of != source:
            continue
        kinds = zh.SUBJECTS if subject == "*" else {subject: ""}
        for kind, label in kinds.items():
            found[f"{of}:{kind}:{verb}"] = _short(sentence, label)
    return sorted(found.items(), key=lambda pair: pair[0])


def _short(sentence: str, kind: str) -> str:
    """A sentence without the facts of a single line."""
    return _BEFORE_FACTS.split(sentence.replace("{kind}", kind), maxsplit=1)[0]


def _as_csv(lines: list[ReadLine], *, note: str) -> str:
    """Lines for a spreadsheet; ``note`` is a last line of its own."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(zh.COLUMNS)
    for line in lines:
        facts = "；".join(f"{label} {value}" for label, value in line.facts)
        cells = (line.actor, line.sentence, line.target, line.action, facts)
        writer.writerow((line.number, when(line.at), *map(guarded_for_csv, cells)))
    if note:
        writer.writerow((note,))
    return BYTE_ORDER_MARK + target.getvalue()
