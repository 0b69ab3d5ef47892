"""From a setting to an encoder."""

from pathlib import Path

import pytest

from embeddings.encoders.onnx import OnnxEncoder
from embeddings.encoders.open import open_encoder
from embeddings.encoders.sentence_transformer import SentenceTransformerEncoder
from embeddings.errors import EmbeddingsError


def test_folder_decides_the_kind(tiny_source: Path, tiny_onnx: Path) -> None:
    assert isinstance(open_encoder("default", n_threads=1), OnnxEncoder)
    assert isinstance(open_encoder(str(tiny_onnx), n_threads=1), OnnxEncoder)
    assert isinstance(open_encoder(str(tiny_source), n_threads=1), SentenceTransformerEncoder)


@pytest.mark.parametrize("spec", ["./models/none", "~/none-such", "/none/such", "a/b/c"])
def test_missing_folder_is_not_looked_up_as_a_name(spec: str) -> None:
    with pytest.raises(EmbeddingsError) as caught:
        open_encoder(spec, n_threads=1)
    assert caught.value.code == "encoder.folder_missing"
