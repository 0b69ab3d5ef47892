"""Use-cases of blind judging: make a pool, judge item by item, see how far it is and what it tells."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.errors import InvalidInput, NotFound
from recommender.domain.judging import (
    MAX_GRADE,
    MIN_GRADE,
    Judgement,
    JudgingPool,
    PoolItem,
    PoolProgress,
    System,
)
from recommender.domain.kinds import KIND_LABELS, SUPPLY_KINDS, EntityKind
from recommender.domain.match import AuditEntry
from recommender.domain.paging import Page, PageRequest
from recommender.evaluation.dataset import write_dataset
from recommender.evaluation.library_dataset import supply_passages
from recommender.evaluation.pooled import SystemFigures, pooled_figures
from recommender.feedback.agreement import Agreement, agreement
from recommender.feedback.consensus import consensus
from recommender.feedback.pooling import in_order_of, pool_items, rankings_of
from recommender.matching.config import MatchConfig
from recommender.matching.query import MatchQuery
from recommender.matching.serving import IndexServer
from recommender.services.access import need_for, sees
from recommender.services.feedback.candidates import CandidateFinder
from recommender.services.feedback.collections import appearing, queries, supply, without_persons
from recommender.services.feedback.tasks import JudgingTask, task_of
from recommender.services.recommendable import Recommendable
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

MAX_DEPTH: Final = 50
MAX_NEEDS: Final = 500
MAX_JUDGES: Final = 10
MAX_SEED: Final = 2**31 - 1

Finding = Callable[[str, int, int], None]
"""Told the id of the need just done, how many are done and how many there are."""


def _silent(_need: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDraft:
    """What a pool is to be made of."""

    title: str
    need_ids: Sequence[str]
    kinds: Sequence[EntityKind] = SUPPLY_KINDS
    systems: Sequence[System] = tuple(System)
    depth: int = 5
    overlap_ratio: float = 0.2
    n_judges: int = 2
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolResults:
    """What a pool tells so far."""

    progress: PoolProgress
    agreement: Agreement
    systems: tuple[SystemFigures, ...]


class JudgingService:
    """Pools, judgements, and what follows from them."""

    def __init__(
        self,
        database: Database,
        index: Callable[[], IndexServer],
        config: MatchConfig,
        *,
        max_need_chars: int,
        now: Callable[[], datetime],
        today: Callable[[], date],
    ) -> None:
        self._database = database
        self._index = index
        self._config = config
        self._max_need_chars = max_need_chars
        self._now = now
        self._today = today

    def create(self, actor: Actor, draft: PoolDraft, *, on_need: Finding = _silent) -> JudgingPool:
        """Ask every system for candidates and keep them as a pool.

        Raises:
            Forbidden: the actor may not manage feedback.
            NotFound: a need is not there, or not for the actor.
            InvalidInput: a number out of range, or no need, kind or system.
            SearchUnavailable: no usable index.
        """
        actor.require(Permission.FEEDBACK_EXPORT)
        _check(draft)
        served = self._index().current()
        pool = self._pool(actor, draft, served.manifest.generation, served.manifest.encoder_id)
        need_ids = tuple(dict.fromkeys(draft.need_ids))
        lists: dict[tuple[str, EntityKind], Mapping[System, Sequence[str]]] = {}
        with self._database.read() as unit:
            library = Recommendable(unit, self._today())
            finder = CandidateFinder(served.matcher, self._config, library, depth=draft.depth, seed=draft.seed)
            for n_done, need_id in enumerate(need_ids, start=1):
                found = finder.find(self._query(actor, need_id, unit), pool.kinds, pool.systems)
                lists.update({(need_id, kind): by_system for kind, by_system in found.items()})
                on_need(need_id, n_done, len(need_ids))
        items = pool_items(pool, lists)
        with self._database.write() as unit:
            unit.judging.create(pool, items)
            detail = {"n_needs": len(need_ids), "n_items": len(items)}
            unit.audit.append(self._entry(actor, "feedback:pool:create", pool.id, detail))
        return pool

    def _pool(self, actor: Actor, draft: PoolDraft, snapshot_id: str, encoder_id: str) -> JudgingPool:
        return JudgingPool(
            id=f"PC{self._now():%Y%m%d}-{secrets.token_hex(3)}",
            title=draft.title.strip(),
            created_at=self._now(),
            created_by=actor.id,
            kinds=tuple(dict.fromkeys(draft.kinds)),
            systems=tuple(dict.fromkeys(draft.systems)),
            depth=draft.depth,
            overlap_ratio=draft.overlap_ratio,
            n_judges=draft.n_judges,
            seed=draft.seed,
            snapshot_id=snapshot_id,
            encoder_id=encoder_id,
            configuration_hash=self._config.hash,
        )

    def page(self, actor: Actor, request: PageRequest) -> Page[JudgingPool]:
        """Pools, newest first.

        Raises:
            Forbidden: the actor is no judge.
            InvalidInput: an unknown order or cursor.
        """
        actor.require(Permission.FEEDBACK_JUDGE)
        with self._database.read() as unit:
            return unit.judging.page(request)

    def next(self, actor: Actor, pool_id: str) -> JudgingTask | None:
        """The next item for this judge, the same until it is judged; ``None`` where there is none left.

        Items on needs that are not for the judge are left to others.

        Raises:
            Forbidden: the actor is no judge.
            NotFound: no such pool.
        """
        actor.require(Permission.FEEDBACK_JUDGE)
        with self._database.read() as unit:
            pool = unit.judging.get(pool_id)
            if pool.closed_at is not None:
                return None
            items = _for(actor, unit.judging.open_items(pool_id, actor.id), unit)
            ordered = in_order_of(actor.id, items, seed=pool.seed)
            for place, item in enumerate(ordered):
                task = task_of(item, unit, self._index, n_left=len(ordered) - place)
                if task is not None:
                    return task
        return None

    def judge(self, actor: Actor, pool_id: str, number: int, grade: int | None, note: str = "") -> PoolProgress:
        """Keep a judgement; said again, it takes the place of the former one.

        Args:
            actor: who judges.
            pool_id, number: the item.
            grade: 0 to 3, ``None`` to pass over it.
            note: anything else.

        Returns:
            How far the pool is, of judges only the actor.

        Raises:
            Forbidden: the actor is no judge.
            NotFound: no such pool or item, or it is not for the actor.
            Conflict: the pool is closed.
            InvalidInput: no such grade.
        """
        actor.require(Permission.FEEDBACK_JUDGE)
        if grade is not None and not MIN_GRADE <= grade <= MAX_GRADE:
            raise InvalidInput("judging.grade", grade=grade)
        judgement = Judgement(
            pool_id=pool_id, number=number, judge=actor.id, grade=grade, note=note.strip(), at=self._now()
        )
        with self._database.write() as unit:
            item = unit.judging.item(pool_id, number)
            if not _for(actor, [item], unit):
                raise NotFound("judging.no_item", pool=pool_id, number=number)
            unit.judging.judge(judgement)
            return _own(unit.judging.progress(pool_id), actor)

    def progress(self, actor: Actor, pool_id: str) -> PoolProgress:
        """How far a pool is; who judged how much is told to those who manage feedback.

        Raises:
            Forbidden: the actor is no judge.
            NotFound: no such pool.
        """
        actor.require(Permission.FEEDBACK_JUDGE)
        with self._database.read() as unit:
            return _own(unit.judging.progress(pool_id), actor)

    def close(self, actor: Actor, pool_id: str) -> JudgingPool:
        """End a pool; nothing more is judged.

        Raises:
            Forbidden: the actor may not manage feedback.
            NotFound: no such pool.
        """
        actor.require(Permission.FEEDBACK_EXPORT)
        with self._database.write() as unit:
            pool = unit.judging.close(pool_id, self._now())
            unit.audit.append(self._entry(actor, "feedback:pool:close", pool_id, {}))
            return pool

    def results(self, actor: Actor, pool_id: str) -> PoolResults:
        """How far judges agree, and how well each system did on what was judged.

        Raises:
            Forbidden: the actor may not manage feedback.
            NotFound: no such pool.
        """
        actor.require(Permission.FEEDBACK_EXPORT)
        with self._database.read() as unit:
            progress = unit.judging.progress(pool_id)
            items, judgements = unit.judging.items(pool_id), unit.judging.judgements(pool_id)
        qrels = {
            kind: consensus([item for item in items if item.target_kind is kind], judgements)
            for kind in {item.target_kind for item in items}
        }
        judged = {kind: grades for kind, grades in qrels.items() if grades}
        systems = pooled_figures(judged, rankings_of(items))
        return PoolResults(progress=progress, agreement=agreement(judgements), systems=systems)

    def export(self, actor: Actor, pool_id: str, folder: Path, *, replacing: bool = False) -> int:
        """Write what was judged as a test collection in BEIR layout, without personal data.

        Returns:
            How many pairs have a grade.

        Raises:
            Forbidden: the actor may not export feedback.
            NotFound: no such pool.
            Conflict: the folder holds something.
        """
        actor.require(Permission.FEEDBACK_EXPORT)
        with appearing(folder, replacing=replacing) as unfinished:
            with self._database.read() as unit:
                unit.judging.get(pool_id)
                qrels = consensus(unit.judging.items(pool_id), unit.judging.judgements(pool_id))
                asked = [(EntityKind.NEED, need_id) for need_id in qrels]
                links = unit.achievement_platforms.iterate()
                write_dataset(
                    unfinished,
                    queries(unit, asked, without_persons),
                    supply_passages(supply(unit, without_persons), links),
                    qrels,
                )
            n_judged = sum(map(len, qrels.values()))
            with self._database.write() as unit:
                unit.audit.append(self._entry(actor, "feedback:pool:export", pool_id, {"n_judged": n_judged}))
        return n_judged

    def _query(self, actor: Actor, need_id: str, unit: UnitOfWork) -> MatchQuery:
        need = need_for(actor, unit, need_id)
        owner = unit.enterprises.get(need.enterprise_code) if need.enterprise_code else None
        return MatchQuery.of_need(need, owner, max_chars=self._max_need_chars)

    def _entry(self, actor: Actor, action: str, target: str, detail: dict[str, Any]) -> AuditEntry:
        return AuditEntry(at=self._now(), actor=actor.id, action=action, target=target, detail=detail)


def _check(draft: PoolDraft) -> None:
    for name, value, low, high in (
        ("depth", draft.depth, 1, MAX_DEPTH),
        ("n_needs", len(draft.need_ids), 1, MAX_NEEDS),
        ("n_judges", draft.n_judges, 1, MAX_JUDGES),
        ("overlap_ratio", draft.overlap_ratio, 0, 1),
        ("seed", draft.seed, 0, MAX_SEED),
    ):
        if not low <= value <= high:
            raise InvalidInput("judging.range", name=name, value=value, low=low, high=high)
    if not draft.title.strip():
        raise InvalidInput("judging.title")
    if not draft.systems:
        raise InvalidInput("judging.systems", known="、".join(System))
    if not draft.kinds or not set(draft.kinds) <= set(SUPPLY_KINDS):
        raise InvalidInput("judging.kinds", known="、".join(KIND_LABELS[kind] for kind in SUPPLY_KINDS))


def _for(actor: Actor, items: Sequence[PoolItem], unit: UnitOfWork) -> list[PoolItem]:
    """The items whose need the actor may see."""
    needs = unit.needs.get_many([item.need_id for item in items])
    seen = {id for id, need in needs.items() if sees(actor, unit, need)}
    return [item for item in items if item.need_id in seen]


def _own(progress: PoolProgress, actor: Actor) -> PoolProgress:
    if actor.may(Permission.FEEDBACK_EXPORT):
        return progress
    own = {judge: n for judge, n in progress.by_judge.items() if judge == actor.id}
    return PoolProgress(progress.n_items, progress.n_wanted, progress.n_done, progress.n_skipped, own)
