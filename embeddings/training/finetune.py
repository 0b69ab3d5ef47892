"""``python -m embeddings.training.finetune BASE OUT --papers FILE …``: contrastive fine-tuning.

A query is to be nearer to the passage of its own work than to those of the other works in its batch, both
ways round. Word vectors stay as they are: a few thousand records touch only some of them, and moving those
away from the rest would unteach the words that were not seen.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from embeddings.encoders.protocol import TextRole
from embeddings.training.batches import BatchSampler, mine_neighbours
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
    Precision,
    embed,
    load_trainable,
    products_in,
    save,
    trainable,
)

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

NEIGHBOURS_FILE: Final = "neighbours.npy"
_N_NEIGHBOURS: Final = 40


@dataclass(frozen=True, slots=True)
class FineTuning:
    """Everything that decides the result, besides base model and texts.

    Attributes:
        n_steps, peak_rate: see :class:`Schedule`.
        batch_size: pairs per step; each is a negative for all others.
        group_size: neighbouring works drawn together; 1 draws at random.
        temperature: of the softmax over cosines, above 0; lower looks at the hardest negatives only.
        n_frozen_layers: layers at the bottom, besides the word vectors, that stay as they are.
        max_tokens: tokens read of a text in training.
        precision: of the products.
        seed: of batches and dropout.
    """

    n_steps: int = 120
    peak_rate: float = 4e-5
    batch_size: int = 96
    group_size: int = 4
    temperature: float = 0.03
    n_frozen_layers: int = 4
    max_tokens: int = 128
    precision: Precision = Precision.BFLOAT16
    seed: int = 7


def fine_tune(
    base_folder: Path,
    out_folder: Path,
    texts: Sequence[TrainingText],
    *,
    recipe: FineTuning,
    on_step: Callable[[Progress], None],
    device: str = "cpu",
) -> None:
    """Train a copy of the base and write it as a sentence-transformers folder.

    Started again with the same arguments after it was killed, it goes on from the last checkpoint.

    Raises:
        ValueError: the folder holds an unfinished run of another recipe.
    """
    out_folder.mkdir(parents=True, exist_ok=True)
    claim_folder(out_folder, recipe)
    model = load_trainable(base_folder, device=device)
    model.max_seq_length = recipe.max_tokens
    sampler = BatchSampler(
        texts,
        _neighbours(model, texts, out_folder / NEIGHBOURS_FILE),
        batch_size=recipe.batch_size,
        group_size=recipe.group_size,
        seed=recipe.seed,
    )
    parameters = trainable(model, n_frozen_layers=recipe.n_frozen_layers)
    model.eval()  # no dropout: it doubles the cost of a step on a CPU, and a short training gains nothing by it
    train(
        parameters,
        _objective(model, sampler, recipe),
        schedule=Schedule(recipe.n_steps, recipe.peak_rate),
        seed=recipe.seed,
        folder=out_folder,
        checkpoint_every=10,
        on_step=on_step,
    )
    save(model, out_folder, like=base_folder)


def _objective(
    model: "SentenceTransformer", sampler: BatchSampler, recipe: FineTuning
) -> "Callable[[int], torch.Tensor]":
    """The contrastive loss of a step: both ways round, every other work of the batch a negative."""
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    loss = MultipleNegativesRankingLoss(
        model,
        scale=1 / recipe.temperature,
        directions=("query_to_doc", "doc_to_query"),
        partition_mode="per_direction",
    )

    def loss_of_step(step: int) -> "torch.Tensor":
        queries, passages = zip(*sampler.batch(step), strict=True)
        with products_in(recipe.precision, device=model.device.type):
            sides = [embed(model, queries, TextRole.QUERY), embed(model, passages, TextRole.PASSAGE)]
        value: torch.Tensor = loss.compute_loss_from_embeddings(sides, None)
        return value

    return loss_of_step


def _neighbours(model: "SentenceTransformer", texts: Sequence[TrainingText], file: Path) -> npt.NDArray[np.int64]:
    """Mined once per folder with the base model, over the titles."""
    if not file.exists():
        titles = [text.title for text in texts]
        vectors = model.encode(titles, prompt_name="document", batch_size=64, show_progress_bar=True)
        np.save(
            file, mine_neighbours(np.asarray(vectors, np.float32), n_neighbours=_N_NEIGHBOURS), allow_pickle=False
        )
    neighbours: npt.NDArray[np.int64] = np.load(file, allow_pickle=False)
    return neighbours


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(
        description="Fine-tune a sentence-transformers BERT on titles, abstracts and keywords."
    )
    parser.add_argument("base", type=Path, help="sentence-transformers folder")
    parser.add_argument("out", type=Path, help="folder to write; an unfinished run in it is taken up")
    add_text_arguments(parser)
    add_recipe_arguments(parser, FineTuning)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    arguments = parser.parse_args()
    recipe = FineTuning(**recipe_numbers(arguments, FineTuning))
    texts = read_texts(arguments)
    print(f"{len(texts)} records")
    fine_tune(arguments.base, arguments.out, texts, recipe=recipe, on_step=print_step, device=arguments.device)


if __name__ == "__main__":
    main()
