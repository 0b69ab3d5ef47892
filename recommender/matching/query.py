"""What is asked: the texts and the circumstances of a need or an achievement, and their encoded form."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from embeddings.encoders.protocol import Encoder, TextRole
from embeddings.text.segment import Segmenter
from embeddings.types import FloatVector
from recommender.domain.kinds import CooperationMode, EntityKind
from recommender.matching.config import MatchConfig

_MIN_NORM: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchQuery:
    """A need or an achievement that looks for its counterpart.

    Attributes:
        title, text: kept apart all the way; one of them may be empty.
        source_kind, source_id: the stored entity behind it, or ``None`` and ``""`` for free text.
        enterprise_code: who asks, for conflicts.
        organisation: name of who asks, or units an achievement comes from; nobody is matched with its own.
        industry_chain, cooperation_mode, target_trl, province, city: circumstances; empty where unknown.
    """

    title: str
    text: str
    source_kind: EntityKind | None = None
    source_id: str = ""
    enterprise_code: str = ""
    organisation: str = ""
    industry_chain: str = ""
    cooperation_mode: CooperationMode | None = None
    target_trl: int | None = None
    province: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A query as the indexes need it.

    Attributes:
        vector: unit ``(dimension,)``.
        terms: search-mode words and their weights; a word of the title weighs 1 per occurrence.
        title_words: content words of the title (of the text where there is no title), in order.
    """

    vector: FloatVector
    terms: dict[str, float]
    title_words: tuple[str, ...]


def encode_query(query: MatchQuery, encoder: Encoder, segmenter: Segmenter, config: MatchConfig) -> EncodedQuery:
    """Encode and segment a query.

    The need's vector is a weighted mean of the title's vector and that of title and text together: the title
    names the matter, the description adds conditions and much that is beside it; its beginning says most.
    A need without a title is read as far as the encoder reads.
    """
    body = query.text[: config.body_chars] if query.title else query.text
    full = "。".join(part for part in (query.title, body) if part)
    # One call a text: an encoder puts all its cores behind a text that comes alone.
    (vector,) = encoder.encode([full], TextRole.QUERY)
    if query.title and query.text:
        (title_vector,) = encoder.encode([query.title], TextRole.QUERY)
        vector = _mean(title_vector, vector, config.title_share)
    return EncodedQuery(
        vector=vector,
        terms=_weighted_terms(query, segmenter, config),
        title_words=tuple(dict.fromkeys(term.text for term in segmenter.terms(query.title or query.text))),
    )


def _mean(first: FloatVector, second: FloatVector, share: float) -> FloatVector:
    mixed = share * first + (1.0 - share) * second
    norm = float(np.linalg.norm(mixed))
    return (mixed / norm if norm > _MIN_NORM else first).astype(np.float32)


def _weighted_terms(query: MatchQuery, segmenter: Segmenter, config: MatchConfig) -> dict[str, float]:
    """Title words weigh 1 each, and every word of title and text adds :attr:`body_term_weight`."""
    title = Counter(segmenter.tokens(query.title))
    body = Counter(segmenter.tokens(query.text))
    if not title:
        return {word: float(count) for word, count in body.items()}
    weight = config.body_term_weight if body else 0.0
    return {word: title[word] * (1.0 + weight) + body[word] * weight for word in title | body}
