"""The exporter: repeatable bytes, faithful graph, refusal of what it cannot rewrite."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest

from embeddings.encoders.protocol import TextRole
from embeddings.encoders.sentence_transformer import SentenceTransformerEncoder
from embeddings.training.benchmark import cut_to_tokens, fidelity
from embeddings.training.bert_source import BertSource, UnsupportedModelError
from embeddings.training.calibration import input_peaks
from embeddings.training.export import ExportOptions, export_model
from embeddings.training.linear_writers import Float32Linear
from embeddings.training.model_card import model_card, with_measurements
from embeddings.training.onnx_graph import INPUT_NAME, build_bert_graph
from tests.unit.embeddings.encoders.tiny_bert import N_POSITIONS, save_tiny_bert

OPTIONS = ExportOptions(name="tiny", max_tokens=48)


@pytest.fixture(scope="module")
def source_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_bert(tmp_path_factory.mktemp("tiny"))


def test_same_source_gives_the_same_bytes(source_folder: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        export_model(source_folder, tmp_path / name, options=OPTIONS)
    files = sorted(path.name for path in (tmp_path / "first").iterdir())
    assert files == ["LICENSE", "README.md", "encoder.json", "model.onnx", "tokenizer.json"]
    for file in files:
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()


def test_float_graph_is_the_source_model(source_folder: Path) -> None:
    from tokenizers import Tokenizer

    source = BertSource.from_folder(source_folder)
    model = build_bert_graph(source, Float32Linear())
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_str(source.tokenizer_json)
    reference = SentenceTransformerEncoder(str(source_folder), n_threads=1)
    for text in ("电池材料检测", "a", ""):
        token_ids = tokenizer.encode("query: " + text).ids
        (row,) = session.run(None, {INPUT_NAME: np.array([token_ids], dtype=np.int64)})
        # The word table is int8 in either graph; everything else agrees to float32 precision.
        assert float(row[0] @ reference.encode([text], TextRole.QUERY)[0]) > 0.9999


def test_every_linear_map_is_calibrated(source_folder: Path) -> None:
    source = BertSource.from_folder(source_folder)
    peaks = input_peaks(source)
    assert len(peaks) == 4 * source.n_layers
    assert all(np.all(np.isfinite(channel)) and channel.max() > 0 for channel in peaks.values())
    assert peaks["encoder.layer.0.output.dense"].shape == (2 * source.dimension,)


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("config.json", {"hidden_act": "relu"}),
        ("config.json", {"model_type": "roberta"}),
        ("1_Pooling/config.json", {"pooling_mode": "cls"}),
    ],
)
def test_other_architectures_are_refused(
    source_folder: Path, tmp_path: Path, file: str, changes: dict[str, str]
) -> None:
    folder = Path(shutil.copytree(source_folder, tmp_path / "changed"))
    fields = json.loads((folder / file).read_text(encoding="utf-8"))
    (folder / file).write_text(json.dumps(fields | changes), encoding="utf-8")
    with pytest.raises(UnsupportedModelError):
        BertSource.from_folder(folder)


def test_token_limit_beyond_the_positions_is_refused(source_folder: Path, tmp_path: Path) -> None:
    options = ExportOptions(name="tiny", max_tokens=N_POSITIONS + 1)
    with pytest.raises(UnsupportedModelError, match=str(N_POSITIONS)):
        export_model(source_folder, tmp_path / "out", options=options)


def test_measurements_replace_only_the_last_section(source_folder: Path, tmp_path: Path) -> None:
    card = model_card(export_model(source_folder, tmp_path / "out", options=OPTIONS))
    once = with_measurements(card, "first\n")
    assert "Not measured yet" in card
    assert once.endswith("## Measured\n\nfirst\n")
    assert with_measurements(once, "first\n") == once
    assert card.startswith(once.removesuffix("first\n"))


def test_fidelity_counts_shared_neighbours() -> None:
    angles = np.linspace(0, 1, 30)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    same = fidelity(vectors, vectors)
    assert (same.n_texts, same.neighbour_overlap) == (30, 1.0)
    assert same.min_cosine == pytest.approx(1.0)
    turned = fidelity(-vectors, vectors)
    assert turned.mean_cosine == pytest.approx(-1.0)
    assert turned.neighbour_overlap == 1.0


def test_texts_are_cut_to_a_token_count(source_folder: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(source_folder / "tokenizer.json"))
    texts = ["控制" * 30, "控", "电池 材料" * 20]
    cut = cut_to_tokens(texts, n_tokens=24, tokenizer=tokenizer, prompt="passage: ")
    assert len(cut) == 2
    for text in cut:
        assert abs(len(tokenizer.encode("passage: " + text).ids) - 24) <= 1
