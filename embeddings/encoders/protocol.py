"""What every encoder promises, whatever model stands behind it."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol

from embeddings.types import FloatMatrix

ProgressCallback = Callable[[int], None]
"""Called with the number of texts newly done since the last call; the calls sum to ``len(texts)``."""


class TextRole(StrEnum):
    """Which side of the search a text stands on; models prompt the two sides differently."""

    QUERY = "query"
    PASSAGE = "passage"


class Encoder(Protocol):
    """Maps a text and its role to one unit vector.

    The vector of a text depends on the text, the role and ``encoder_id`` alone, never on the other
    texts of the call: results are cached by content and resumed runs are compared bit for bit.
    """

    @property
    def encoder_id(self) -> str:
        """Name and short hash of all that shapes a vector: weights, tokenizer, prompts, token limit."""
        ...

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        ...

    def encode(
        self, texts: Sequence[str], role: TextRole, *, on_progress: ProgressCallback | None = None
    ) -> FloatMatrix:
        """Encode texts in the order given.

        Args:
            texts: any number of texts, none included; empty and blank texts are texts like any other.
            role: side of the search that all the texts stand on.
            on_progress: told the number of texts newly done, as they get done.

        Returns:
            ``(len(texts), dimension)`` float32, every row of unit length, so that the inner product of
            two rows is their cosine: in [-1, 1], higher is more alike.

        Raises:
            EmbeddingsError: ``encoder.not_finite`` if the model yields NaN, infinity or a zero vector.
        """
        ...
