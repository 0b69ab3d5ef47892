"""A sentence-transformers BERT in training: load, choose what moves, encode with gradients, save."""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from embeddings.encoders.protocol import TextRole
from embeddings.encoders.sentence_transformer import prompt_of

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

CHUNK_SIZE: Final = 32
"""Texts that go through the model together in training."""


class Precision(StrEnum):
    """In what the products of a training step are computed; parameters and sums stay float32 in both."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    """Twice as fast or more on a GPU and on processors with AVX-512 BF16 or AMX, slower on others."""


def products_in(precision: Precision, *, device: str) -> AbstractContextManager[object]:
    """Within it, products are computed in the given precision."""
    import torch

    kind, is_half = torch.device(device).type, precision is Precision.BFLOAT16
    context: AbstractContextManager[object] = torch.autocast(kind, dtype=torch.bfloat16, enabled=is_half)
    return context


def load_trainable(folder: Path, *, device: str) -> "SentenceTransformer":
    """The model in float32, whatever it is stored in: float16 is many times slower on a CPU."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device=device).float()


def bert_of(model: "SentenceTransformer") -> Any:
    """The transformer inside the model."""
    return model[0].auto_model


def trainable(model: "SentenceTransformer", *, n_frozen_layers: int) -> dict[str, "torch.nn.Parameter"]:
    """Parameters above the word vectors and the frozen layers, by name; the others are switched off."""
    bert = bert_of(model)
    frozen = [bert.embeddings, *bert.encoder.layer[:n_frozen_layers]]
    for part in frozen:
        part.requires_grad_(requires_grad=False)
    return {
        name: parameter
        for name, parameter in bert.named_parameters()
        if parameter.requires_grad and "pooler" not in name
    }


def embed(model: "SentenceTransformer", texts: Sequence[str], role: TextRole) -> "torch.Tensor":
    """Unit vectors with gradients, ``(len(texts), dimension)``, in the order given.

    Texts of like length go through the model together, a few at a time: little padding, and activations
    that stay in the processor's cache.
    """
    import torch

    prompt = prompt_of(model.prompts, role)
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    parts = []
    for start in range(0, len(order), CHUNK_SIZE):
        features = model.preprocess([prompt + texts[row] for row in order[start : start + CHUNK_SIZE]])
        inputs = {name: features[name].to(model.device) for name in ("input_ids", "attention_mask")}
        parts.append(model(inputs)["sentence_embedding"])
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    vectors: torch.Tensor = torch.cat(parts)[back].float()
    return vectors


def save(model: "SentenceTransformer", folder: Path, *, like: Path) -> None:
    """Write the model as float16, with the token limit of the folder it came from."""
    settings = json.loads((like / "sentence_bert_config.json").read_text(encoding="utf-8"))
    model.max_seq_length = settings.get("max_seq_length") or 512
    model.half().save(str(folder), create_model_card=False)
