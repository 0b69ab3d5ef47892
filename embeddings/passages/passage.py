"""The unit of retrieval: one piece of text and the entities it speaks for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of the index.

    Attributes:
        id: unique in the index.
        title, text: what is shown and searched; either may be empty, not both.
        label: what kind of text it is, shown with it; not searched.
        year: when it was published, where known; not searched.
        owners: group → ids of the entities of that group the passage speaks for. One paper may speak for
            itself, for its authors and for the laboratory it came from.
    """

    id: str
    title: str
    text: str
    label: str
    year: int | None
    owners: dict[str, tuple[str, ...]]

    @property
    def content(self) -> str:
        """Title and text as one string; what is encoded and segmented."""
        return "。".join(part for part in (self.title, self.text) if part)
