"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import recommender.feedback
import recommender.intake

MODULES = [
    module.name
    for package in (recommender.intake, recommender.feedback)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
