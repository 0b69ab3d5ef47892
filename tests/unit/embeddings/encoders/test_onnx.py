"""The ONNX encoder: identity, integrity, independence of torch."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoders.config import CONFIG_FILE, MODEL_FILE, TOKENIZER_FILE, EncoderConfig
from embeddings.encoders.onnx import OnnxEncoder
from embeddings.encoders.open import DEFAULT_MODEL_FOLDER, open_encoder
from embeddings.encoders.protocol import TextRole
from embeddings.encoders.sentence_transformer import SentenceTransformerEncoder
from embeddings.errors import EmbeddingsError
from embeddings.training.export import ExportOptions, export_model
from tests.unit.embeddings.encoders.tiny_bert import save_tiny_bert

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def copied(tiny_onnx: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_onnx, tmp_path / "copied"))


def edit_config(folder: Path, **changes: object) -> None:
    fields = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    (folder / CONFIG_FILE).write_text(json.dumps(fields | changes), encoding="utf-8")


def test_int8_stays_close_to_the_float_model(tiny_source: Path, tiny_onnx: Path) -> None:
    texts = ["电池材料检测", "sensor data", "智能控制系统的算法", ""]
    exported = OnnxEncoder.from_folder(tiny_onnx, n_threads=1)
    source = SentenceTransformerEncoder(str(tiny_source), n_threads=1)
    for role in TextRole:
        cosines = (exported.encode(texts, role) * source.encode(texts, role)).sum(axis=1)
        assert cosines.min() > 0.99


def test_shipped_model_gives_the_same_bits_on_any_number_of_threads() -> None:
    texts = ["锂电池", "智能控制系统的算法与数据检测方法，面向企业需求。" * 12]
    narrow, wide = (open_encoder("default", n_threads=n) for n in (1, 2))
    together = narrow.encode(texts, TextRole.PASSAGE)
    np.testing.assert_array_equal(wide.encode(texts, TextRole.PASSAGE), together)
    for row, text in enumerate(texts):
        np.testing.assert_array_equal(wide.encode([text], TextRole.PASSAGE)[0], together[row])


def test_text_beyond_the_token_limit_is_cut(tiny_onnx: Path) -> None:
    encoder = OnnxEncoder.from_folder(tiny_onnx, n_threads=1)
    long, longer, short = encoder.encode(["控" * 60, "控" * 60 + "电池", "控" * 5], TextRole.PASSAGE)
    np.testing.assert_array_equal(long, longer)
    assert not np.array_equal(long, short)


def test_lone_surrogate_is_read_as_a_replacement(tiny_onnx: Path) -> None:
    encoder = OnnxEncoder.from_folder(tiny_onnx, n_threads=1)
    broken, replaced = encoder.encode(["电\ud800池", "电?池"], TextRole.PASSAGE)
    np.testing.assert_array_equal(broken, replaced)


def test_id_changes_with_the_weights(tiny_onnx: Path, tmp_path: Path) -> None:
    other_source = save_tiny_bert(tmp_path / "other", seed=1)
    export_model(other_source, tmp_path / "exported", options=ExportOptions(name="tiny", max_tokens=48))
    ours = OnnxEncoder.from_folder(tiny_onnx, n_threads=1).encoder_id
    other = OnnxEncoder.from_folder(tmp_path / "exported", n_threads=1).encoder_id
    assert ours.startswith("tiny-")
    assert other.startswith("tiny-")
    assert ours != other


@pytest.mark.parametrize(
    "changes",
    [{"max_tokens": 47}, {"prompts": {"query": "q: ", "passage": "passage: "}}, {"name": "renamed"}],
    ids=["max_tokens", "prompts", "name"],
)
def test_id_changes_with_the_settings(copied: Path, changes: dict[str, object]) -> None:
    before = OnnxEncoder.from_folder(copied, n_threads=1).encoder_id
    edit_config(copied, **changes)
    assert OnnxEncoder.from_folder(copied, n_threads=1).encoder_id != before


@pytest.mark.parametrize("file", [MODEL_FILE, TOKENIZER_FILE])
def test_flipped_byte_is_refused(copied: Path, file: str) -> None:
    content = bytearray((copied / file).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / file).write_bytes(content)
    with pytest.raises(EmbeddingsError) as caught:
        OnnxEncoder.from_folder(copied, n_threads=1)
    assert caught.value.code == "encoder.file_changed"
    assert caught.value.context["file"] == file


def test_missing_file_is_named(copied: Path) -> None:
    (copied / TOKENIZER_FILE).unlink()
    with pytest.raises(EmbeddingsError) as caught:
        OnnxEncoder.from_folder(copied, n_threads=1)
    assert caught.value.code == "encoder.file_missing"
    assert caught.value.context["file"] == TOKENIZER_FILE


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"format_version": 2}, "encoder.format_unknown"),
        ({"pooling": "cls"}, "encoder.config_invalid"),
        ({"dimension": "many"}, "encoder.config_invalid"),
        ({"prompts": {"query": ""}}, "encoder.config_invalid"),
        ({"max_tokens": 0}, "encoder.config_invalid"),
    ],
)
def test_unusable_settings_are_refused(copied: Path, changes: dict[str, object], code: str) -> None:
    edit_config(copied, **changes)
    with pytest.raises(EmbeddingsError) as caught:
        OnnxEncoder.from_folder(copied, n_threads=1)
    assert caught.value.code == code


def test_broken_settings_file_is_refused(copied: Path) -> None:
    (copied / CONFIG_FILE).write_text("{", encoding="utf-8")
    with pytest.raises(EmbeddingsError) as caught:
        EncoderConfig.from_folder(copied)
    assert caught.value.code == "encoder.config_invalid"


def test_threads_must_be_positive(tiny_onnx: Path) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        OnnxEncoder.from_folder(tiny_onnx, n_threads=0)


def test_shipped_model_knows_its_field() -> None:
    encoder = open_encoder("default", n_threads=2)
    need = encoder.encode(["寻求提升锂电池低温放电性能的电解液技术"], TextRole.QUERY)
    near, far = encoder.encode(["锂离子电池低温电解液添加剂研究", "水稻病虫害的遥感监测方法"], TextRole.PASSAGE)
    assert encoder.dimension == 384
    assert float(need[0] @ near) > float(need[0] @ far)


def test_shipped_model_is_light() -> None:
    assert sum(path.stat().st_size for path in DEFAULT_MODEL_FOLDER.iterdir()) <= 45_000_000


def test_shipped_model_needs_no_torch() -> None:
    program = (
        "import sys\n"
        "from embeddings.encoders.open import open_encoder\n"
        "from embeddings.encoders.protocol import TextRole\n"
        "open_encoder('default', n_threads=1).encode(['电池'], TextRole.QUERY)\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
