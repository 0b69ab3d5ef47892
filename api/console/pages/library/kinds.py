"""Kinds of the library as addresses name them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException

from recommender.domain.kinds import EntityKind
from recommender.domain.listing import LISTED_KINDS

TABS = (EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT, EntityKind.ENTERPRISE)
"""Kinds in the order in which they are offered."""


def _listed(kind: str) -> EntityKind:
    if kind not in set(LISTED_KINDS):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return EntityKind(kind)


ListedKind = Annotated[EntityKind, Depends(_listed)]
"""The kind in the path; any other word is an address at which there is nothing."""
