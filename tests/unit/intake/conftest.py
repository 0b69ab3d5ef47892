"""What intake knows, as it is shipped."""

from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.text.segment import Segmenter
from recommender.domain.entities import Need
from recommender.intake.completeness import Completeness, completeness
from recommender.intake.fields import indicators_of
from recommender.intake.knowledge import IntakeKnowledge

DATA = Path(__file__).parents[3] / "data"

Judge = Callable[[Need], Completeness]


@pytest.fixture(scope="session")
def knowledge() -> IntakeKnowledge:
    return IntakeKnowledge.read(DATA / "intake")


@pytest.fixture(scope="session")
def judge(knowledge: IntakeKnowledge) -> Judge:
    """Judges a need with the shipped segmenter and data."""
    words = DATA / "dictionaries"
    segmenter = Segmenter.from_files(dictionary=words / "domain_words.txt", stop_words=words / "stop_words.txt")
    return lambda need: completeness(need, indicators_of(need), segmenter.tokens, knowledge)
