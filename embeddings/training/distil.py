"""``python -m embeddings.training.distil TEACHER OUT --layers 0,2,4,7,9,11 --papers FILE …``: fewer layers.

The student keeps some of the teacher's layers and learns to do with each what the teacher does with several:
after every kept layer its token states are to equal the teacher's states at the same place. So much is asked
of every token that a few thousand texts suffice, and no labels are needed.
"""

import argparse
import copy
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from embeddings.encoders.protocol import TextRole
from embeddings.encoders.sentence_transformer import prompt_of
from embeddings.training.command_line import (
    add_recipe_arguments,
    add_text_arguments,
    print_step,
    read_texts,
    recipe_numbers,
)
from embeddings.training.loop import Progress, Schedule, claim_folder, train
from embeddings.training.texts import TrainingText
from embeddings.training.torch_model import (
    CHUNK_SIZE,
    Precision,
    bert_of,
    load_trainable,
    products_in,
    save,
    trainable,
)
from embeddings.training.views import VIEWS

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

_CHECKPOINT_EVERY: Final = 25


@dataclass(frozen=True, slots=True)
class Distillation:
    """Everything that decides the result, besides teacher and texts.

    Attributes:
        layers: the teacher's layers that the student keeps, ascending.
        n_steps, peak_rate: see :class:`Schedule`.
        batch_size: texts per step.
        sentence_weight: weight of the distance between the sentence vectors against that between token states.
        max_tokens: tokens read of a text in training.
        precision: of the products.
        seed: of the batches.
    """

    layers: tuple[int, ...]
    n_steps: int = 1000
    peak_rate: float = 2e-4
    batch_size: int = 64
    sentence_weight: float = 1.0
    max_tokens: int = 128
    precision: Precision = Precision.BFLOAT16
    seed: int = 7


def distil(
    teacher_folder: Path,
    out_folder: Path,
    texts: Sequence[TrainingText],
    *,
    recipe: Distillation,
    on_step: Callable[[Progress], None],
    device: str = "cpu",
) -> None:
    """Train a student with fewer layers and write it as a sentence-transformers folder.

    Started again with the same arguments after it was killed, it goes on from the last checkpoint.

    Raises:
        ValueError: the folder holds an unfinished run of another recipe, or the layers do not fit.
    """
    out_folder.mkdir(parents=True, exist_ok=True)
    claim_folder(out_folder, recipe)
    teacher = load_trainable(teacher_folder, device=device)
    teacher.max_seq_length = recipe.max_tokens
    student = with_layers(teacher, recipe.layers)
    targets = places(recipe.layers, n_layers=len(bert_of(teacher).encoder.layer))
    teacher.requires_grad_(requires_grad=False)
    for model in (teacher, student):
        model.eval()  # no dropout: student and teacher are to see the same text

    def loss_of_step(step: int) -> "torch.Tensor":
        batch = sorted(_batch(texts, teacher.prompts, recipe, step), key=len)
        with products_in(recipe.precision, device=student.device.type):
            parts = [
                _distance(student, teacher, batch[start : start + CHUNK_SIZE], targets, recipe.sentence_weight)
                for start in range(0, len(batch), CHUNK_SIZE)
            ]
        total: torch.Tensor = sum(parts[1:], parts[0]) / len(parts)
        return total

    train(
        trainable(student, n_frozen_layers=0),
        loss_of_step,
        schedule=Schedule(recipe.n_steps, recipe.peak_rate),
        seed=recipe.seed,
        folder=out_folder,
        checkpoint_every=_CHECKPOINT_EVERY,
        on_step=on_step,
    )
    save(student, out_folder, like=teacher_folder)


def with_layers(model: "SentenceTransformer", layers: Sequence[int]) -> "SentenceTransformer":
    """A copy that has only the given layers.

    Raises:
        ValueError: they do not ascend, or the model has no such layer.
    """
    n_layers = len(bert_of(model).encoder.layer)
    if not layers or list(layers) != sorted(set(layers)) or layers[0] < 0 or layers[-1] >= n_layers:
        raise ValueError(f"layers {list(layers)} do not fit a model of {n_layers} layers")
    student = copy.deepcopy(model)
    bert = bert_of(student)
    bert.encoder.layer = type(bert.encoder.layer)(bert.encoder.layer[layer] for layer in layers)
    bert.config.num_hidden_layers = len(layers)
    return student


def places(layers: Sequence[int], *, n_layers: int) -> list[int]:
    """For each kept layer the teacher's layer whose output it is to give: the one before the next kept layer.

    >>> places([0, 2, 4, 7, 9, 11], n_layers=12)
    [1, 3, 6, 8, 10, 11]
    """
    return [*(following - 1 for following in layers[1:]), n_layers - 1]


def _batch(texts: Sequence[TrainingText], prompts: dict[str, str], recipe: Distillation, step: int) -> list[str]:
    """Prompted texts of a step, half of them queries: a function of seed and step."""
    rng = random.Random(f"{recipe.seed}/{step}")
    chosen = []
    for text in rng.sample(texts, min(recipe.batch_size, len(texts))):
        (view,) = rng.choices(VIEWS, weights=[view.share for view in VIEWS])
        query, passage = view.make(text, rng)
        role, side = rng.choice(((TextRole.PASSAGE, passage), (TextRole.QUERY, query)))
        chosen.append(prompt_of(prompts, role) + side)
    return chosen


def _distance(
    student: "SentenceTransformer",
    teacher: "SentenceTransformer",
    texts: Sequence[str],
    targets: Sequence[int],
    sentence_weight: float,
) -> "torch.Tensor":
    """Mean squared distance of token states, per coordinate and in units of the teacher's variance, averaged
    over the kept layers, plus one minus the mean cosine of the sentence vectors."""
    import torch

    features = student.preprocess(list(texts))
    inputs = {name: features[name].to(student.device) for name in ("input_ids", "attention_mask")}
    mask = inputs["attention_mask"].unsqueeze(-1).float()
    with torch.no_grad():
        wanted = bert_of(teacher)(**inputs, output_hidden_states=True).hidden_states
    given = bert_of(student)(**inputs, output_hidden_states=True).hidden_states
    distances = []
    for place, target in enumerate(targets):
        goal = wanted[target + 1].float()
        squared = (((given[place + 1].float() - goal) ** 2) * mask).sum() / mask.sum() / goal.shape[-1]
        distances.append(squared / goal[mask.bool().squeeze(-1)].var())
    cosines = torch.nn.functional.cosine_similarity(_mean(given[-1], mask), _mean(wanted[-1], mask))
    return torch.stack(distances).mean() + sentence_weight * (1 - cosines).mean()


def _mean(states: "torch.Tensor", mask: "torch.Tensor") -> "torch.Tensor":
    return (states.float() * mask).sum(1) / mask.sum(1)


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description="Distil a sentence-transformers BERT into fewer of its layers.")
    parser.add_argument("teacher", type=Path, help="sentence-transformers folder")
    parser.add_argument("out", type=Path, help="folder to write; an unfinished run in it is taken up")
    parser.add_argument("--layers", required=True, help="layers to keep, from 0, e.g. 0,2,4,7,9,11")
    add_text_arguments(parser)
    add_recipe_arguments(parser, Distillation)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    arguments = parser.parse_args()
    layers = tuple(int(layer) for layer in arguments.layers.split(","))
    recipe = Distillation(layers, **recipe_numbers(arguments, Distillation))
    texts = read_texts(arguments)
    print(f"{len(texts)} records")
    distil(arguments.teacher, arguments.out, texts, recipe=recipe, on_step=print_step, device=arguments.device)


if __name__ == "__main__":
    main()
