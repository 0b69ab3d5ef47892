"""The shared contract over every encoder."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from embeddings.encoders.cache import CachedEncoder
from embeddings.encoders.onnx import OnnxEncoder
from embeddings.encoders.protocol import Encoder
from embeddings.encoders.sentence_transformer import SentenceTransformerEncoder
from embeddings.encoders.vector_cache import VectorCache
from tests.unit.embeddings.encoders.contract import CONTRACT


@pytest.fixture(scope="module", params=["onnx", "onnx_one_thread", "sentence_transformer", "cached"])
def encoder(
    request: pytest.FixtureRequest,
    tiny_source: Path,
    tiny_onnx: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Encoder]:
    if request.param == "sentence_transformer":
        yield SentenceTransformerEncoder(str(tiny_source), n_threads=1)
    elif request.param == "cached":
        with VectorCache(tmp_path_factory.mktemp("cache")) as cache:
            yield CachedEncoder(OnnxEncoder.from_folder(tiny_onnx, n_threads=2), cache)
    else:
        n_threads = 1 if request.param == "onnx_one_thread" else 2
        yield OnnxEncoder.from_folder(tiny_onnx, n_threads=n_threads)


@pytest.mark.parametrize("clause", CONTRACT, ids=lambda clause: clause.__name__)
def test_encoder_keeps_the_contract(encoder: Encoder, clause: Callable[[Encoder], None]) -> None:
    clause(encoder)
