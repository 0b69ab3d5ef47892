"""``matchmaker persons``, ``keys`` and ``retention``: people's rights, and what protects their data."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from recommender.bootstrap import Application
from recommender.cli.context import acting, application
from recommender.cli.localised import ZhCommand, ZhGroup
from recommender.cli.messages import common
from recommender.cli.messages import personal as zh
from recommender.cli.output import answer, answers, notice, print_json
from recommender.cli.wrapping import Wrapped
from recommender.domain.kinds import EntityKind
from recommender.domain.personal import Certificate, ConsentDecision, ConsentScope, ErasureState
from recommender.services.personal.certificates import certificate_document, certificate_text
from recommender.services.personal.consents import PersonConsent
from recommender.services.personal.messages import FIELD_LABELS

Json = Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)]
Person = Annotated[str, typer.Argument(metavar="ID", help=zh.ARGUMENT_PERSON)]
Reason = Annotated[str, typer.Option("--reason", help=zh.OPTION_REASON)]


def persons() -> typer.Typer:
    """``persons``."""
    group = typer.Typer(help=zh.PERSONS_HELP, cls=ZhGroup, no_args_is_help=True)
    group.command("reveal", help=zh.PERSONS_REVEAL_HELP, cls=ZhCommand)(reveal)
    group.command("consent", help=zh.PERSONS_CONSENT_HELP, cls=ZhCommand)(consent)
    group.command("export", help=zh.PERSONS_EXPORT_HELP, cls=ZhCommand)(export)
    group.command("erase", help=zh.PERSONS_ERASE_HELP, cls=ZhCommand)(erase)
    group.command("finish", help=zh.PERSONS_FINISH_HELP, cls=ZhCommand)(finish)
    group.command("certificates", help=zh.PERSONS_CERTIFICATES_HELP, cls=ZhCommand)(certificates)
    group.command("readmit", help=zh.PERSONS_READMIT_HELP, cls=ZhCommand)(readmit)
    return group


def keys() -> typer.Typer:
    """``keys``."""
    group = typer.Typer(help=zh.KEYS_HELP, cls=ZhGroup, no_args_is_help=True)
    group.command("show", help=zh.KEYS_SHOW_HELP, cls=ZhCommand)(show_keys)
    group.command("rotate", help=zh.KEYS_ROTATE_HELP, cls=ZhCommand)(rotate)
    return group


def reveal(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help=zh.ARGUMENT_RECORD)],
    purpose: Annotated[str, typer.Option("--purpose", help=zh.OPTION_PURPOSE)],
    kind: Annotated[EntityKind, typer.Option("--kind", help=zh.OPTION_KIND)] = EntityKind.EXPERT,
    json: Json = False,
) -> None:
    """Show a record's personal data."""
    found = application(ctx).reveals.reveal(acting(), kind, id, purpose)
    if json:
        print_json(found)
        return
    table = Table(*zh.REVEALED_HEADERS)
    for field, value in found.values.items():
        table.add_row(FIELD_LABELS.get(field, field), Wrapped(Text(value)))
    answers.print(table)
    notice(zh.REVEALED_UNTIL)


def consent(
    ctx: typer.Context,
    id: Person,
    scope: Annotated[ConsentScope | None, typer.Option("--scope", help=zh.OPTION_SCOPE)] = None,
    decision: Annotated[ConsentDecision | None, typer.Option("--decision", help=zh.OPTION_DECISION)] = None,
    basis: Annotated[str, typer.Option("--basis", help=zh.OPTION_BASIS)] = "",
    evidence: Annotated[str, typer.Option("--evidence", help=zh.OPTION_EVIDENCE)] = "",
    json: Json = False,
) -> None:
    """Show or record what a person says."""
    service = application(ctx).consents
    if scope is None or decision is None:
        found = service.of(acting(), id)
    else:
        found = service.record(acting(), id, scope, decision, basis=basis, evidence=evidence)
    print_json(found) if json else answers.print(_consent_table(found))


def export(
    ctx: typer.Context,
    id: Person,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=zh.ARGUMENT_COPY)],
    force: Annotated[bool, typer.Option("--force", help=common.OPTION_FORCE)] = False,
) -> None:
    """Write everything about a person."""
    document, page = application(ctx).persons.write(acting(), id, file, replace=force)
    answer(zh.EXPORTED.format(json=document, page=page))


def erase(
    ctx: typer.Context,
    id: Person,
    reason: Reason,
    later: Annotated[bool, typer.Option("--later", help=zh.OPTION_LATER)] = False,
    out: Annotated[Path | None, typer.Option("--out", help=zh.OPTION_CERTIFICATE_OUT)] = None,
    json: Json = False,
) -> None:
    """Erase a person."""
    _certified(application(ctx).erasures.erase(acting(), id, reason, rebuild=not later), out, json=json)


