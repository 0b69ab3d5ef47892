"""The tiny model and its int8 export, made once for all encoder tests."""

from pathlib import Path

import pytest

from embeddings.training.export import ExportOptions, export_model
from tests.unit.embeddings.encoders.tiny_bert import save_tiny_bert


@pytest.fixture(scope="session")
def tiny_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder."""
    return save_tiny_bert(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny_onnx(tiny_source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder exported from ``tiny_source``."""
    folder = tmp_path_factory.mktemp("exported") / "tiny"
    export_model(tiny_source, folder, options=ExportOptions(name="tiny", max_tokens=48))
    return folder
