"""``matchmaker match``: one need, one achievement, free text, or every need."""

from typing import Annotated

import typer

from recommender.bootstrap import now
from recommender.cli.context import acting, application
from recommender.cli.match_table import render_answer
from recommender.cli.messages import common
from recommender.cli.messages import matching as zh
from recommender.cli.output import answer, answers, print_json, stage_progress
from recommender.domain.accounts import Actor
from recommender.domain.errors import InvalidInput
from recommender.domain.filters import Filter
from recommender.domain.kinds import DEMAND_KINDS, SUPPLY_KINDS, EntityKind
from recommender.services.matching import MatchAnswer, MatchRequest, MatchService


def match(
    ctx: typer.Context,
    need: Annotated[str | None, typer.Option("--need", help=zh.OPTION_NEED)] = None,
    text: Annotated[str | None, typer.Option("--text", help=zh.OPTION_TEXT)] = None,
    title: Annotated[str | None, typer.Option("--title", help=zh.OPTION_TITLE)] = None,
    achievement: Annotated[str | None, typer.Option("--achievement", help=zh.OPTION_ACHIEVEMENT)] = None,
    all_needs: Annotated[bool, typer.Option("--all", help=zh.OPTION_ALL)] = False,
    kind: Annotated[list[str] | None, typer.Option("--kind", help=zh.OPTION_KIND)] = None,
    k: Annotated[int, typer.Option("-k", help=zh.OPTION_K)] = 10,
    filters: Annotated[list[str] | None, typer.Option("--filter", help=common.OPTION_FILTER)] = None,
    json: Annotated[bool, typer.Option("--json", help=common.OPTION_JSON)] = False,
) -> None:
    """Match and print."""
    is_text = text is not None or title is not None
    if sum((need is not None, is_text, achievement is not None, all_needs)) != 1:
        raise InvalidInput("match.subject")
    service, who = application(ctx).matching, acting()
    kinds = tuple(map(_kind, kind)) if kind else (DEMAND_KINDS if achievement is not None else SUPPLY_KINDS)
    request = MatchRequest(_with_needs(kinds), k, tuple(map(Filter.parse, filters or ())))
    if all_needs:
        _match_all(service, who, request, json=json)
    elif need is not None:
        _show(service.match_need(who, need, request), json=json)
    elif achievement is not None:
        _show(service.match_achievement(who, achievement, request), json=json)
    else:
        _show(service.match_text(who, title or "", text or "", request), json=json)


def _match_all(service: MatchService, who: Actor, request: MatchRequest, *, json: bool) -> None:
    with stage_progress() as progress:
        run = service.match_all_needs(
            who, request, now=now, on_progress=lambda done, total: progress(common.STAGE_MATCH, done, total)
        )
    if json:
        print_json(run)
    else:
        answer(common.RUN_DONE.format(run=run.id, n=run.n_sources))


def _show(answer: MatchAnswer, *, json: bool) -> None:
    if json:
        print_json(answer)
    else:
        answers.print(render_answer(answer))


def _kind(name: str) -> EntityKind:
    try:
        return EntityKind(name)
    except ValueError:
        raise InvalidInput("match.kind_unknown", kind=name, allowed="、".join(EntityKind)) from None


def _with_needs(kinds: tuple[EntityKind, ...]) -> tuple[EntityKind, ...]:
    """Who asks for enterprises also wants the open needs: an unnamed need may be the better lead."""
    if kinds == (EntityKind.ENTERPRISE,):
        return DEMAND_KINDS
    return kinds
