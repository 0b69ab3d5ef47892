"""A base model to train, and one thread to train it on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.embeddings.encoders.tiny_bert import save_tiny_bert


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Sums on another number of threads differ in their last bits."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base model of two layers."""
    return save_tiny_bert(tmp_path_factory.mktemp("base"))
