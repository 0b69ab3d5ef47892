"""What a run suggests and how it differs from another, as pages show it."""

from dataclasses import dataclass

from recommender.domain.kinds import EntityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLineFilter:
    """Which suggestions of a run are wanted, all conditions together.

    Attributes:
        source_kind: needs, enterprises or achievements.
        target_kind: any by default.
        text: part of the need's or achievement's title or of the enterprise's name, or exactly the id of one of
            the two; ``""`` for any.
    """

    source_kind: EntityKind = EntityKind.NEED
    target_kind: EntityKind | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChange:
    """How one list of a run differs from that of another run, in suggestions.

    Attributes:
        source_kind, source_id: whose list.
        enterprise_code, town: of whom it is for, ``""`` where unknown.
        target_kind: of what the list holds.
        n_before, n_after: how long it was and is; 0 where there is none.
        n_new, n_better, n_gone: that were not there, that rose clearly, that are not there any more.
    """

    source_kind: EntityKind
    source_id: str
    enterprise_code: str
    town: str
    target_kind: EntityKind
    n_before: int
    n_after: int
    n_new: int
    n_better: int
    n_gone: int

    @property
    def is_gained(self) -> bool:
        """Whether there was no list before."""
        return not self.n_before

    @property
    def is_lost(self) -> bool:
        """Whether there is no list any more."""
        return not self.n_after

    @property
    def is_changed(self) -> bool:
        """Whether anything in it is worth a look."""
        return bool(self.n_new or self.n_better or self.n_gone)
