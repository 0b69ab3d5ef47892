"""``python -m embeddings.training.benchmark SOURCE_FOLDER MODEL_FOLDER TEXTS``: how fast, how faithful.

Fidelity is against the float32 source under sentence-transformers, so two independent implementations of
tokenising, pooling and normalising are compared, not only two number formats.
"""

import argparse
import json
import os
import platform
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from embeddings.encoders.config import TOKENIZER_FILE, EncoderConfig
from embeddings.encoders.onnx import OnnxEncoder
from embeddings.encoders.protocol import TextRole
from embeddings.encoders.sentence_transformer import SentenceTransformerEncoder
from embeddings.training.model_card import CARD_FILE, with_measurements
from embeddings.types import FloatMatrix

_LENGTHS: Final = (32, 64, 150)
"""Tokens that texts are cut to for throughput."""
_QUERY_LENGTHS: Final = (24, 192)
_N_SPEED_TEXTS: Final = 200
_N_QUERIES: Final = 40
_N_ROUNDS: Final = 3
_N_NEIGHBOURS: Final = 10


@dataclass(frozen=True, slots=True)
class Fidelity:
    """Agreement of a model with its source over the same texts, read up to the same token limit."""

    n_texts: int
    mean_cosine: float
    min_cosine: float
    neighbour_overlap: float
    """Share in [0, 1] of each text's ten nearest others that both models name."""


