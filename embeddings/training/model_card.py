"""The README of a shipped model: what it is, where it comes from, what was measured."""

from pathlib import Path
from typing import Final

from embeddings.encoders.config import EncoderConfig

CARD_FILE: Final = "README.md"
LICENCE_FILE: Final = "LICENSE"
_LICENCE_SOURCE: Final = Path(__file__).with_name("model_licence.txt")
_CARD_SOURCE: Final = Path(__file__).with_name("model_card_template.md")
_MEASURED_HEADING: Final = "## Measured\n"
_NOT_MEASURED: Final = (
    "Not measured yet: "
    "`python -m embeddings.training.benchmark SOURCE_FOLDER MODEL_FOLDER TEXTS.jsonl --update-card`.\n"
)


def model_card(config: EncoderConfig) -> str:
    """The card of a model not measured yet."""
    card = _CARD_SOURCE.read_text(encoding="utf-8").format(
        name=config.name,
        dimension=config.dimension,
        max_tokens=config.max_tokens,
        query_prompt=config.prompts["query"],
        passage_prompt=config.prompts["passage"],
    )
    return card + _MEASURED_HEADING + "\n" + _NOT_MEASURED


def with_measurements(card: str, measured: str) -> str:
    """The card with its last section replaced by ``measured`` (Markdown, ends with a newline)."""
    return card.partition(_MEASURED_HEADING)[0] + _MEASURED_HEADING + "\n" + measured


def licence_text() -> str:
    """The licence of the weights, which goes with every copy of them."""
    return _LICENCE_SOURCE.read_text(encoding="utf-8")
