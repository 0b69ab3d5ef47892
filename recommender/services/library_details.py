"""What stands beside a record of the library, as far as it is for who reads."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from recommender.catalogue.texts import folded, folded_parts
from recommender.domain.accounts import Actor, Permission
from recommender.domain.entities import Achievement, Entity
from recommender.domain.errors import InvalidInput
from recommender.domain.facets import MAX_CHARS
from recommender.domain.facts import EnterpriseFact
from recommender.domain.kinds import DEMAND_KINDS, SUPPLY_KINDS, EntityKind
from recommender.domain.library_details import Credits, Proposed, Related, WorkFilter, Works
from recommender.domain.match import Suggestion
from recommender.domain.paging import PageRequest, cursor_of
from recommender.services.access import sees
from recommender.services.library import found, shown
from recommender.services.personal.sight import Sight
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork

_N_PROPOSED: Final = 12
_N_LOOKED_AT: Final = 200
"""Suggestions that are looked at for those that the reader may see."""


class LibraryDetails:
    """Use-cases of looking closer at one record."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def works(
        self, actor: Actor, kind: EntityKind, owner_id: str, wanted: WorkFilter, request: PageRequest
    ) -> Works:
        """A page of the achievements of an expert or a platform.

        Raises:
            Forbidden: the actor does not read the library.
            NotFound: there is no such expert or platform for this actor.
            InvalidInput: the text is too long, or the cursor is not of this list.
        """
        actor.require(Permission.LIBRARY_READ)
        if len(wanted.text) > MAX_CHARS:
            raise InvalidInput("library.text_too_long", maximum=MAX_CHARS)
        with self._database.read() as unit:
            owner = self._owner(actor, unit, kind, owner_id)
            ids = unit.catalogue.works_of(kind, owner.id)
            records = list(unit.achievements.get_many(ids).values())
            seen = Sight(actor, unit, self._now()).many(records)
        parts = folded_parts(wanted.text)
        holding = [work for work in seen if _holds(work, parts)]
        by_type = Counter(work.type for work in holding)
        left = sorted((work for work in holding if wanted.type in ("", work.type)), key=_latest_first)
        after = request.after(int, str)
        behind = left if after is None else [work for work in left if _latest_first(work) > after]
        items = tuple(behind[: request.limit])
        more = len(behind) > len(items)
        return Works(
            items=items,
            total=len(left),
            by_type=dict(by_type.most_common()),
            next_cursor=cursor_of(request, _latest_first(items[-1])) if more else "",
        )

    def credits(self, actor: Actor, achievement_id: str) -> Credits:
        """Who stands behind an achievement; who is not shown to this actor is left out.

        Raises:
            Forbidden: the actor does not read the library.
            NotFound: there is no such achievement.
        """
        actor.require(Permission.LIBRARY_READ)
        with self._database.read() as unit:
            achievement = found(actor, unit, EntityKind.ACHIEVEMENT, achievement_id)
            assert isinstance(achievement, Achievement)
            sight = Sight(actor, unit, self._now())
            by_id = unit.experts.get_many(achievement.author_ids)
            authors = sight.many([by_id[id] for id in achievement.author_ids if id in by_id])
            platform_ids = unit.catalogue.platforms_of(achievement.id)
            platforms = sight.many(list(unit.platforms.get_many(platform_ids).values()))
        return Credits(tuple(map(_related, authors)), tuple(map(_related, platforms)))

    def facts(self, actor: Actor, code: str) -> tuple[EnterpriseFact, ...]:
        """Yearly facts of an enterprise, by year.

        Raises:
            Forbidden: the actor does not read the library.
            NotFound: there is no such enterprise for this actor.
        """
        actor.require(Permission.LIBRARY_READ)
        with self._database.read() as unit:
            enterprise = self._owner(actor, unit, EntityKind.ENTERPRISE, code)
            return unit.enterprise_facts.of_enterprises([enterprise.id])[enterprise.id]

    def proposed(self, actor: Actor, kind: EntityKind, id: str) -> tuple[Proposed, ...]:
        """Where the published run proposes a record, and what it proposes to it, best first.

        Nothing for who does not review: a suggestion becomes theirs once it is pushed.

        Raises:
            NotFound: there is no such record for this actor.
        """
        if not actor.may(Permission.CASES_REVIEW):
            return ()
        with self._database.read() as unit:
            entity = self._owner(actor, unit, kind, id)
            published = unit.runs.published()
            if published is None:
                return ()
            run, records = published.run_id, unit.runs
            to_it, from_it = list[Suggestion](), list[Suggestion]()
            if kind in (*SUPPLY_KINDS, EntityKind.ENTERPRISE):
                to_it = records.suggestions(run, target_kind=kind, target_id=entity.id)
            if kind in (*DEMAND_KINDS, EntityKind.ACHIEVEMENT):
                from_it = records.suggestions(run, entity.id, source_kind=kind)
            pairs = [(item, item.source_kind, item.source_id) for item in to_it]
            pairs += [(item, item.target_kind, item.target_id) for item in from_it]
            pairs.sort(key=lambda pair: (-pair[0].score, pair[1], pair[2]))
            return self._shown(actor, unit, pairs[:_N_LOOKED_AT])

    def written(self, actor: Actor, kind: EntityKind, id: str) -> tuple[datetime, datetime]:
        """When a record came into the library, and when it was written last.

        Raises:
            NotFound: there is no such record for this actor.
        """
        with self._database.read() as unit:
            return unit.catalogue.written(kind, self._owner(actor, unit, kind, id).id)

    def open_until(self, actor: Actor, kind: EntityKind, id: str) -> datetime | None:
        """Until when the actor sees this person in full, having said what for; ``None`` where they do not."""
        if not actor.may(Permission.REVEAL):
            return None
        with self._database.read() as unit:
            now = self._now()
            ends = [
                reveal.valid_until
                for reveal in unit.reveals.of(kind, id)
                if reveal.actor == actor.id and reveal.valid_until > now
            ]
        return max(ends, default=None)

    def _shown(
        self, actor: Actor, unit: UnitOfWork, pairs: Sequence[tuple[Suggestion, EntityKind, str]]
    ) -> tuple[Proposed, ...]:
        sight = Sight(actor, unit, self._now())
        wanted: dict[EntityKind, list[str]] = {}
        for _, kind, id in pairs:
            wanted.setdefault(kind, []).append(id)
        records = {
            (kind, record.id): record
            for kind, ids in wanted.items()
            for record in sight.many(
                [entity for entity in unit.of(kind).get_many(ids).values() if sees(actor, unit, entity)]
            )
        }
        lines = [
            Proposed(_related(record), item.position, item.score, sight.about(kind, id).text(item.reason))
            for item, kind, id in pairs
            if (record := records.get((kind, id))) is not None
        ]
        return tuple(lines[:_N_PROPOSED])

    def _owner(self, actor: Actor, unit: UnitOfWork, kind: EntityKind, id: str) -> Entity:
        entity = found(actor, unit, kind, id)
        shown(actor, unit, entity, self._now())
        return entity


def _holds(work: Achievement, parts: Sequence[str]) -> bool:
    if not parts:
        return True
    text = folded(f"{work.title}\n{'；'.join(work.keywords)}\n{work.abstract}")
    return all(part in text for part in parts)


def _latest_first(work: Achievement) -> tuple[int, str]:
    """Key of the order: the latest year first, what has none last."""
    return (0 if work.year is None else -work.year, work.id)


def _related(record: Entity) -> Related:
    organisation = getattr(record, "organisation", "") or getattr(record, "host_organisation", "")
    return Related(record.kind, record.id, record.name, organisation)
