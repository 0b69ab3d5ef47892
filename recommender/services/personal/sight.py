"""What one actor sees of persons and confidential needs: the one way in which records and matches are shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from recommender.domain.accounts import Actor, Permission, Role
from recommender.domain.entities import Achievement, Enterprise, Entity, Expert, Need
from recommender.domain.kinds import Confidentiality, EntityKind
from recommender.domain.masking import mask_names
from recommender.domain.match import Evidence, ExclusionCode, Match, MatchList, Reason
from recommender.domain.personal import ConsentScope
from recommender.domain.visibility import hide_persons, masked, names_in
from recommender.store.unit_of_work import UnitOfWork

_UNNAMED: Final = (ExclusionCode.CONSENT_WITHDRAWN, ExclusionCode.REMOVED)
"""Experts of whom it is not even said that they would have fitted: who withdrew, and who was erased."""

E = TypeVar("E", bound=Entity)

_OUTSIDE: Final = (Role.ENTERPRISE, Role.SERVICE)
"""Roles that do not see who does not want to be shown in public."""


class Sight:
    """Shows records as an actor may see them, within one unit.

    Names, contacts and what identifies a person are masked, for every role, unless the actor has revealed that
    person for a purpose a short while ago. Who withdrew consent is not there.

    Args:
        now: the moment at which it is looked.
    """

    def __init__(self, actor: Actor, unit: UnitOfWork, now: datetime, *, names: tuple[str, ...] = ()) -> None:
        self._actor = actor
        self._unit = unit
        self._now = now
        self._names = names

    def about(self, kind: EntityKind, id: str) -> "Sight":
        """The same for texts about a record: the persons whom it is about are masked in them as well."""
        record = None if id in self._open_to(kind, [id]) else self._unit.of(kind).get(id)
        names = () if record is None else (*names_in(record), *self._authors_of(record))
        return Sight(self._actor, self._unit, self._now, names=(*self._names, *names))

    def one(self, record: E) -> E | None:
        """A record as the actor sees it; ``None`` where it is not there for them."""
        found = self.many([record])
        return found[0] if found else None

    def many(self, records: Sequence[E]) -> list[E]:
        """Records as the actor sees them, in their order; those that are not there for them are left out.

        Whether a need or an enterprise is within reach was decided before.
        """
        shown = [record for record in records if record.id not in self._hidden(records)]
        revealed = self._revealed(shown)
        authors = self._authors([record.id for record in shown if isinstance(record, Achievement)])
        return [self._seen(record, revealed, authors.get(record.id, ())) for record in shown]

    def name(self, kind: EntityKind, id: str, name: str) -> str:
        """The name of a record as the actor sees it in a list."""
        return self.names(kind, {id: name})[id]

    def names(self, kind: EntityKind, names: Mapping[str, str]) -> dict[str, str]:
        """Names of records of a kind by id, as the actor sees them in a list."""
        if kind is not EntityKind.EXPERT:
            return {id: hide_persons(name) for id, name in names.items()}
        revealed = self._open_to(kind, names)
        return {id: name if id in revealed else mask_names(name) for id, name in names.items()}

    def text(self, text: str) -> str:
        """A free text with contacts masked, and the names of whom it is about; see :meth:`about`."""
        return hide_persons(text, self._names)

    def lists(self, lists: Sequence[MatchList]) -> tuple[MatchList, ...]:
        """The answer of a match as the actor sees it; spans count the same characters as before."""
        return tuple(map(self._list, lists))

    def _list(self, part: MatchList) -> MatchList:
        ids = [match.id for match in part.matches]
        hidden = self._unseen_experts(ids) if part.kind is EntityKind.EXPERT else frozenset()
        matches = [match for match in part.matches if match.id not in hidden]
        revealed = self._open_to(part.kind, ids)
        about = self._names_about(part.kind, matches)
        authors = self._authors(_achievements(matches))
        exclusions = tuple(
            replace(item, name=self.name(item.kind, item.id, item.name))
            for item in part.exclusions
            if not (item.kind is EntityKind.EXPERT and item.code in _UNNAMED)
        )
        shown = tuple(
            _shown(match, about.get(match.id, ()), authors, is_open=match.id in revealed) for match in matches
        )
        return replace(part, matches=shown, exclusions=exclusions)

    def _names_about(self, kind: EntityKind, matches: Sequence[Match]) -> dict[str, tuple[str, ...]]:
        """Names of the persons whom records are about, by id."""
        if kind is EntityKind.EXPERT:
            return {match.id: (match.name,) for match in matches}
        if kind is EntityKind.PLATFORM:
            platforms = self._unit.platforms.get_many([match.id for match in matches])
            return {id: (platform.director,) for id, platform in platforms.items() if platform.director}
        return {}

    def _authors_of(self, record: Entity) -> tuple[str, ...]:
        return self._authors([record.id]).get(record.id, ()) if isinstance(record, Achievement) else ()

    def _authors(self, achievement_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        return self._unit.achievements.author_names(achievement_ids) if achievement_ids else {}

    def _hidden(self, records: Sequence[Entity]) -> frozenset[str]:
        experts = [record for record in records if isinstance(record, Expert)]
        withdrawn = {expert.id for expert in experts if expert.consent_withdrawn_on is not None}
        return self._unseen_experts([expert.id for expert in experts]) | withdrawn

    def _unseen_experts(self, ids: Sequence[str]) -> frozenset[str]:
        """Who does not want to be shown in public, where the actor is the public."""
        if not ids or not is_outside(self._actor):
            return frozenset()
        return self._unit.consents.withdrawn(ConsentScope.PUBLICATION, ids)

    def _revealed(self, records: Sequence[Entity]) -> frozenset[tuple[EntityKind, str]]:
        by_kind: dict[EntityKind, list[str]] = {}
        for record in records:
            by_kind.setdefault(record.kind, []).append(record.id)
        return frozenset((kind, id) for kind, ids in by_kind.items() for id in self._open_to(kind, ids))

    def _open_to(self, kind: EntityKind, ids: Iterable[str]) -> frozenset[str]:
        return self._unit.reveals.open_to(self._actor.id, kind, sorted(ids), self._now)

    def _seen(self, record: E, revealed: frozenset[tuple[EntityKind, str]], names: tuple[str, ...]) -> E:
        if (record.kind, record.id) in revealed or self._owns(record):
            return record
        if isinstance(record, Need):
            return masked(record, with_own=not is_closed_to(self._actor, record))
        return masked(record, names=names)

    def _owns(self, record: Entity) -> bool:
        own = self._actor.enterprise_code
        if self._actor.role is not Role.ENTERPRISE or not own:
            return False
        match record:
            case Need():
                return record.enterprise_code == own
            case Enterprise():
                return record.code == own
        return False


def is_outside(actor: Actor) -> bool:
    """Whether an actor counts as the public, to whom not everybody wants to be shown."""
    return actor.role in _OUTSIDE


def is_closed_to(actor: Actor, need: Need) -> bool:
    """Whether an actor gets the public summary only: of a confidential need all but owner and reviewers."""
    if need.confidentiality is not Confidentiality.CONFIDENTIAL:
        return False
    owns = actor.role is Role.ENTERPRISE and bool(need.enterprise_code)
    return not (actor.may(Permission.NEEDS_REVIEW) or (owns and need.enterprise_code == actor.enterprise_code))


def _shown(
    match: Match, names: tuple[str, ...], authors: Mapping[str, tuple[str, ...]], *, is_open: bool
) -> Match:
    if is_open:
        names = ()
    name = match.name if is_open else _own_name(match)
    return replace(
        match,
        name=name,
        reasons=tuple(_reason(reason, names) for reason in match.reasons),
        gaps=tuple(_reason(gap, names) for gap in match.gaps),
        evidence=tuple(_evidence(item, (*names, *authors.get(item.id, ()))) for item in match.evidence),
    )


def _own_name(match: Match) -> str:
    return mask_names(match.name) if match.kind is EntityKind.EXPERT else hide_persons(match.name)


def _reason(reason: Reason, names: tuple[str, ...]) -> Reason:
    return replace(reason, text=hide_persons(reason.text, names))


def _evidence(evidence: Evidence, names: tuple[str, ...]) -> Evidence:
    return replace(evidence, title=hide_persons(evidence.title, names), text=hide_persons(evidence.text, names))


def _achievements(matches: Sequence[Match]) -> list[str]:
    return sorted({evidence.id for match in matches for evidence in match.evidence})