def finish(ctx: typer.Context, json: Json = False) -> None:
    """Finish every erasure that something was left of."""
    finished = application(ctx).erasures.finish_all(acting(), rebuild=True)
    if json:
        print_json([certificate_document(certificate) for certificate in finished])
    elif not finished:
        answer(zh.NOTHING_PENDING)
    else:
        for certificate in finished:
            answer(certificate_text(certificate))
    if any(certificate.state is ErasureState.PENDING for certificate in finished):
        raise typer.Exit(1)


def certificates(
    ctx: typer.Context,
    id: Annotated[str | None, typer.Argument(metavar="ID", help=zh.ARGUMENT_CERTIFICATE)] = None,
    out: Annotated[Path | None, typer.Option("--out", help=zh.OPTION_CERTIFICATE_OUT)] = None,
    json: Json = False,
) -> None:
    """List certificates, or show one."""
    service = application(ctx).erasures
    if id is not None:
        _certified(service.certificate(acting(), id), out, json=json)
        return
    found = service.certificates(acting())
    if json:
        print_json([certificate_document(certificate) for certificate in found])
    elif not found:
        notice(zh.NO_CERTIFICATES)
    else:
        table = Table(*zh.CERTIFICATE_HEADERS)
        for each in found:
            table.add_row(each.id, f"{each.at:%Y-%m-%d %H:%M}", each.state.value, Wrapped(Text(each.reason)))
        answers.print(table)


def readmit(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help=zh.ARGUMENT_CERTIFICATE)],
    reason: Reason,
) -> None:
    """Let imports bring an erased person back."""
    certificate = application(ctx).erasures.readmit(acting(), id, reason)
    answer(zh.READMITTED.format(id=certificate.id))


def show_keys(ctx: typer.Context, json: Json = False) -> None:
    """Say where the keys are and how many."""
    state = application(ctx).keys.show()
    if json:
        print_json(state)
    else:
        answer(zh.KEYS_SHOWN.format(path=state.path, n=state.n_keys, current=state.current))


def rotate(
    ctx: typer.Context,
    drop_former: Annotated[bool, typer.Option("--drop-former", help=zh.OPTION_DROP_FORMER)] = False,
    json: Json = False,
) -> None:
    """Seal everything with a new key."""
    rotation = application(ctx).keys.rotate(acting(), drop_former=drop_former)
    if json:
        print_json(rotation)
    else:
        sealing = rotation.sealing
        answer(
            zh.KEYS_ROTATED.format(
                current=rotation.current, records=sealing.n_records, remembered=sealing.n_remembered
            )
        )
        if sealing.n_locked:
            notice(zh.KEYS_LOCKED.format(n=sealing.n_locked), style="yellow")
        if rotation.dropped_former:
            answer(zh.KEYS_DROPPED)


def retention(
    ctx: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=zh.OPTION_DRY_RUN)] = False,
    json: Json = False,
) -> None:
    """Delete what has been kept long enough."""
    service = application(ctx).retention
    report = service.preview(acting()) if dry_run else service.run(acting())
    if json:
        print_json(report)
        return
    table = Table(*(zh.RETENTION_HEADERS_DRY if dry_run else zh.RETENTION_HEADERS))
    for line in report.lines:
        table.add_row(line.label, f"{line.days:,}", f"{line.n:,}")
    answers.print(table)


def after_night(app: Application) -> str:
    """Keep retention and finish erasures, as the end of a night does; what came of it in a sentence."""
    report = app.retention.run(acting())
    finished = app.erasures.finish_all(acting())
    n_done = sum(certificate.state is ErasureState.DONE for certificate in finished)
    return zh.AFTER_NIGHT.format(deleted=report.total, erased=n_done)


def _certified(certificate: Certificate, out: Path | None, *, json: bool) -> None:
    if out is not None:
        out.write_text(certificate_text(certificate), encoding="utf-8")
    if json:
        print_json(certificate_document(certificate))
    else:
        answer(certificate_text(certificate))
        if out is not None:
            answer(zh.WRITTEN.format(path=out))
    if certificate.state is ErasureState.PENDING:
        raise typer.Exit(1)


def _consent_table(found: PersonConsent) -> Table:
    table = Table(*zh.CONSENT_HEADERS)
    for state in found.states:
        since = "" if state.since is None else f"{state.since:%Y-%m-%d %H:%M}"
        said = zh.NOTHING_SAID if state.said is None else state.said.value
        table.add_row(state.scope.value, zh.ALLOWED[state.allowed], said, since)
    return table
