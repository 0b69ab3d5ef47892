"""The border to ``embeddings``: its failures become the product's errors, with their sentence kept."""

from collections.abc import Iterator
from contextlib import contextmanager

from embeddings.errors import EmbeddingsError
from recommender.domain.errors import SearchUnavailable


@contextmanager
def translated_failures() -> Iterator[None]:
    """Raise :class:`SearchUnavailable` for every :class:`EmbeddingsError` inside the block."""
    try:
        yield
    except EmbeddingsError as error:
        raise SearchUnavailable(error.code, str(error)) from error
