"""A brought-along sentence-transformers model: identity, prompts, and how a missing one is reported."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoders.protocol import TextRole
from embeddings.encoders.sentence_transformer import SentenceTransformerEncoder
from embeddings.errors import EmbeddingsError
from tests.unit.embeddings.encoders.tiny_bert import save_tiny_bert

SETTINGS_FILE = "config_sentence_transformers.json"


def with_prompts(source: Path, folder: Path, prompts: dict[str, str]) -> SentenceTransformerEncoder:
    shutil.copytree(source, folder)
    settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
    (folder / SETTINGS_FILE).write_text(json.dumps(settings | {"prompts": prompts}), encoding="utf-8")
    return SentenceTransformerEncoder(str(folder), n_threads=1)


def test_id_is_the_folder_and_a_hash_of_its_weights(tiny_source: Path, tmp_path: Path) -> None:
    ours = SentenceTransformerEncoder(str(tiny_source), n_threads=1)
    copy = Path(shutil.copytree(tiny_source, tmp_path / tiny_source.name))
    (copy / "README.md").write_text("another description", encoding="utf-8")
    other = SentenceTransformerEncoder(str(save_tiny_bert(tmp_path / "seeded", seed=1)), n_threads=1)
    assert SentenceTransformerEncoder(str(copy), n_threads=1).encoder_id == ours.encoder_id
    assert other.encoder_id != ours.encoder_id


def test_passage_prompt_may_have_either_name(tiny_source: Path, tmp_path: Path) -> None:
    document = with_prompts(tiny_source, tmp_path / "document", {"document": "p: "})
    passage = with_prompts(tiny_source, tmp_path / "passage", {"passage": "p: "})
    for encoder in (document, passage):
        np.testing.assert_array_equal(
            encoder.encode(["电池"], TextRole.PASSAGE), encoder.encode(["p: 电池"], TextRole.QUERY)
        )


def test_model_without_prompts_reads_texts_as_they_are(tiny_source: Path, tmp_path: Path) -> None:
    encoder = with_prompts(tiny_source, tmp_path / "bare", {})
    np.testing.assert_array_equal(
        encoder.encode(["电池"], TextRole.PASSAGE), encoder.encode(["电池"], TextRole.QUERY)
    )


def test_token_limit_is_part_of_the_id(tiny_source: Path) -> None:
    limited = SentenceTransformerEncoder(str(tiny_source), n_threads=1, max_tokens=16)
    short, long = limited.encode(["控" * 30, "控" * 50], TextRole.PASSAGE)
    np.testing.assert_array_equal(short, long)
    assert limited.encoder_id != SentenceTransformerEncoder(str(tiny_source), n_threads=1).encoder_id


def test_missing_name_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(EmbeddingsError) as caught:
        SentenceTransformerEncoder("nobody/no-such-model", n_threads=1)
    assert caught.value.code == "encoder.model_unavailable"
    assert caught.value.context["name"] == "nobody/no-such-model"