def read_texts(path: Path, *, field: str) -> list[str]:
    """One field of every line of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)[field] for line in lines]


def cut_to_tokens(texts: list[str], *, n_tokens: int, tokenizer: Tokenizer, prompt: str) -> list[str]:
    """The beginnings of the texts that have about ``n_tokens`` with prompt and boundary tokens.

    Texts that are too short are left out.
    """
    n_prompt = len(tokenizer.encode(prompt).ids)
    encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
    keep = n_tokens - n_prompt
    return [
        text[: encoding.offsets[keep - 1][1]]
        for text, encoding in zip(texts, encodings, strict=True)
        if len(encoding.ids) >= keep
    ]


def fidelity(ours: FloatMatrix, reference: FloatMatrix) -> Fidelity:
    """Compare two ``(n, dimension)`` matrices of unit rows for the same texts."""
    cosines = np.einsum("ij,ij->i", ours, reference)
    shared = [len(set(a) & set(b)) for a, b in zip(_neighbours(ours), _neighbours(reference), strict=True)]
    return Fidelity(
        n_texts=len(ours),
        mean_cosine=float(cosines.mean()),
        min_cosine=float(cosines.min()),
        neighbour_overlap=statistics.fmean(shared) / _N_NEIGHBOURS,
    )


def _neighbours(vectors: FloatMatrix) -> list[list[int]]:
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -np.inf)
    nearest: list[list[int]] = np.argsort(-scores, axis=1, kind="stable")[:, :_N_NEIGHBOURS].tolist()
    return nearest


def texts_per_second(encoder: OnnxEncoder, texts: list[str]) -> float:
    """Best of some rounds: other work on the machine only ever slows one down."""
    durations = []
    for _ in range(_N_ROUNDS):
        start = time.perf_counter()
        encoder.encode(texts, TextRole.PASSAGE)
        durations.append(time.perf_counter() - start)
    return len(texts) / min(durations)


def query_ms(encoder: OnnxEncoder, texts: list[str]) -> float:
    """Median time of one single-text call, in milliseconds."""
    encoder.encode(texts[:1], TextRole.QUERY)
    durations = []
    for text in texts[:_N_QUERIES]:
        start = time.perf_counter()
        encoder.encode([text], TextRole.QUERY)
        durations.append(time.perf_counter() - start)
    return statistics.median(durations) * 1000


def measure(source: Path, model: Path, *, texts: list[str], n_threads: int) -> str:
    """All measurements as a Markdown section."""
    load = os.getloadavg()[0]
    encoder = OnnxEncoder.from_folder(model, n_threads=n_threads)
    config = EncoderConfig.from_folder(model)
    tokenizer = Tokenizer.from_file(str(model / TOKENIZER_FILE))
    rows = [("size of the folder", f"{sum(path.stat().st_size for path in model.iterdir()) / 1e6:.1f} MB")]
    for length in _LENGTHS:
        cut = cut_to_tokens(texts, n_tokens=length, tokenizer=tokenizer, prompt=config.prompts["passage"])
        rate = texts_per_second(encoder, cut[:_N_SPEED_TEXTS])
        rows.append((f"throughput at {length} tokens", f"{rate:.0f} texts/s"))
    for length in _QUERY_LENGTHS:
        cut = cut_to_tokens(texts, n_tokens=length, tokenizer=tokenizer, prompt=config.prompts["query"])
        rows.append((f"one query of {length} tokens, median", f"{query_ms(encoder, cut):.1f} ms"))
    rows += _fidelity_rows(encoder, source, texts=texts, max_tokens=config.max_tokens)
    table = "".join(f"| {what} | {value} |\n" for what, value in rows)
    return f"{_setting(config, n_threads=n_threads, load=load)}\n\n| what | value |\n|---|---|\n{table}"


def _fidelity_rows(
    encoder: OnnxEncoder, source: Path, *, texts: list[str], max_tokens: int
) -> list[tuple[str, str]]:
    # On a busy machine torch's threads mostly wait for each other; only the vectors matter here.
    reference = SentenceTransformerEncoder(str(source), n_threads=1, max_tokens=max_tokens)
    expected = reference.encode(texts, TextRole.PASSAGE)
    start = time.perf_counter()
    found = fidelity(encoder.encode(texts, TextRole.PASSAGE), expected)
    rate = len(texts) / (time.perf_counter() - start)
    return [
        (f"throughput over {found.n_texts} whole abstracts", f"{rate:.0f} texts/s"),
        ("cosine to the float32 source, mean", f"{found.mean_cosine:.4f}"),
        ("cosine to the float32 source, least", f"{found.min_cosine:.4f}"),
        (f"shared nearest {_N_NEIGHBOURS} of each abstract", f"{found.neighbour_overlap:.1%}"),
    ]


def _setting(config: EncoderConfig, *, n_threads: int, load: float) -> str:
    return (
        f"`{config.encoder_id}`, {datetime.now(UTC):%Y-%m-%d}, {_processor()}, {n_threads} threads of "
        f"{os.cpu_count()} cores, onnxruntime {ort.__version__}. Load average of "
        f"other work when it began: {load:.1f} (speeds are the machine's own only near 0)."
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if not information.is_file():
        return platform.processor() or platform.machine()
    fields = dict(
        line.split(":", 1) for line in information.read_text(encoding="utf-8").splitlines() if ":" in line
    )
    named = {key.strip(): value.strip() for key, value in fields.items()}
    flags = set(named.get("flags", "").split())
    best = next((flag for flag in ("avx512_vnni", "avx_vnni", "avx512f", "avx2") if flag in flags), "no AVX2")
    return f"{named.get('model name', platform.machine())} ({best})"


def main() -> None:
    """Read the command line, measure, print and, where asked, write into the model's card."""
    parser = argparse.ArgumentParser(description="Measure an exported model against its source.")
    parser.add_argument("source", type=Path, help="sentence-transformers folder it was exported from")
    parser.add_argument("model", type=Path, help="exported folder")
    parser.add_argument("texts", type=Path, help="JSONL file")
    parser.add_argument("--field", default="abstract", help="field of the JSONL file; default: abstract")
    parser.add_argument("--limit", type=int, default=500, help="number of texts; default: 500")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--update-card", action="store_true", help="write the result into the model's card")
    arguments = parser.parse_args()
    texts = read_texts(arguments.texts, field=arguments.field)[: arguments.limit]
    measured = measure(arguments.source, arguments.model, texts=texts, n_threads=arguments.threads)
    print(measured)
    if arguments.update_card:
        card = arguments.model / CARD_FILE
        card.write_text(with_measurements(card.read_text(encoding="utf-8"), measured), encoding="utf-8")


if __name__ == "__main__":
    main()
