"""Probable duplicates, what was decided on them, and what they are found by."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, delete, insert, or_, select

from recommender.domain.identity import Decision, Proposal, ProposalState, Signal
from recommender.domain.kinds import EntityKind
from recommender.store import best_scores, tables
from recommender.store.part import UnitPart
from recommender.store.suggestions import as_source, as_target
from recommender.store.values import check_row, chunks

_PROPOSALS: Final[Table] = tables.Base.metadata.tables["duplicate_proposal"]
_SUGGESTIONS: Final[Table] = tables.Base.metadata.tables["suggestion"]
_ACHIEVEMENTS: Final[Table] = tables.Base.metadata.tables["achievement"]
_ENTERPRISES: Final[Table] = tables.Base.metadata.tables["enterprise"]
_AUTHORS: Final[Table] = tables.Base.metadata.tables["achievement_author"]
_CHUNK: Final = 2000
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class AuthoredTitle:
    """Title of an achievement and its authors in the order of the byline."""

    achievement_id: str
    title: str
    author_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replaced:
    """What became of the open pairs of a kind: ``n_new`` came, ``n_kept`` stayed, ``n_gone`` went."""

    n_new: int
    n_kept: int
    n_gone: int

    @property
    def n_open(self) -> int:
        """How many are open now."""
        return self.n_new + self.n_kept


class DuplicateRepository(UnitPart):
    """Pairs of records that may be one."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def replace_open(
        self, kind: EntityKind, proposals: Sequence[Proposal], *, found_at: datetime, again: bool = False
    ) -> Replaced:
        """Put these proposals of a kind in the place of the open ones.

        Args:
            again: propose pairs as well that a person has said are different.
        """
        self._require_write()
        of_kind = _PROPOSALS.c.kind == kind
        open_ones = and_(of_kind, _PROPOSALS.c.state == ProposalState.OPEN)
        former = {
            (first, second)
            for first, second in self._connection.execute(
                select(_PROPOSALS.c.first_id, _PROPOSALS.c.second_id).where(open_ones)
            )
        }
        self._connection.execute(delete(_PROPOSALS).where(open_ones))
        pairs = select(_PROPOSALS.c.first_id, _PROPOSALS.c.second_id).where(of_kind)
        rejected = {(first, second) for first, second in self._connection.execute(pairs)}
        wanted = [item for item in proposals if again or item.pair not in rejected]
        for pair in (item.pair for item in wanted if item.pair in rejected):
            self._connection.execute(delete(_PROPOSALS).where(_is_pair(kind, pair)))
        rows = [{**asdict(item), "state": ProposalState.OPEN, "found_at": found_at} for item in wanted]
        for chunk in chunks([json_signals(row) for row in rows], _CHUNK):
            self._connection.execute(insert(_PROPOSALS), chunk)
        n_kept = sum(item.pair in former for item in wanted)
        return Replaced(n_new=len(wanted) - n_kept, n_kept=n_kept, n_gone=len(former) - n_kept)

    def decisions(self, kind: EntityKind | None = None, *, state: ProposalState | None = None) -> list[Decision]:
        """Pairs, most likely first; of a kind and in a state where these are given."""
        conditions: list[ColumnElement[bool]] = []
        if kind is not None:
            conditions.append(_PROPOSALS.c.kind == kind)
        if state is not None:
            conditions.append(_PROPOSALS.c.state == state)
        rows = self._connection.execute(select(_PROPOSALS).where(*conditions)).all()
        return sorted(map(_decision, rows), key=lambda item: (-(item.score or 0.0), item.kind, item.pair))

    def decision(self, kind: EntityKind, one_id: str, other_id: str) -> Decision | None:
        """What is known of a pair, ``None`` where it was never proposed."""
        where = _is_pair(kind, _in_order(one_id, other_id))
        row = self._connection.execute(select(_PROPOSALS).where(where)).one_or_none()
        return None if row is None else _decision(row)

    def reject(self, kind: EntityKind, one_id: str, other_id: str, *, at: datetime, by: str) -> Decision:
        """Keep that a person said two records are different."""
        self._require_write()
        known = self.decision(kind, one_id, other_id)
        first, second = _in_order(one_id, other_id)
        decided = Decision(
            kind=kind,
            first_id=first,
            second_id=second,
            score=None if known is None else known.score,
            signals=() if known is None else known.signals,
            state=ProposalState.REJECTED,
            found_at=at if known is None else known.found_at,
            decided_at=at,
            decided_by=by,
        )
        self._put(decided)
        return decided

    def reopen(self, kind: EntityKind, one_id: str, other_id: str) -> bool:
        """Forget that a person said two records are different; one that was proposed waits for a decision again.

        Returns:
            Whether anybody had said so.
        """
        self._require_write()
        known = self.decision(kind, one_id, other_id)
        if known is None or known.state is ProposalState.OPEN:
            return False
        if known.score is None:
            self._connection.execute(delete(_PROPOSALS).where(_is_pair(kind, known.pair)))
        else:
            self._put(replace(known, state=ProposalState.OPEN, decided_at=None, decided_by=None))
        return True

    def authored_titles(self) -> Iterator[AuthoredTitle]:
        """Every achievement that has an author, by id."""
        statement = (
            select(_ACHIEVEMENTS.c.id, _ACHIEVEMENTS.c.title, _AUTHORS.c.expert_id)
            .join(_AUTHORS, _AUTHORS.c.achievement_id == _ACHIEVEMENTS.c.id)
            .order_by(_ACHIEVEMENTS.c.id, _AUTHORS.c.position)
        )
        current, title, authors = "", "", list[str]()
        rows = self._connection.execute(statement.execution_options(yield_per=_CHUNK))
        for achievement_id, its_title, author in rows:
            if achievement_id != current:
                if authors:
                    yield AuthoredTitle(current, title, tuple(authors))
                current, title, authors = achievement_id, its_title, []
            authors.append(author)
        if authors:
            yield AuthoredTitle(current, title, tuple(authors))

    def enterprise_names(self) -> list[tuple[str, tuple[str, ...]]]:
        """Name and former names of every enterprise, by code."""
        statement = select(_ENTERPRISES.c.name, _ENTERPRISES.c.former_names).order_by(_ENTERPRISES.c.code)
        return [(name, former) for name, former in self._connection.execute(statement)]

    def repoint(self, kind: EntityKind, absorbed_id: str, survivor_id: str) -> None:
        """Let suggestions and decisions on pairs name the survivor; of two that become one the better stays."""
        self._require_write()
        self._repoint_decisions(kind, absorbed_id, survivor_id)
        ids = (absorbed_id, survivor_id)
        changed = {
            source
            for condition in (as_target(self._connection, kind, ids), as_source(self._connection, kind, ids))
            for source in best_scores.sources(self._connection, condition)
        }
        self._repoint_targets(kind, absorbed_id, survivor_id)
        self._repoint_sources(kind, absorbed_id, survivor_id)
        moved = {(number, of, survivor_id) for number, of, id in changed if of is kind and id == absorbed_id}
        best_scores.refresh(self._connection, changed | moved)

    def _repoint_decisions(self, kind: EntityKind, absorbed_id: str, survivor_id: str) -> None:
        ids = (absorbed_id, survivor_id)
        named = or_(_PROPOSALS.c.first_id.in_(ids), _PROPOSALS.c.second_id.in_(ids))
        rows = self._connection.execute(select(_PROPOSALS).where(_PROPOSALS.c.kind == kind, named)).all()
        known = [_decision(row) for row in rows]
        for item in known:
            if absorbed_id in item.pair:
                self._connection.execute(delete(_PROPOSALS).where(_is_pair(kind, item.pair)))
        kept: dict[Pair, Decision] = {item.pair: item for item in known if absorbed_id not in item.pair}
        for item in known:
            (partner,) = (id for id in item.pair if id != absorbed_id) if absorbed_id in item.pair else ("",)
            if partner in ("", survivor_id):
                continue
            pair = _in_order(partner, survivor_id)
            present = kept.get(pair)
            if present is None or (present.state is ProposalState.OPEN and item.state is not ProposalState.OPEN):
                first, second = pair
                self._put(replace(item, first_id=first, second_id=second))

    def _repoint_targets(self, kind: EntityKind, absorbed_id: str, survivor_id: str) -> None:
        of_both = as_target(self._connection, kind, (absorbed_id, survivor_id))
        statement = select(_SUGGESTIONS).where(of_both).order_by(_SUGGESTIONS.c.position)
        best: dict[tuple[Any, ...], Any] = {}
        for row in self._connection.execute(statement):
            best.setdefault((row.run_number, row.source_kind, row.source_id), row)
        self._connection.execute(delete(_SUGGESTIONS).where(of_both))
        self._insert_suggestions([{**row._mapping, "target_id": survivor_id} for row in best.values()])

    def _repoint_sources(self, kind: EntityKind, absorbed_id: str, survivor_id: str) -> None:
        table = _SUGGESTIONS.c
        own = as_source(self._connection, kind, (survivor_id,))
        of_absorbed = as_source(self._connection, kind, (absorbed_id,))
        lists = select(table.run_number, table.target_kind).where(own).distinct()
        taken = {(run, target_kind) for run, target_kind in self._connection.execute(lists)}
        rows = self._connection.execute(select(_SUGGESTIONS).where(of_absorbed)).all()
        self._connection.execute(delete(_SUGGESTIONS).where(of_absorbed))
        moved = [row._mapping for row in rows if (row.run_number, row.target_kind) not in taken]
        self._insert_suggestions([{**row, "source_id": survivor_id} for row in moved])

    def _insert_suggestions(self, rows: Sequence[dict[str, Any]]) -> None:
        for chunk in chunks(rows, _CHUNK):
            self._connection.execute(insert(_SUGGESTIONS), list(chunk))

    def _put(self, decision: Decision) -> None:
        self._connection.execute(delete(_PROPOSALS).where(_is_pair(decision.kind, decision.pair)))
        row = json_signals(asdict(decision))
        check_row(row, kind="疑似重复", id=decision.first_id)
        self._connection.execute(insert(_PROPOSALS), row)


def _in_order(one_id: str, other_id: str) -> Pair:
    first, second = sorted((one_id, other_id))
    return first, second


def _is_pair(kind: EntityKind, pair: Pair) -> ColumnElement[bool]:
    table = _PROPOSALS.c
    return and_(table.kind == kind, table.first_id == pair[0], table.second_id == pair[1])


def json_signals(row: dict[str, Any]) -> dict[str, Any]:
    """A row of ``asdict`` with its signals as JSON has them: a list of dicts instead of a tuple of them."""
    return {**row, "signals": list(row["signals"])}


def read_signals(stored: Sequence[dict[str, Any]]) -> tuple[Signal, ...]:
    """The signals of a row."""
    return tuple(Signal(item["code"], item["weight"], item["text"]) for item in stored)


def _decision(row: Row[Any]) -> Decision:
    return Decision(**{**row._mapping, "signals": read_signals(row.signals)})
