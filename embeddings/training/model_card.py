"""The README of a shipped model: what it is, where it comes from, what was measured."""

from pathlib import Path
from typing import Final

from embeddings.encoders.config import EncoderConfig

CARD_FILE: Final = "README.md"
LICENCE_FILE: Final = "LICENSE"
_LICENCE_SOURCE: Final = Path(__file__).with_name("model_licence.txt")
_MEASURED_HEADING: Final = "## Measured\n"
_NOT_MEASURED: Final = (
    "Not measured yet: `python -m embeddings.training.benchmark SOURCE_FOLDER MODEL_FOLDER --update-card`.\n"
)

_CARD: Final = """\
---
license: mit
language: [zh, en]
pipeline_tag: sentence-similarity
base_model: intfloat/multilingual-e5-small
---
# {name}

Turns Chinese or English text into unit vectors of {dimension} dimensions whose inner product says how alike two \
texts are. It is made to match enterprises' needs with the papers, patents, achievements and profiles of those \
who can help, on processors without an accelerator.

Write `{query_prompt}` before a text that searches and `{passage_prompt}` before one that is searched (the \
encoder does it). A text is read up to {max_tokens} tokens, prompt and boundary tokens included.

## Provenance

1. [intfloat/multilingual-e5-small](https://huggingface.co/intfloat/multilingual-e5-small), MIT licence, itself \
trained from Microsoft's multilingual MiniLM.
2. Its weights as in a 4-bit release, written back as floating point.
3. Vocabulary cut to Chinese, English and the pieces that Chinese scientific text, patents and enterprise needs use.
4. Written as one ONNX graph by `python -m embeddings.training.export`: weights int8 with one scale per output \
channel, products in int8, word table int8 with one scale per piece, the rest float32.

The original is the work of its authors: Liang Wang, Nan Yang, Xiaolong Huang, Linjun Yang, Rangan Majumder, \
Furu Wei, "Multilingual E5 Text Embeddings: A Technical Report", 2024. The licence is in `LICENSE`.

## Files

| file | content |
|---|---|
| `model.onnx` | `input_ids` (1, n_tokens) int64 → `embedding` (1, {dimension}) float32; one text per run |
| `tokenizer.json` | vocabulary and normalisation, for the `tokenizers` package |
| `encoder.json` | name, dimension, prompts, token limit, sha256 of the two files above |

## Limits

Languages other than Chinese and English lost most of their vocabulary. Two texts of the same field are seldom \
below a cosine of 0.7: compare scores with each other, not with a fixed threshold.

"""


def model_card(config: EncoderConfig) -> str:
    """The card of a model not measured yet."""
    card = _CARD.format(
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
