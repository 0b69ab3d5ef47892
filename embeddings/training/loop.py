"""A training loop that can be killed at any step and goes on as if it had not been."""

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import torch
    from _typeshed import DataclassInstance

RECIPE_FILE: Final = "recipe.json"
CHECKPOINT_FILE: Final = "checkpoint.safetensors"
_MOMENTS: Final = ("exp_avg", "exp_avg_sq")
_GRADIENT_NORM_LIMIT: Final = 1.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long to train and how fast.

    Attributes:
        n_steps: optimiser steps of the whole run, at least 1.
        peak_rate: highest learning rate, reached after the warm-up, then falling as a cosine to zero.
        warm_up_share: share of the steps over which the rate rises, in [0, 1].
        weight_decay: of AdamW.
    """

    n_steps: int
    peak_rate: float
    warm_up_share: float = 0.1
    weight_decay: float = 0.01

    def rate(self, step: int) -> float:
        """Learning rate of a step in [0, n_steps)."""
        n_warm_up = max(1, round(self.n_steps * self.warm_up_share))
        if step < n_warm_up:
            return self.peak_rate * (step + 1) / n_warm_up
        return (
            self.peak_rate * 0.5 * (1 + math.cos(math.pi * (step - n_warm_up) / max(1, self.n_steps - n_warm_up)))
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """What a step reports: ``n_done`` of ``n_steps``, its loss, and the seconds it took."""

    n_done: int
    n_steps: int
    loss: float
    seconds: float


def claim_folder(folder: Path, recipe: "DataclassInstance") -> None:
    """Note the recipe in the folder, or check that it is the one noted.

    Raises:
        ValueError: the folder holds a run of another recipe.
    """
    file = folder / RECIPE_FILE
    content = json.dumps(asdict(recipe), indent=2)
    if file.exists() and file.read_text(encoding="utf-8") != content:
        raise ValueError(f"{folder} holds a run with another recipe: choose another folder, or delete it")
    file.write_text(content, encoding="utf-8")


def train(
    parameters: dict[str, "torch.nn.Parameter"],
    loss_of_step: Callable[[int], "torch.Tensor"],
    *,
    schedule: Schedule,
    seed: int,
    folder: Path,
    checkpoint_every: int,
    on_step: Callable[[Progress], None],
) -> None:
    """Minimise ``loss_of_step`` over the parameters, in place.

    A checkpoint of parameters and optimiser is written to ``folder`` every so many steps and taken up when
    the same run is started again. The random state is set from the seed and the step, so a resumed run draws
    the same batches and the same dropout as one that was never stopped, and on the same number of threads ends
    with the same bits.

    Args:
        parameters: what is trained, by name.
        loss_of_step: the loss of a step, a scalar; called once per step in ascending order.
        schedule: length and learning rates.
        seed: of the dropout.
        folder: where checkpoints lie; must exist.
        checkpoint_every: steps between two checkpoints, at least 1.
        on_step: told after every step.

    Raises:
        FloatingPointError: the loss is not finite; the last checkpoint is left as it was.
    """
    import torch

    optimiser = torch.optim.AdamW(parameters.values(), lr=schedule.peak_rate, weight_decay=schedule.weight_decay)
    checkpoint = folder / CHECKPOINT_FILE
    first = _take_up(checkpoint, parameters, optimiser) if checkpoint.exists() else 0
    for step in range(first, schedule.n_steps):
        started = time.perf_counter()
        torch.manual_seed(seed * 1_000_003 + step)
        for group in optimiser.param_groups:
            group["lr"] = schedule.rate(step)
        optimiser.zero_grad(set_to_none=True)
        loss = loss_of_step(step)
        if not torch.isfinite(loss):
            raise FloatingPointError(f"loss of step {step} is {loss.item()}")
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters.values(), _GRADIENT_NORM_LIMIT)
        optimiser.step()
        n_done = step + 1
        if n_done % checkpoint_every == 0 or n_done == schedule.n_steps:
            _leave(checkpoint, parameters, optimiser, n_done)
        on_step(Progress(n_done, schedule.n_steps, loss.item(), time.perf_counter() - started))


def _leave(
    file: Path, parameters: dict[str, "torch.nn.Parameter"], optimiser: "torch.optim.Optimizer", n_done: int
) -> None:
    from safetensors.torch import save_file

    tensors = {f"parameter/{name}": parameter.detach() for name, parameter in parameters.items()}
    for name, parameter in parameters.items():
        state = optimiser.state[parameter]
        tensors |= {f"{moment}/{name}": state[moment] for moment in _MOMENTS if moment in state}
    partial = file.with_suffix(".partial")
    save_file(
        {key: tensor.contiguous() for key, tensor in tensors.items()}, partial, metadata={"n_done": str(n_done)}
    )
    partial.replace(file)


def _take_up(file: Path, parameters: dict[str, "torch.nn.Parameter"], optimiser: "torch.optim.Optimizer") -> int:
    import torch
    from safetensors import safe_open

    with safe_open(file, framework="pt") as content:
        n_done = int(content.metadata()["n_done"])
        keys = set(content.keys())
        for name, parameter in parameters.items():
            parameter.data.copy_(content.get_tensor(f"parameter/{name}"))
            if f"{_MOMENTS[0]}/{name}" in keys:
                moments = {moment: content.get_tensor(f"{moment}/{name}") for moment in _MOMENTS}
                optimiser.state[parameter] = {
                    "step": torch.tensor(float(n_done)),
                    **{moment: values.to(parameter.device) for moment, values in moments.items()},
                }
    return n_done
