"""The hand-written material that the city is made of, as it lies in ``data/world``."""

import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from recommender.domain.errors import InvalidData
from recommender.world.draws import Weighted
from recommender.world.topics import TopicSet, load_topics

_TOPICS_FOLDER = "topics"


class Material:
    """Topics, and lists of words and sentence patterns by file and place in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Mapping[str, Any]] = {}
        self.texts = cache(self._texts)

    @cached_property
    def topics(self) -> TopicSet:
        """All topics.

        Raises:
            InvalidData: see :func:`recommender.world.topics.load_topics`.
        """
        return load_topics(self._folder / _TOPICS_FOLDER)

    def _texts(self, file: str, *place: str) -> tuple[str, ...]:
        """A list of texts of ``file.toml``, at a place in it; a string is split into its characters."""
        return tuple(map(str, self._at(file, place)))

    def numbers(self, file: str, *place: str) -> Mapping[str, float]:
        """A table of numbers."""
        return {name: float(value) for name, value in self._at(file, place).items()}

    def pairs(self, file: str, *place: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts."""
        return tuple(tuple(map(str, row)) for row in self._at(file, place))

    def table(self, file: str, *place: str) -> Mapping[str, tuple[str, ...]]:
        """A table of lists of texts."""
        return {name: tuple(map(str, values)) for name, values in self._at(file, place).items()}

    def number(self, file: str, *place: str) -> float:
        """A single number."""
        return float(self._at(file, place))

    def floats(self, file: str, *place: str) -> tuple[float, ...]:
        """A list of numbers."""
        return tuple(map(float, self._at(file, place)))

    def weighted(self, file: str, *place: str, weights: str) -> Weighted[str]:
        """A list of texts with the weights that stand beside it under another name."""
        return Weighted.of(self.texts(file, *place), self.floats(file, *place[:-1], weights))

    def _at(self, file: str, place: tuple[str, ...]) -> Any:
        try:
            content: Any = self._read(file)
            for name in place:
                content = content[name]
        except (KeyError, TypeError) as error:
            raise InvalidData("world.material_malformed", file=self._folder / f"{file}.toml") from error
        return content

    def _read(self, file: str) -> Mapping[str, Any]:
        if file not in self._files:
            path = self._folder / f"{file}.toml"
            try:
                self._files[file] = tomllib.loads(path.read_text(encoding="utf-8"))
            except FileNotFoundError as error:
                raise InvalidData("world.material_missing", folder=self._folder) from error
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise InvalidData("world.material_malformed", file=path) from error
        return self._files[file]
