"""An encoder on onnxruntime and tokenizers alone; it starts fast and needs no torch."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Final, Self

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from embeddings.encoders.checks import unit_rows
from embeddings.encoders.config import MODEL_FILE, TOKENIZER_FILE, EncoderConfig
from embeddings.encoders.protocol import ProgressCallback, TextRole
from embeddings.types import FloatMatrix

_BLOCK_SIZE: Final = 64
"""Texts tokenised at once: bounds memory and paces progress."""

_WIDE_FROM_TOKENS: Final = 12
"""Length from which on a text that comes alone runs on all cores."""

_SEVERITY_ERROR: Final = 3


class OnnxEncoder:
    """Runs a model folder written by ``embeddings.training.export``.

    The weights are int8 and each activation tensor is quantised over its whole extent, so a batch
    would make a text's vector depend on its neighbours. Every text is therefore one run of the model;
    throughput comes from running ``n_threads`` texts side by side, which also leaves no padding.
    """

    def __init__(self, config: EncoderConfig, *, model: bytes, tokenizer: Tokenizer, n_threads: int) -> None:
        """Take finished parts; see :meth:`from_folder`.

        Args:
            config: dimension, prompts and token limit.
            model: serialised graph from ``input_ids`` (1, n_tokens) int64 to ``embedding``
                (1, dimension) float32.
            tokenizer: owned by this encoder from now on; its truncation and padding are set here.
            n_threads: cores to use, at least 1.
        """
        if n_threads < 1:
            raise ValueError(f"n_threads must be at least 1, not {n_threads}")
        tokenizer.enable_truncation(max_length=config.max_tokens)
        tokenizer.no_padding()
        self._config = config
        self._model = model
        self._tokenizer = tokenizer
        self._n_threads = n_threads
        self._session = _session(model, n_threads=1)
        self._wide_turn = Lock()

    @classmethod
    def from_folder(cls, path: str | Path, *, n_threads: int) -> Self:
        """Load and verify a model folder.

        Raises:
            EmbeddingsError: ``encoder.config_invalid``, ``encoder.format_unknown``,
                ``encoder.file_missing`` or ``encoder.file_changed``.
        """
        folder = Path(path)
        config = EncoderConfig.from_folder(folder)
        config.verify_files(folder)
        return cls(
            config,
            model=(folder / MODEL_FILE).read_bytes(),
            tokenizer=Tokenizer.from_file(str(folder / TOKENIZER_FILE)),
            n_threads=n_threads,
        )

    @property
    def encoder_id(self) -> str:
        """Name and short hash over weights, tokenizer, prompts and token limit."""
        return self._config.encoder_id

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return self._config.dimension

    def encode(
        self, texts: Sequence[str], role: TextRole, *, on_progress: ProgressCallback | None = None
    ) -> FloatMatrix:
        """Encode texts in the order given; see :meth:`embeddings.encoders.protocol.Encoder.encode`."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        if len(texts) == 1:
            (token_ids,) = self._token_ids(texts, role)
            vectors[0] = self._run_alone(token_ids)
        else:
            self._encode_side_by_side(texts, role, vectors=vectors, on_progress=on_progress)
        vectors = unit_rows(vectors)
        if len(texts) == 1 and on_progress is not None:
            on_progress(1)
        return vectors

    def _encode_side_by_side(
        self,
        texts: Sequence[str],
        role: TextRole,
        *,
        vectors: FloatMatrix,
        on_progress: ProgressCallback | None,
    ) -> None:
        with ThreadPoolExecutor(max_workers=self._n_threads) as pool:
            for start, block in _blocks(texts):
                token_ids = self._token_ids(block, role)
                for row, vector in enumerate(pool.map(self._run_narrow, token_ids), start=start):
                    vectors[row] = vector
                if on_progress is not None:
                    on_progress(len(block))

    def _token_ids(self, texts: Sequence[str], role: TextRole) -> list[list[int]]:
        prompt = self._config.prompts[role]
        encodings = self._tokenizer.encode_batch_fast([prompt + _well_formed(text) for text in texts])
        return [encoding.ids for encoding in encodings]

    def _run_alone(self, token_ids: list[int]) -> FloatMatrix:
        """Use all cores while nobody else does; requests that come meanwhile take one core each, since side by
        side they get more done that way. The vector is the same bit for bit."""
        if len(token_ids) < _WIDE_FROM_TOKENS or not self._wide_turn.acquire(blocking=False):
            return self._run(self._session, token_ids)
        try:
            return self._run(self._wide_session, token_ids)
        finally:
            self._wide_turn.release()

    def _run_narrow(self, token_ids: list[int]) -> FloatMatrix:
        return self._run(self._session, token_ids)

    def _run(self, session: ort.InferenceSession, token_ids: list[int]) -> FloatMatrix:
        (rows,) = session.run(None, {"input_ids": np.array([token_ids], dtype=np.int64)})
        row: FloatMatrix = rows[0]
        return row

    @cached_property
    def _wide_session(self) -> ort.InferenceSession:
        # One text on all cores: the same arithmetic in the same order, so bit-identical, but sooner.
        return self._session if self._n_threads == 1 else _session(self._model, n_threads=self._n_threads)


def _session(model: bytes, *, n_threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = n_threads
    options.inter_op_num_threads = 1
    # Threads that wait busily take the cores from whoever has work to do.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = _SEVERITY_ERROR
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _blocks(texts: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    for start in range(0, len(texts), _BLOCK_SIZE):
        yield start, texts[start : start + _BLOCK_SIZE]


def _well_formed(text: str) -> str:
    """Replace lone surrogates, which broken files bring in and the tokenizer refuses."""
    return text.encode("utf-8", errors="replace").decode("utf-8")
