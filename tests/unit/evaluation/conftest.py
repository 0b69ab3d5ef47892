"""The parts that serve users, opened once."""

import pytest

from embeddings.encoders.open import DEFAULT_SPEC, open_encoder
from embeddings.encoders.protocol import Encoder
from embeddings.text.segment import Segmenter
from recommender.settings import Settings


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The shipped model."""
    return open_encoder(DEFAULT_SPEC, n_threads=1)


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    """The shipped word lists."""
    folder = Settings().dictionary_dir
    return Segmenter.from_files(dictionary=folder / "domain_words.txt", stop_words=folder / "stop_words.txt")
