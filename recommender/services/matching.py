"""Use-cases of matching: free text, a stored need, the other side of the cloth, and a whole batch."""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from recommender.domain.accounts import Actor, Permission
from recommender.domain.deadline import check_deadline
from recommender.domain.entities import Achievement, Need
from recommender.domain.errors import InvalidInput, NotFound
from recommender.domain.filters import Filter, check_filters
from recommender.domain.kinds import DEMAND_KINDS, KIND_LABELS, SUPPLY_KINDS, EntityKind
from recommender.domain.match import ExclusionCode, Match, MatchList, MatchRun, RunState, Suggestion
from recommender.matching.config import MatchConfig
from recommender.matching.query import MatchQuery
from recommender.matching.serving import IndexServer
from recommender.services.access import need_for
from recommender.services.personal.clock import utc_now
from recommender.services.personal.sight import Sight, is_closed_to
from recommender.services.recommendable import Recommendable
from recommender.services.settled import settled_pairs, settled_with, told_settled
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class MatchAnswer:
    """The answer to one query.

    Attributes:
        title, text: what was asked, as understood.
        snapshot_id, encoder_id, configuration_hash: what produced the answer.
        lists: one per kind asked for, in that order.
        problems: sentences about the state of the index that the caller should know.
    """

    title: str
    text: str
    snapshot_id: str
    encoder_id: str
    configuration_hash: str
    lists: tuple[MatchList, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchLimits:
    """What one request may ask for."""

    max_k: int
    max_need_chars: int


@dataclass(frozen=True, slots=True)
class MatchRequest:
    """What every use-case takes beside its subject."""

    kinds: tuple[EntityKind, ...]
    k: int = 10
    filters: tuple[Filter, ...] = ()


def _nobody_watches(_kind: EntityKind, _seconds: float) -> None:
    """What is done with the time a ranking took, unless somebody wants to know."""


class MatchService:
    """Answers match requests from the served index and the database as it is now.

    Args:
        on_ranked: told which kind was ranked, and in how many seconds.
    """

    def __init__(
        self,
        database: Database,
        index: IndexServer,
        config: MatchConfig,
        limits: MatchLimits,
        *,
        today: Callable[[], date],
        on_ranked: Callable[[EntityKind, float], None] = _nobody_watches,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._on_ranked = on_ranked
        self._now = now
        self._database = database
        self._index = index
        self._config = config
        self._limits = limits
        self._today = today

    def match_text(self, actor: Actor, title: str, text: str, request: MatchRequest) -> MatchAnswer:
        """Match a need that is not stored.

        Raises:
            InvalidInput: empty or too long text, ``k`` out of range, a filter or kind that does not fit.
            SearchUnavailable: no usable index.
        """
        actor.require(Permission.MATCH)
        self._check(request, "需求文本", SUPPLY_KINDS)
        query = MatchQuery(title=title.strip(), text=text.strip())
        self._check_text(query)
        with self._database.read() as unit:
            return self._shown(actor, unit, self._answer(actor, query, request, unit))

    def match_need(self, actor: Actor, need_id: str, request: MatchRequest) -> MatchAnswer:
        """Match a stored need with experts, platforms and achievements.

        Whom its enterprise does not want is left out, and named to whoever may know as excluded. Matches that
        are under way or ended are not: a list that somebody asks for says who fits, with where each stands.

        Raises:
            NotFound: no such need, or not for this actor.
            InvalidInput, SearchUnavailable: see :meth:`match_text`.
        """
        actor.require(Permission.MATCH)
        self._check(request, KIND_LABELS[EntityKind.NEED], SUPPLY_KINDS)
        with self._database.read() as unit:
            need = need_for(actor, unit, need_id)
            settled = settled_with(unit, EntityKind.NEED, need_id)
            unwanted = tuple(item for item in settled if item.why is ExclusionCode.UNWANTED)
            query = replace(self._query_of_need(need, unit), settled=unwanted)
            answer = self._answer(actor, query, request, unit)
            if not told_settled(actor, unwanted):
                answer = replace(answer, lists=tuple(map(_without_unwanted, answer.lists)))
            return self._shown(actor, unit, answer, need)

    def match_some(self, actor: Actor, need_id: str, kind: EntityKind, ids: Sequence[str]) -> tuple[Match, ...]:
        """Some entities of a kind as a stored need ranks them; positions count among them alone.

        Who may not be recommended now is left out.

        Raises:
            NotFound: no such need, or not for this actor.
            InvalidInput, SearchUnavailable: see :meth:`match_text`.
        """
        actor.require(Permission.MATCH)
        self._check(MatchRequest((kind,), k=max(1, len(ids))), KIND_LABELS[EntityKind.NEED], SUPPLY_KINDS)
        with self._database.read() as unit:
            need = need_for(actor, unit, need_id)
            opened = self._index.current().matcher.open(self._query_of_need(need, unit))
            read = Recommendable(unit, self._today()).read
            check_deadline()
            found = opened.rank(kind, max(1, len(ids)), read, allowed=frozenset(ids))
            (seen,) = Sight(actor, unit, self._now()).lists([found])
        return seen.matches

    def match_achievement(self, actor: Actor, achievement_id: str, request: MatchRequest) -> MatchAnswer:
        """Match a stored achievement with the enterprises and open needs that could use it and the actor may see.

        Raises:
            NotFound: no such achievement.
            InvalidInput, SearchUnavailable: see :meth:`match_text`.
        """
        actor.require(Permission.MATCH)
        self._check(request, KIND_LABELS[EntityKind.ACHIEVEMENT], DEMAND_KINDS)
        with self._database.read() as unit:
            achievement = unit.achievements.get(achievement_id)
            if achievement is None:
                raise _not_found(EntityKind.ACHIEVEMENT, achievement_id)
            answer = self._answer(actor, MatchQuery.of_achievement(achievement), request, unit)
            return self._shown(actor, unit, answer, achievement)

    def match_all_needs(
        self,
        actor: Actor,
        request: MatchRequest,
        *,
        now: Callable[[], datetime],
        on_progress: Callable[[int, int], None] | None = None,
    ) -> MatchRun:
        """Match every stored need that the actor may see and keep the suggestions as one run.

        Pairs that are settled are left out, as by night.

        Returns:
            The finished run; its suggestions are in the store.
        """
        actor.require(Permission.RUNS_MANAGE)
        self._check(request, KIND_LABELS[EntityKind.NEED], SUPPLY_KINDS)
        with self._database.read() as unit:
            seen = unit.needs.ids_matching((), actor)
            needs = [need for need in unit.needs.iterate() if need.id in seen]
            settled = settled_pairs(unit)

            def query(need: Need) -> MatchQuery:
                left_out = settled.get((EntityKind.NEED, need.id), ())
                return replace(self._query_of_need(need, unit), settled=left_out)

            answers = [
                (need, self._answer(actor, query(need), request, unit)) for need in _reporting(needs, on_progress)
            ]
        return self._store_run(answers, now)

    def _store_run(self, answers: Sequence[tuple[Need, MatchAnswer]], now: Callable[[], datetime]) -> MatchRun:
        served = self._index.current()
        started = now()
        run = MatchRun(
            id=f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}",
            started_at=started,
            finished_at=None,
            state=RunState.RUNNING,
            snapshot_id=served.manifest.generation,
            encoder_id=served.manifest.encoder_id,
            configuration_hash=self._config.hash,
            n_sources=len(answers),
        )
        with self._database.write() as unit:
            unit.runs.start(run)
            for need, answer in answers:
                unit.runs.add([_suggestion(run.id, need.id, m) for part in answer.lists for m in part.matches])
            unit.runs.finish(run.id, RunState.DONE, now())
            finished = unit.runs.get(run.id)
        assert finished is not None
        return finished

    def _answer(self, actor: Actor, query: MatchQuery, request: MatchRequest, unit: UnitOfWork) -> MatchAnswer:
        served = self._index.current()
        opened = served.matcher.open(query)
        read = Recommendable(unit, self._today()).read

        def rank(kind: EntityKind) -> MatchList:
            check_deadline()
            started = time.perf_counter()
            ranked = opened.rank(kind, request.k, read, allowed=_allowed(kind, request.filters, actor, unit))
            self._on_ranked(kind, time.perf_counter() - started)
            return ranked

        lists = tuple(rank(kind) for kind in request.kinds)
        return MatchAnswer(
            title=query.title,
            text=query.text,
            snapshot_id=served.manifest.generation,
            encoder_id=served.manifest.encoder_id,
            configuration_hash=self._config.hash,
            lists=lists,
            problems=served.problems,
        )

    def _shown(
        self, actor: Actor, unit: UnitOfWork, answer: MatchAnswer, source: Need | Achievement | None = None
    ) -> MatchAnswer:
        """The answer as the actor sees it; what is not stored is their own words."""
        sight = Sight(actor, unit, self._now())
        shown = replace(answer, lists=sight.lists(answer.lists))
        if source is None:
            return shown
        seen = sight.one(source)
        if seen is None or seen == source:
            return shown
        closed = isinstance(seen, Need) and is_closed_to(actor, seen)
        text = seen.public_summary if isinstance(seen, Need) and closed else self._text(sight, source, answer)
        return replace(shown, title=seen.title, text=text)

    @staticmethod
    def _text(sight: Sight, source: Need | Achievement, answer: MatchAnswer) -> str:
        return sight.about(source.kind, source.id).text(answer.text)

    def _query_of_need(self, need: Need, unit: UnitOfWork) -> MatchQuery:
        owner = unit.enterprises.get(need.enterprise_code) if need.enterprise_code else None
        return MatchQuery.of_need(need, owner, max_chars=self._limits.max_need_chars)

    def _check(self, request: MatchRequest, source: str, allowed: Sequence[EntityKind]) -> None:
        if not 1 <= request.k <= self._limits.max_k:
            raise InvalidInput("match.k_range", k=request.k, maximum=self._limits.max_k)
        for kind in request.kinds:
            if kind not in allowed:
                labels = "、".join(f"{kind.value}（{KIND_LABELS[kind]}）" for kind in allowed)
                raise InvalidInput(
                    "match.kind_unsupported", source=source, target=KIND_LABELS[kind], allowed=labels
                )
        check_filters(request.filters, request.kinds)

    def _check_text(self, query: MatchQuery) -> None:
        if not query.title and not query.text:
            raise InvalidInput("match.empty_need")
        length = len(query.title) + len(query.text)
        if length > self._limits.max_need_chars:
            raise InvalidInput("match.text_too_long", length=length, maximum=self._limits.max_need_chars)


def _allowed(
    kind: EntityKind, filters: Sequence[Filter], actor: Actor, unit: UnitOfWork
) -> frozenset[str] | None:
    """Ids that the filters leave for a kind and the actor may see; ``None`` where that is all of them."""
    applying = [condition for condition in filters if condition.applies_to(kind)]
    sees_all = kind not in DEMAND_KINDS or actor.reach.whole_city
    return None if sees_all and not applying else unit.of(kind).ids_matching(applying, actor)


def _without_unwanted(part: MatchList) -> MatchList:
    told = tuple(item for item in part.exclusions if item.code is not ExclusionCode.UNWANTED)
    return replace(part, exclusions=told)


def _suggestion(run_id: str, need_id: str, match: Match) -> Suggestion:
    return Suggestion(
        run_id=run_id,
        source_kind=EntityKind.NEED,
        source_id=need_id,
        target_kind=match.kind,
        target_id=match.id,
        position=match.position,
        score=match.score,
        parts={part.name: part.contribution for part in match.parts},
        reason=match.reasons[0].text if match.reasons else "",
        evidence_ids=tuple(evidence.id for evidence in match.evidence),
    )


def _not_found(kind: EntityKind, entity_id: str) -> NotFound:
    return NotFound("entity.not_found", kind=KIND_LABELS[kind], id=entity_id)


def _reporting(needs: Sequence[Need], on_progress: Callable[[int, int], None] | None) -> Iterator[Need]:
    for n_done, need in enumerate(needs, start=1):
        yield need
        if on_progress is not None:
            on_progress(n_done, len(needs))
