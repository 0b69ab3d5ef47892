"""``matchmaker duplicates``: find pairs that are probably one, decide on them, take a merge back."""

from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recommender.cli.context import actor, application
from recommender.cli.messages import common
from recommender.cli.messages import duplicates as zh
from recommender.cli.output import answer, answers, notice, print_json, stage_progress
from recommender.cli.wrapping import Wrapped
from recommender.domain.errors import InvalidInput
from recommender.domain.identity import MERGEABLE_KINDS, Merge, MergeState, ProposalState, Signal
from recommender.domain.kinds import KIND_LABELS, EntityKind
from recommender.services.identity import SideBySide

Json = Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)]
Kind = Annotated[str | None, typer.Option("--kind", help=zh.OPTION_DUPLICATE_KIND)]
FirstId = Annotated[str, typer.Argument(metavar="A", help=zh.ARGUMENT_ONE_ID)]
SecondId = Annotated[str, typer.Argument(metavar="B", help=zh.ARGUMENT_OTHER_ID)]


def find(
    ctx: typer.Context,
    kind: Kind = None,
    again: Annotated[bool, typer.Option("--again", help=zh.OPTION_AGAIN)] = False,
    json: Json = False,
) -> None:
    """Look through the library."""
    kinds = MERGEABLE_KINDS if kind is None else (_kind(kind),)
    with stage_progress() as progress:
        search = application(ctx).duplicate_searcher.run(kinds, actor=actor(), again=again, on_progress=progress)
    if json:
        print_json(search.found)
        return
    for item in search.found:
        label = KIND_LABELS[item.kind]
        answer(
            zh.DUPLICATES_FOUND.format(
                kind=label, records=item.n_records, pairs=item.n_open, new=item.n_new, gone=item.n_gone
            )
        )
        if item.n_rejected:
            notice(zh.DUPLICATES_LEFT_OUT.format(n=item.n_rejected))
    if any(item.n_open for item in search.found):
        notice(zh.AFTER_FIND)


def list_pairs(
    ctx: typer.Context,
    kind: Kind = None,
    rejected: Annotated[bool, typer.Option("--rejected", help=zh.OPTION_REJECTED)] = False,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, help=zh.OPTION_N_SHOWN)] = 20,
    json: Json = False,
) -> None:
    """Show pairs side by side."""
    state = ProposalState.REJECTED if rejected else ProposalState.OPEN
    pairs = application(ctx).duplicates.proposals(None if kind is None else _kind(kind), state=state)
    if json:
        print_json(pairs)
        return
    for pair in pairs[:limit]:
        answers.print(_side_by_side(pair))
    if not pairs:
        notice(zh.NO_DUPLICATES)
    elif len(pairs) > limit:
        notice(zh.MORE_PAIRS.format(shown=limit, n=len(pairs)))


def merge(
    ctx: typer.Context,
    one: FirstId,
    other: SecondId,
    keep: Annotated[str | None, typer.Option("--keep", help=zh.OPTION_KEEP)] = None,
    field: Annotated[list[str] | None, typer.Option("--field", help=zh.OPTION_FIELD)] = None,
    kind: Kind = None,
    json: Json = False,
) -> None:
    """Make one record of two."""
    report = application(ctx).merges.merge(
        one,
        other,
        actor=actor(),
        kind=None if kind is None else _kind(kind),
        keep=keep,
        chosen=field or (),
    )
    if json:
        print_json({"merge": report.merge, "n_changes": report.n_changes})
        return
    done = report.merge
    answer(
        zh.MERGED.format(
            absorbed=done.absorbed_id,
            survivor=done.survivor_id,
            name=report.record.name,
            n=report.n_changes,
            id=done.id,
        )
    )
    notice(zh.AFTER_MERGE.format(id=done.id))


def reject(ctx: typer.Context, one: FirstId, other: SecondId, kind: Kind = None, json: Json = False) -> None:
    """Keep that two records are different."""
    chosen = None if kind is None else _kind(kind)
    decision = application(ctx).duplicates.reject(one, other, actor=actor(), kind=chosen)
    if json:
        print_json(decision)
    else:
        answer(zh.REJECTED.format(first=decision.first_id, second=decision.second_id))


def undo(
    ctx: typer.Context,
    merge_id: Annotated[str, typer.Argument(metavar="MERGE_ID", help=zh.ARGUMENT_MERGE)],
    json: Json = False,
) -> None:
    """Take a merge back."""
    undone = application(ctx).merges.undo(merge_id, actor=actor())
    if json:
        print_json(undone)
    else:
        answer(zh.MERGE_UNDONE.format(id=undone.id, survivor=undone.survivor_id, absorbed=undone.absorbed_id))


def history(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, help=zh.OPTION_N_SHOWN)] = 20,
    json: Json = False,
) -> None:
    """List merges."""
    merges = application(ctx).merges.history(limit)
    if json:
        print_json(merges)
    elif not merges:
        notice(zh.NO_MERGES)
    else:
        answers.print(_history(merges))


def _kind(text: str) -> EntityKind:
    """A kind by the name that options use.

    Raises:
        InvalidInput: there is none of that name.
    """
    try:
        return EntityKind(text)
    except ValueError:
        allowed = "、".join(f"{item.value}（{KIND_LABELS[item]}）" for item in MERGEABLE_KINDS)
        raise InvalidInput("identity.kind_not_mergeable", kind=f"“{text}”", allowed=allowed) from None


def _side_by_side(pair: SideBySide) -> RenderableType:
    decision = pair.decision
    score = "--" if decision.score is None else f"{decision.score:.2f}"
    title = zh.PAIR_TITLE.format(kind=KIND_LABELS[decision.kind], score=score)
    table = Table(show_header=True, expand=True)
    table.add_column(zh.FIELD_HEADER, ratio=2)
    for entity in (pair.first, pair.second):
        table.add_column(Wrapped(Text(f"{entity.id}\n{entity.name}")), ratio=5)
    for field in pair.fields:
        table.add_row(*(Wrapped(Text(_short(text))) for text in (field.header, field.first, field.second)))
    reasons = (Wrapped(_reason(signal)) for signal in decision.signals)
    return Group(Wrapped(Text(title, style="bold")), *reasons, table, Text())


def _reason(signal: Signal) -> Text:
    speaks_for = signal.weight > 0
    sign = zh.SPEAKS_FOR if speaks_for else zh.SPEAKS_AGAINST
    return Text(f"{sign}{signal.text}（{signal.weight:+.1f}）", style="" if speaks_for else "dim")


def _short(text: str) -> str:
    if not text:
        return zh.EMPTY_FIELD
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + common.LESS_SPACE


_SHOWN_CHARS = 120


def _history(merges: list[Merge]) -> Table:
    table = Table()
    for position, header in enumerate(zh.MERGE_HEADERS):
        # The id must be copied whole into the command that takes the merge back.
        table.add_column(header, no_wrap=position == 0)
    for item in merges:
        state = item.state.value
        if item.state is MergeState.UNDONE:
            state = zh.UNDONE_BY.format(state=state, by=item.undone_by, at=f"{item.undone_at:%Y-%m-%d %H:%M}")
        cells = (
            f"{item.at:%Y-%m-%d %H:%M}",
            item.actor,
            KIND_LABELS[item.kind],
            zh.INTO.format(absorbed=item.absorbed_id, survivor=item.survivor_id),
            state,
        )
        table.add_row(item.id, *(Wrapped(Text(text)) for text in cells))
    return table
