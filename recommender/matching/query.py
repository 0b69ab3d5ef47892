"""What is asked: the texts and the circumstances of a need or an achievement, and their encoded form."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from embeddings.encoders.protocol import Encoder, TextRole
from embeddings.passages.passage import Passage
from embeddings.text.segment import Segmenter
from embeddings.types import FloatVector
from recommender.domain.entities import Achievement, Enterprise, Need
from recommender.domain.kinds import CooperationMode, EntityKind
from recommender.domain.settled import Settled
from recommender.matching.asked import asked
from recommender.matching.config import MatchConfig
from recommender.matching.corpus import business_core, passage_of
from recommender.matching.query_terms import QueryTerms

_MIN_NORM: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchQuery:
    """A need or an achievement that looks for its counterpart.

    Attributes:
        title, text: kept apart all the way; one of them may be empty.
        keywords: of an achievement.
        passage: what is indexed of the source on its own side; ``None`` for needs, which ask in fewer words than
            they are found by, and for free text.
        source_kind, source_id: the stored entity behind it, or ``None`` and ``""`` for free text.
        enterprise_code: who asks, for conflicts.
        organisation: name of who asks, or units an achievement comes from; nobody is matched with its own.
        industry_chain, cooperation_mode, target_trl, province, city: circumstances; empty where unknown.
        settled: whom it is not given, since somebody has decided about the pair.
    """

    title: str
    text: str
    keywords: tuple[str, ...] = ()
    passage: Passage | None = None
    source_kind: EntityKind | None = None
    source_id: str = ""
    enterprise_code: str = ""
    organisation: str = ""
    industry_chain: str = ""
    cooperation_mode: CooperationMode | None = None
    target_trl: int | None = None
    province: str = ""
    city: str = ""
    settled: tuple[Settled, ...] = ()

    @classmethod
    def of_need(cls, need: Need, owner: Enterprise | None, *, max_chars: int) -> "MatchQuery":
        """What a stored need asks, with what its enterprise says of itself where the need is silent.

        Args:
            need: as stored.
            owner: the enterprise that filed it, where that is known.
            max_chars: of the text that are read.
        """
        owner = owner or Enterprise(code="", name="")
        return cls(
            title=need.title,
            text=need.text[:max_chars],
            source_kind=EntityKind.NEED,
            source_id=need.id,
            enterprise_code=owner.code,
            organisation=owner.name,
            industry_chain=need.industry_chain or owner.industry_chain,
            cooperation_mode=need.cooperation_mode,
            target_trl=need.target_trl,
            province=owner.province,
            city=owner.city,
        )

    @classmethod
    def of_enterprise(cls, enterprise: Enterprise, *, max_chars: int) -> "MatchQuery":
        """What an enterprise that has filed no need is likely to want: help with what it makes."""
        return cls(
            title=enterprise.main_products,
            text=business_core(enterprise.business_scope)[:max_chars],
            source_kind=EntityKind.ENTERPRISE,
            source_id=enterprise.code,
            enterprise_code=enterprise.code,
            organisation=enterprise.name,
            industry_chain=enterprise.industry_chain,
            province=enterprise.province,
            city=enterprise.city,
        )

    @classmethod
    def of_achievement(cls, achievement: Achievement) -> "MatchQuery":
        """What a stored achievement asks of those that could use it."""
        return cls(
            title=achievement.title,
            text=achievement.abstract,
            keywords=achievement.keywords,
            passage=passage_of(achievement),
            source_kind=EntityKind.ACHIEVEMENT,
            source_id=achievement.id,
            organisation=achievement.organisation,
            industry_chain=achievement.industry_chain,
        )


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A query as the indexes need it.

    Attributes:
        vector: unit ``(dimension,)``.
        terms: what the lexical index is asked for.
        title_words: content words of the title (of the text where there is no title), in order.
    """

    vector: FloatVector
    terms: QueryTerms
    title_words: tuple[str, ...]


def encode_query(query: MatchQuery, encoder: Encoder, segmenter: Segmenter, config: MatchConfig) -> EncodedQuery:
    """Encode and segment a query.

    The need's vector is a weighted mean of the title's vector and that of title and text together: the title
    names the matter, the description adds conditions and much that is beside it; the beginning of what it asks
    for says most.
    A need without a title is read as far as the encoder reads.
    """
    # One call a text: an encoder puts all its cores behind a text that comes alone.
    vectors = [encoder.encode([text], TextRole.QUERY)[0] for text in query_texts(query, config)]
    vector = query_vector(vectors, config)
    return EncodedQuery(vector, query_terms(query, segmenter, config), _title_words(query, segmenter))


def query_texts(query: MatchQuery, config: MatchConfig) -> tuple[str, ...]:
    """The one or two texts whose vectors make up the query's: all of it, and where there is both, its title."""
    text = asked(query.text).in_order
    body = text[: config.body_chars] if query.title else text
    full = "。".join(part for part in (query.title, body) if part)
    return (full, query.title) if query.title and query.text else (full,)


def query_vector(vectors: Sequence[FloatVector], config: MatchConfig) -> FloatVector:
    """Unit ``(dimension,)`` vector of a query from those of its :func:`query_texts`."""
    full, *titles = vectors
    return _mean(titles[0], full, config.title_share) if titles else full


def encode_passage(
    query: MatchQuery, passage: Passage, encoder: Encoder, segmenter: Segmenter, *, stored: FloatVector | None
) -> EncodedQuery:
    """A query made of a passage: its vector as it is indexed, and the words of its title and keywords.

    The words of an abstract are left out: they find nothing that title, keywords and vector do not.

    Args:
        query: whose :attr:`MatchQuery.passage` it is.
        passage: what is indexed of the source.
        encoder, segmenter: those the index was made with.
        stored: the passage's vector in the index, ``None`` where it has to be encoded.
    """
    if stored is None:
        (stored,) = encoder.encode([passage.content], TextRole.PASSAGE)
    return EncodedQuery(stored, passage_terms(query, passage, segmenter), _title_words(query, segmenter))


def passage_terms(query: MatchQuery, passage: Passage, segmenter: Segmenter) -> QueryTerms:
    """Words of a passage's title and keywords, of all of it where these have none."""
    words = segmenter.tokens(query.title) + segmenter.tokens("；".join(query.keywords))
    counts = Counter(words or segmenter.tokens(passage.content))
    return QueryTerms({word: float(count) for word, count in counts.items()})


def _title_words(query: MatchQuery, segmenter: Segmenter) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term.text for term in segmenter.terms(query.title or query.text)))


def _mean(first: FloatVector, second: FloatVector, share: float) -> FloatVector:
    mixed = share * first + (1.0 - share) * second
    norm = float(np.linalg.norm(mixed))
    return (mixed / norm if norm > _MIN_NORM else first).astype(np.float32)


def query_terms(query: MatchQuery, segmenter: Segmenter, config: MatchConfig) -> QueryTerms:
    """Words of a query's title and text."""
    return QueryTerms.of(query.title, query.text, segmenter, config)
