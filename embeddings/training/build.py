"""``python -m embeddings.training.build BASE OUT --work DIR --papers FILE …``: from base to shipped model.

Fine-tuning, distillation into fewer layers and export, one after the other, with the recipes below. Started
again after it was killed it goes on where it was: every stage leaves checkpoints in ``--work``.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from embeddings.encoders.config import EncoderConfig
from embeddings.training.command_line import add_text_arguments, print_step, read_texts
from embeddings.training.distil import Distillation, distil
from embeddings.training.export import ExportOptions, export_model
from embeddings.training.finetune import FineTuning, fine_tune
from embeddings.training.texts import TrainingText

NAME: Final = "xiu-small-zh"
FINE_TUNING: Final = FineTuning(n_steps=120)
DISTILLATION: Final = Distillation(layers=(0, 2, 4, 7, 9, 11), n_steps=430, batch_size=48, peak_rate=3e-4)


def build(
    base: Path, out: Path, work: Path, texts: Sequence[TrainingText], *, device: str = "cpu"
) -> EncoderConfig:
    """Train and export; returns what the shipped folder says of itself.

    Args:
        base: sentence-transformers folder to start from.
        out: folder of the shipped model.
        work: folder for checkpoints and for the float models between the stages.
        texts: training texts.
        device: ``cpu`` or ``cuda``.
    """
    teacher, student = work / "teacher", work / "student"
    fine_tune(base, teacher, texts, recipe=FINE_TUNING, on_step=print_step, device=device)
    distil(teacher, student, texts, recipe=DISTILLATION, on_step=print_step, device=device)
    return export_model(student, out, options=ExportOptions(name=NAME))


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="From the base encoder to the shipped one.")
    parser.add_argument("base", type=Path, help="sentence-transformers folder to start from")
    parser.add_argument("out", type=Path, help="folder of the shipped model")
    parser.add_argument("--work", type=Path, required=True, help="checkpoints and float models")
    add_text_arguments(parser)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    arguments = parser.parse_args()
    texts = read_texts(arguments)
    print(f"{len(texts)} records")
    config = build(arguments.base, arguments.out, arguments.work, texts, device=arguments.device)
    print(f"{config.encoder_id} in {arguments.out}")


if __name__ == "__main__":
    main()
