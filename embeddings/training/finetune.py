"""``python -m embeddings.training.finetune BASE OUT --papers FILE …``: contrastive fine-tuning.

A query is to be nearer to the passage of its own work than to those of the other works in its batch, both
ways round. Word vectors stay as they are: a few thousand records touch only some of them, and moving those
away from the rest would unteach the words that were not seen.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from embeddings.encoders.protocol import TextRole
from embeddings.training.batches import BatchSampler, mine_neighbours
from embeddings.training.loop import Progress, Schedule, train
from embeddings.training.texts import TrainingText, read_abstracts, read_held_out, read_papers, without

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

RECIPE_FILE: Final = "recipe.json"
NEIGHBOURS_FILE: Final = "neighbours.npy"
_N_NEIGHBOURS: Final = 40
_CHUNK_SIZE: Final = 32


@dataclass(frozen=True, slots=True)
class FineTuning:
    """Everything that decides the result, besides base model and texts.

    Attributes:
        n_steps, peak_rate: see :class:`Schedule`.
        batch_size: pairs per step; each is a negative for all others.
        group_size: neighbouring works drawn together; 1 draws at random.
        temperature: of the softmax over cosines, above 0; lower looks at the hardest negatives only.
        n_frozen_layers: layers at the bottom, besides the word vectors, that stay as they are.
        base_share: in [0, 1), how much of the base's weights is mixed back in afterwards. A little of it
            keeps what the base knew about text that is unlike the training texts.
        max_tokens: tokens read of a text in training.
        seed: of batches and dropout.
    """

    n_steps: int = 120
    peak_rate: float = 4e-5
    batch_size: int = 96
    group_size: int = 4
    temperature: float = 0.03
    n_frozen_layers: int = 4
    base_share: float = 0.0
    max_tokens: int = 128
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
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

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
    before = {name: parameter.detach().clone() for name, parameter in parameters.items()}
    loss = MultipleNegativesRankingLoss(
        model,
        scale=1 / recipe.temperature,
        directions=("query_to_doc", "doc_to_query"),
        partition_mode="per_direction",
    )

    def loss_of_step(step: int) -> "torch.Tensor":
        pairs = sampler.batch(step)
        sides = [
            embed(model, texts_of_side, role)
            for texts_of_side, role in zip(
                zip(*pairs, strict=True), (TextRole.QUERY, TextRole.PASSAGE), strict=True
            )
        ]
        value: torch.Tensor = loss.compute_loss_from_embeddings(sides, None)
        return value

    model.eval()  # no dropout: it doubles the cost of a step on a CPU, and a short training gains nothing by it
    train(
        parameters,
        loss_of_step,
        schedule=Schedule(recipe.n_steps, recipe.peak_rate),
        seed=recipe.seed,
        folder=out_folder,
        checkpoint_every=10,
        on_step=on_step,
    )
    for name, parameter in parameters.items():
        parameter.data.lerp_(before[name], recipe.base_share)
    save(model, out_folder, like=base_folder)


def load_trainable(folder: Path, *, device: str) -> "SentenceTransformer":
    """The model in float32, whatever it is stored in: float16 is many times slower on a CPU."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device=device).float()


def trainable(model: "SentenceTransformer", *, n_frozen_layers: int) -> dict[str, "torch.nn.Parameter"]:
    """Parameters above the word vectors and the frozen layers, by name; the others are switched off."""
    bert: Any = model[0].auto_model
    frozen = [bert.embeddings, *bert.encoder.layer[:n_frozen_layers]]
    for part in frozen:
        part.requires_grad_(requires_grad=False)
    return {
        name: parameter
        for name, parameter in bert.named_parameters()
        if parameter.requires_grad and "pooler" not in name
    }


def prompt_of(role: TextRole) -> str:
    """The words that e5 models expect before a text of a role."""
    return f"{role.value}: "


def embed(model: "SentenceTransformer", texts: Sequence[str], role: TextRole) -> "torch.Tensor":
    """Unit vectors with gradients, ``(len(texts), dimension)``, in the order given.

    Texts of like length go through the model together, a few at a time: little padding, and activations
    that stay in the processor's cache.
    """
    import torch

    prompt = prompt_of(role)
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    parts = []
    for start in range(0, len(order), _CHUNK_SIZE):
        features = model.preprocess([prompt + texts[row] for row in order[start : start + _CHUNK_SIZE]])
        inputs = {name: features[name].to(model.device) for name in ("input_ids", "attention_mask")}
        parts.append(model(inputs)["sentence_embedding"])
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    vectors: torch.Tensor = torch.cat(parts)[back]
    return vectors


def save(model: "SentenceTransformer", folder: Path, *, like: Path) -> None:
    """Write the model as float16, with the token limit of the folder it came from."""
    settings = json.loads((like / "sentence_bert_config.json").read_text(encoding="utf-8"))
    model.max_seq_length = settings.get("max_seq_length") or 512
    model.half().save(str(folder), create_model_card=False)


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


def claim_folder(folder: Path, recipe: Any) -> None:
    """Note the recipe (a dataclass) in the folder, or check that it is the one noted.

    Raises:
        ValueError: the folder holds a run of another recipe.
    """
    file = folder / RECIPE_FILE
    content = json.dumps(asdict(recipe), indent=2)
    if file.exists() and file.read_text(encoding="utf-8") != content:
        raise ValueError(f"{folder} holds a run with another recipe: choose another folder, or delete it")
    file.write_text(content, encoding="utf-8")


def add_text_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that name the training texts."""
    parser.add_argument(
        "--papers", type=Path, action="append", default=[], help="CSV with 成果名称, 摘要, 关键词"
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


def print_step(progress: Progress) -> None:
    """One line per step, for a log."""
    print(
        f"step {progress.n_done}/{progress.n_steps} loss {progress.loss:.4f} {progress.seconds:.1f} s", flush=True
    )


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(
        description="Fine-tune a sentence-transformers BERT on titles, abstracts and keywords."
    )
    parser.add_argument("base", type=Path, help="sentence-transformers folder")
    parser.add_argument("out", type=Path, help="folder to write; an unfinished run in it is taken up")
    add_text_arguments(parser)
    for field in fields(FineTuning):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    arguments = parser.parse_args()
    recipe = FineTuning(**{field.name: getattr(arguments, field.name) for field in fields(FineTuning)})
    texts = read_texts(arguments)
    print(f"{len(texts)} records")
    fine_tune(arguments.base, arguments.out, texts, recipe=recipe, on_step=print_step, device=arguments.device)


if __name__ == "__main__":
    main()
