"""Who acts in tests that are not about who may do what."""

from typing import Final

from recommender.domain.accounts import Actor

TESTER: Final = Actor.trusted("test")

OFFICER: Final = Actor.trusted("officer")
OTHER: Final = Actor.trusted("other")
