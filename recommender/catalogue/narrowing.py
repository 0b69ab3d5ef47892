"""What the chosen values of facets leave of a list, and how often every value occurs beside them."""

from collections.abc import Mapping, Sequence

from recommender.catalogue.catalogue import Catalogue
from recommender.catalogue.facet_column import Mask
from recommender.domain.facets import FACETS, Facet, FacetCounts, FacetOrder, FacetValue


class Narrowing:
    """One list and what is chosen of its facets.

    Args:
        found: ``(n,)`` what the list holds as long as nothing is chosen.
        chosen: values by facet.
    """

    def __init__(self, catalogue: Catalogue, found: Mask, chosen: Mapping[str, Sequence[str]]) -> None:
        self._catalogue = catalogue
        self._found = found
        self._chosen = {name: tuple(values) for name, values in chosen.items() if values}
        self._having = {
            name: catalogue.facets[name].having(frozenset(values)) for name, values in self._chosen.items()
        }

    @property
    def left(self) -> Mask:
        """``(n,)`` what remains."""
        return self._without("")

    def facets(self) -> tuple[FacetCounts, ...]:
        """Every facet that some record of the kind states, with values that the list has or that are chosen."""
        return tuple(
            self._counted(facet)
            for facet in FACETS[self._catalogue.kind]
            if facet.field in self._chosen or any(self._catalogue.facets[facet.field].values)
        )

    def _without(self, name: str) -> Mask:
        """What the other facets leave."""
        left = self._found.copy()
        for other, mask in self._having.items():
            if other != name:
                left &= mask
        return left

    def _counted(self, facet: Facet) -> FacetCounts:
        chosen = self._chosen.get(facet.field, ())
        counts = self._catalogue.facets[facet.field].counts(self._without(facet.field))
        counts |= {value: 0 for value in chosen if value not in counts}
        values = sorted(counts, key=lambda value: _place(facet, value, counts[value]))
        return FacetCounts(facet, tuple(FacetValue(value, counts[value], value in chosen) for value in values))


def _place(facet: Facet, value: str, n: int) -> tuple[object, ...]:
    """Where a value stands among those of its facet; "not stated" is always last."""
    if facet.order is FacetOrder.COUNT:
        return (not value, -n, value)
    number = int(value) if value.lstrip("-").isdecimal() else 0
    return (not value, number if facet.order is FacetOrder.ASCENDING else -number, value)
