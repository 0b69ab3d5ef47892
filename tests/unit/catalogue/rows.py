"""Rows of a catalogue of achievements, as short as can be."""

from recommender.catalogue.catalogue import CatalogueRow
from recommender.domain.facets import FACETS
from recommender.domain.kinds import EntityKind

KIND = EntityKind.ACHIEVEMENT


def row(
    id: str, *, version: int = 1, at: int = 1, name: str = "", year: int | None = None, **facets: str
) -> CatalogueRow:
    """A row; facets are given as ``field="a；b"``, what is not given is not stated."""
    facets["year"] = "" if year is None else str(year)
    return CatalogueRow(
        id=id,
        version=version,
        updated_us=at,
        names=(name,),
        organisation=facets.get("organisation", ""),
        codes=(),
        year=year,
        is_withdrawn=False,
        chain=facets.get("industry_chain", ""),
        facets=tuple(tuple(facets.get(facet.field, "").split("；")) for facet in FACETS[KIND]),
    )
