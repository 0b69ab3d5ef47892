"""The one exception of this package: a stable code, its facts, and a sentence a user can act on."""

from embeddings.messages import MESSAGES


class EmbeddingsError(Exception):
    """Something in the text, the model or an index is not usable.

    Args:
        code: stable dotted name, a key of :data:`embeddings.messages.MESSAGES`.
        context: the facts that the sentence of that code names.

    ``str(error)`` is the zh-CN sentence: what happened and what to do next.
    """

    def __init__(self, code: str, **context: object) -> None:
        self.code = code
        self.context = context
        super().__init__(MESSAGES[code].format(**context))
