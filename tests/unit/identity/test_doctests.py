"""The examples in the docstrings hold."""

import doctest
from importlib import import_module

import pytest

MODULES = ("companies", "contacts", "links", "persons", "platform_names", "regions", "text", "units")


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    result = doctest.testmod(import_module(f"recommender.identity.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
