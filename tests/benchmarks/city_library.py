"""A synthetic city in a database, ready for nights: imported, its vectors known, some of its texts changed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.encoders.cache import WRITE_BLOCK_SIZE, cache_key
from embeddings.encoders.protocol import TextRole
from embeddings.encoders.vector_cache import VectorCache
from recommender.bootstrap import Application
from recommender.domain.entities import Entity
from recommender.domain.kinds import EntityKind
from recommender.matching.corpus import passages
from recommender.matching.query import query_texts
from recommender.matching.sides import Side
from recommender.services.nightly.options import NightOptions
from recommender.services.nightly.reading import asking, read_library
from recommender.world.experts import AS_OF
from tests.benchmarks.steps import Step, run_step

IMPORTS = (
    ("enterprises", "enterprises"),
    ("platforms", "platforms"),
    ("experts", "experts"),
    ("achievements", "achievements"),
    ("achievement-platforms", "achievement_platforms"),
    ("needs", "needs"),
)
CHANGED_TEXTS: dict[EntityKind, str] = {
    EntityKind.ENTERPRISE: "main_products",
    EntityKind.NEED: "description",
    EntityKind.EXPERT: "solvable_problems",
    EntityKind.PLATFORM: "services",
    EntityKind.ACHIEVEMENT: "abstract",
}
EVERY = 100
"""One in so many texts is changed: one per cent."""


def build_city(folder: Path, scale: float, seed: int) -> list[Step]:
    """Generate a city and import what nights read of it; yearly facts are left out."""
    city = folder / "city"
    steps = [run_step("world", ["world", "--scale", str(scale), "--seed", str(seed), "--out", str(city)], folder)]
    steps.append(run_step("init", ["init"], folder))
    steps += [
        run_step(f"import {name}", ["import", kind, str(city / f"{name}.csv")], folder) for kind, name in IMPORTS
    ]
    return steps


def topics_of(city: Path) -> dict[tuple[str, str], str]:
    """Main topic by kind and id."""
    lines = (city / "topics.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return {(kind, id_): topics.split(";")[0] for kind, id_, topics in rows}


def change_texts(application: Application) -> int:
    """Change one per cent of the texts; how many that was."""
    n_changed = 0
    with application.database.write() as unit:
        for kind, field in CHANGED_TEXTS.items():
            repository = unit.of(kind)
            records: list[Any] = list(repository.iterate())[::EVERY]
            repository.upsert([replace(r, **{field: getattr(r, field) + "（今年修订）"}) for r in records])
            n_changed += len(records)
    return n_changed


def draw_vectors(application: Application, topics: dict[tuple[str, str], str], seed: int) -> int:
    """Put a vector round its topic's into the cache for every text a night encodes; how many texts.

    For measuring how time grows: what a model would say of the texts does not change what a night costs.
    """
    rng = np.random.default_rng(seed)
    dimension = application.encoder.dimension
    centres: dict[str, np.ndarray] = {}
    common = _unit(rng.standard_normal(dimension))
    pairs: list[tuple[TextRole, str, str]] = []
    with application.database.read() as unit:
        library = read_library(unit)

        def entities() -> Iterator[Entity]:
            for kind in EntityKind:
                yield from library.of(kind).values()

        for entity in entities():
            for passage in passages([entity], {}):
                pairs.append((TextRole.PASSAGE, passage.content, topics.get((entity.kind.value, entity.id), "")))
    queries = asking(library, NightOptions(as_of=AS_OF), max_chars=application.settings.max_need_chars)
    for query in queries[Side.SUPPLY]:
        topic = topics.get(("query", query.source_id)) or topics.get(
            (str(query.source_kind), query.source_id), ""
        )
        pairs += [(TextRole.QUERY, text, topic) for text in query_texts(query, application.match_config)]
    cache, encoder_id = VectorCache(application.settings.vector_cache_dir), application.encoder.encoder_id
    for start in range(0, len(pairs), WRITE_BLOCK_SIZE * 64):
        block = pairs[start : start + WRITE_BLOCK_SIZE * 64]
        drawn = []
        for role, text, topic in block:
            centre = centres.setdefault(topic, _unit(rng.standard_normal(dimension)))
            noise = rng.standard_normal(dimension) / np.sqrt(dimension)
            vector = _unit(1.5 * common + 0.8 * centre + 0.9 * noise).astype(np.float32)
            drawn.append((cache_key(encoder_id, role, text), vector))
        cache.put_many(drawn)
    return len(pairs)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)
