"""What a source's candidates depend on, as hashes: equal hashes, equal candidates."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Final

import numpy as np
import numpy.typing as npt

from recommender.domain.entities import Entity, Expert
from recommender.domain.kinds import EntityKind
from recommender.matching.eligibility import standing_exclusion, units_of
from recommender.matching.query import MatchQuery
from recommender.matching.ranking import CIRCUMSTANCES

HASH_BYTES: Final = 16
Hashes = npt.NDArray[np.uint8]

_ASKED: Final = tuple(field.name for field in fields(MatchQuery) if field.name not in ("passage", "settled"))
"""The passage of an achievement is made of what else the query says, and its vector stands in the index."""


def source_hashes(queries: Sequence[MatchQuery]) -> Hashes:
    """``(queries, HASH_BYTES)`` of everything each query says, and of whom it is not given.

    Why somebody is left out changes nothing: a match that takes its next step leaves the candidates as they are.
    """
    digests = [_digest((*_asked(query), *_left_out(query))) for query in queries]
    return np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(len(queries), HASH_BYTES)


def catalogue_hash(
    index_parts: Iterable[str], entities: Mapping[EntityKind, Sequence[Entity | None]], *settings: object
) -> str:
    """Of everything beside itself that a source's candidates depend on.

    Args:
        index_parts: hashes of the index parts that are read.
        entities: all that can be found, by kind.
        settings: encoder, segmenter, configuration, depths, year.
    """
    digest = hashlib.sha256(repr((tuple(index_parts), settings)).encode())
    for kind, members in sorted(entities.items()):
        circumstances = [circumstance for circumstance in CIRCUMSTANCES if kind in circumstance.kinds]
        for entity in members:
            offered = None if entity is None else [each.offered(entity) for each in circumstances]
            avoided = entity.avoided_enterprises if isinstance(entity, Expert) else ()
            facts = (kind.value, offered, standing_exclusion(entity), units_of(entity), avoided)
            digest.update(repr(facts).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _asked(query: MatchQuery) -> tuple[object, ...]:
    return tuple(getattr(query, name) for name in _ASKED)


def _left_out(query: MatchQuery) -> tuple[object, ...]:
    keys = sorted({(item.kind.value, item.id) for item in query.settled})
    # Without anybody the hash is what it was before this was looked at.
    return (keys,) if keys else ()


def _digest(value: object) -> bytes:
    return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).digest()[:HASH_BYTES]
