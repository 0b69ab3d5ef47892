"""Training texts in words that the tiny tokenizer knows, and weights to compare."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embeddings.training.texts import TrainingText

_LETTERS = "abcdefghijklmnopqrstuvwx"
TEXTS = [
    TrainingText(
        f"{a}{a}材料与{b}电池检测",
        f"{a}{b}{a}传感器数据的算法。智能控制{b}{b}的方法与{a}{a}系统。",
        (f"{a}{b}材料",),
    )
    for a, b in pairwise(_LETTERS)
]
Weights = Mapping[str, npt.NDArray[np.float16]]


def weights(folder: Path) -> Weights:
    """Weights of a model folder, as float16."""
    from safetensors.numpy import load_file

    return {name: value.astype(np.float16) for name, value in load_file(folder / "model.safetensors").items()}


def changed(one: Weights, other: Weights) -> set[str]:
    """Names of the weights that differ."""
    assert one.keys() == other.keys()
    return {name for name in one if not np.array_equal(one[name], other[name])}
