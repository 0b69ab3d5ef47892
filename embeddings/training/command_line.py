"""What the training commands have in common: the texts they read, the recipe as options, lines of progress."""

import argparse
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from embeddings.training.loop import Progress
from embeddings.training.texts import (
    TrainingText,
    read_abstracts,
    read_held_out,
    read_papers,
    without,
)


def add_text_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that name the training texts."""
    parser.add_argument(
        "--papers",
        type=Path,
        action="append",
        default=[],
        help="CSV with 成果名称, 摘要, 关键词",
    )
    parser.add_argument(
        "--abstracts", type=Path, action="append", default=[], help="JSON Lines: title, abstract, keywords"
    )
    parser.add_argument(
        "--held-out",
        type=Path,
        action="append",
        default=[],
        help="queries.jsonl whose works are kept out of training",
    )


def read_texts(arguments: argparse.Namespace) -> list[TrainingText]:
    """The training texts that the options name, without held-out works and repetitions."""
    texts = [text for file in arguments.papers for text in read_papers(file)]
    texts += [text for file in arguments.abstracts for text in read_abstracts(file)]
    return without(texts, [text for file in arguments.held_out for text in read_held_out(file)])


def add_recipe_arguments(parser: argparse.ArgumentParser, recipe: type[Any]) -> None:
    """One option for every number of a recipe (a dataclass) that has a default."""
    for field in fields(recipe):
        if field.default is not MISSING:
            name = f"--{field.name.replace('_', '-')}"
            parser.add_argument(name, type=type(field.default), default=field.default)


def recipe_numbers(arguments: argparse.Namespace, recipe: type[Any]) -> dict[str, Any]:
    """What the options of :func:`add_recipe_arguments` say, by the recipe's field names."""
    return {
        field.name: getattr(arguments, field.name) for field in fields(recipe) if field.default is not MISSING
    }


def print_step(progress: Progress) -> None:
    """One line per step, for a log."""
    print(
        f"step {progress.n_done}/{progress.n_steps} loss {progress.loss:.4f} {progress.seconds:.1f} s", flush=True
    )
