"""Any sentence-transformers model as an encoder, for those who bring their own; loads torch."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from embeddings.encoders.checks import unit_rows
from embeddings.encoders.config import sha256_of_file
from embeddings.encoders.protocol import ProgressCallback, TextRole
from embeddings.errors import EmbeddingsError
from embeddings.types import FloatMatrix

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_PROMPT_NAMES: Final = {TextRole.QUERY: ("query",), TextRole.PASSAGE: ("document", "passage")}
_DESCRIPTIVE_SUFFIXES: Final = {".md", ".gitattributes"}
"""Files of a model folder that shape no vector."""

_PROGRESS_BLOCK_SIZE: Final = 64
_SHORT_HASH_LENGTH: Final = 12
_TRUE_WORDS: Final = {"1", "on", "yes", "true"}


class SentenceTransformerEncoder:
    """Runs a sentence-transformers model on the CPU in float32, with the prompts it brings.

    Texts go through the model one by one: padding to a batch's longest text moves the last bits of a
    vector, and cached and resumed results must agree bit for bit.
    """

    def __init__(self, name_or_folder: str, *, n_threads: int, max_tokens: int | None = None) -> None:
        """Load a model.

        Args:
            name_or_folder: folder on this machine, or a model name; names are looked up on this machine
                only if ``HF_HUB_OFFLINE`` says so.
            n_threads: cores to use, at least 1. Sets torch's thread count for the whole process.
            max_tokens: tokens read of one text; by default what the model says.

        Raises:
            EmbeddingsError: ``encoder.model_unavailable`` if there is no such model or it cannot be read.
        """
        if n_threads < 1:
            raise ValueError(f"n_threads must be at least 1, not {n_threads}")
        self._model = _load(name_or_folder, n_threads=n_threads)
        if max_tokens is not None:
            self._model.max_seq_length = max_tokens
        self._prompts = {role: prompt_of(self._model.prompts, role) for role in TextRole}
        self._encoder_id = _encoder_id(name_or_folder, self._model)
        if max_tokens is not None:
            self._encoder_id += f"-{max_tokens}"
        self._dimension = int(self._model.encode([""], show_progress_bar=False).shape[1])

    @property
    def encoder_id(self) -> str:
        """Folder's name and hash over its files, or the model's name and revision."""
        return self._encoder_id

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return self._dimension

    def encode(
        self, texts: Sequence[str], role: TextRole, *, on_progress: ProgressCallback | None = None
    ) -> FloatMatrix:
        """Encode texts in the order given; see :meth:`embeddings.encoders.protocol.Encoder.encode`."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _PROGRESS_BLOCK_SIZE):
            block = list(texts[start : start + _PROGRESS_BLOCK_SIZE])
            vectors[start : start + len(block)] = self._model.encode(
                block, prompt=self._prompts[role], batch_size=1, show_progress_bar=False
            )
            if on_progress is not None:
                on_progress(len(block))
        return unit_rows(vectors)


def prompt_of(prompts: Mapping[str, str], role: TextRole) -> str:
    """The words that a model wants before a text of a role; none where it names no prompt for it."""
    return next((prompts[name] for name in _PROMPT_NAMES[role] if prompts.get(name)), "")


def _load(name_or_folder: str, *, n_threads: int) -> "SentenceTransformer":
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(n_threads)
    offline = Path(name_or_folder).is_dir() or os.environ.get("HF_HUB_OFFLINE", "").lower() in _TRUE_WORDS
    try:
        model = SentenceTransformer(
            name_or_folder,
            device="cpu",
            local_files_only=offline,
            # Half precision is slow and coarse on a CPU.
            model_kwargs={"dtype": torch.float32},
        )
    except (OSError, ValueError, KeyError) as error:
        raise EmbeddingsError("encoder.model_unavailable", name=name_or_folder, detail=str(error)) from error
    return model.eval()


def _encoder_id(name_or_folder: str, model: "SentenceTransformer") -> str:
    folder = Path(name_or_folder)
    if folder.is_dir():
        return f"{folder.resolve().name}-{_folder_hash(folder)}"
    transformer: Any = model[0]
    revision = getattr(getattr(transformer, "auto_model", transformer).config, "_commit_hash", None)
    return f"{name_or_folder}-{(revision or 'unpinned')[:_SHORT_HASH_LENGTH]}"


def _folder_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix not in _DESCRIPTIVE_SUFFIXES and path.name not in _DESCRIPTIVE_SUFFIXES:
            digest.update(f"{path.relative_to(folder).as_posix()}\0{sha256_of_file(path)}\n".encode())
    return digest.hexdigest()[:_SHORT_HASH_LENGTH]
