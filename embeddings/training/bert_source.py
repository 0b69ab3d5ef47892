"""Reads the weights and settings of a BERT sentence encoder from a sentence-transformers folder."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from embeddings.encoders.protocol import TextRole
from embeddings.types import FloatMatrix

_PASSAGE_PROMPT_NAMES: Final = ("document", "passage")
_MODULES: Final = ("Transformer", "Pooling", "Normalize")


class UnsupportedModelError(Exception):
    """The source is not a model that this exporter can rewrite faithfully."""


@dataclass(frozen=True, slots=True)
class BertSource:
    """A BERT encoder with mean pooling and unit length, its weights as float32."""

    weights: dict[str, FloatMatrix]
    """Tensors by their name in the checkpoint; matrices are ``(out, in)``."""
    n_layers: int
    n_heads: int
    layer_norm_epsilon: float
    prompts: dict[str, str]
    """By :class:`TextRole` value; empty where the model has none."""
    tokenizer_json: str

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self.weights["embeddings.word_embeddings.weight"].shape[1])

    @property
    def n_positions(self) -> int:
        """Most tokens that the model can read."""
        return int(self.weights["embeddings.position_embeddings.weight"].shape[0])

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Read a sentence-transformers folder.

        Raises:
            UnsupportedModelError: the model is no BERT with erf-GELU, mean pooling and unit length.
            OSError: a file is missing.
        """
        config = _read_json(folder / "config.json")
        _require_supported(config, folder)
        weights = load_file(folder / "model.safetensors")
        return cls(
            weights={name: tensor.astype(np.float32) for name, tensor in weights.items()},
            n_layers=config["num_hidden_layers"],
            n_heads=config["num_attention_heads"],
            layer_norm_epsilon=config["layer_norm_eps"],
            prompts=_prompts(folder),
            tokenizer_json=(folder / "tokenizer.json").read_text(encoding="utf-8"),
        )

    def piece_scores(self) -> npt.NDArray[np.float64]:
        """Log probability of each piece of a unigram tokenizer, ``(n_pieces,)``; -inf for special tokens."""
        content = json.loads(self.tokenizer_json)
        if content["model"]["type"] != "Unigram":
            raise UnsupportedModelError(f"tokenizer {content['model']['type']}: expected Unigram")
        scores = np.array([score for _, score in content["model"]["vocab"]], dtype=np.float64)
        scores[[token["id"] for token in content["added_tokens"] if token["special"]]] = -np.inf
        return scores

    def boundary_ids(self) -> tuple[int, int]:
        """Ids of the tokens put before and after every text."""
        ids = Tokenizer.from_str(self.tokenizer_json).encode("").ids
        return ids[0], ids[-1]


def _read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _require_supported(config: dict[str, Any], folder: Path) -> None:
    if config["model_type"] != "bert" or config["hidden_act"] != "gelu":
        raise UnsupportedModelError(
            f"{config['model_type']} with {config['hidden_act']}: expected bert with gelu"
        )
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    names = tuple(module["type"].rsplit(".", 1)[-1] for module in modules)
    if names != _MODULES:
        raise UnsupportedModelError(f"modules {names}: expected {_MODULES}")
    pooling = _read_json(folder / modules[1]["path"] / "config.json")
    if pooling.get("pooling_mode") != "mean" and pooling.get("pooling_mode_mean_tokens") is not True:
        raise UnsupportedModelError("expected mean pooling")


def _prompts(folder: Path) -> dict[str, str]:
    path = folder / "config_sentence_transformers.json"
    found = _read_json(path).get("prompts", {}) if path.is_file() else {}
    passage = next((found[name] for name in _PASSAGE_PROMPT_NAMES if name in found), "")
    return {TextRole.QUERY: found.get("query", ""), TextRole.PASSAGE: passage}
