"""The training loop: its schedule, and that a killed run ends as one that was never stopped."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from embeddings.training.loop import CHECKPOINT_FILE, Progress, Schedule, train

if TYPE_CHECKING:
    import torch

N_STEPS = 12
EVERY = 3


class KilledError(Exception):
    """Stands for the plug being pulled."""


class Model:
    """A linear map with dropout, its data drawn per step."""

    def __init__(self) -> None:
        import torch

        torch.manual_seed(0)
        self.layer = torch.nn.Linear(4, 2)
        self.parameters = dict(self.layer.named_parameters())
        self.steps: list[int] = []

    def loss(self, step: int) -> "torch.Tensor":
        import torch

        self.steps.append(step)
        batch = torch.randn(8, 4, generator=torch.Generator().manual_seed(step))
        hidden = torch.nn.functional.dropout(self.layer(batch), p=0.5)
        return ((hidden - 1.0) ** 2).mean()

    def values(self) -> dict[str, list[float]]:
        return {name: parameter.flatten().tolist() for name, parameter in self.parameters.items()}


def run(folder: Path, *, stop_after: int | None = None, seed: int = 7, nan_at: int | None = None) -> Model:
    model = Model()

    def loss(step: int) -> "torch.Tensor":
        return model.loss(step) * (math.nan if step == nan_at else 1.0)

    def watch(progress: Progress) -> None:
        if progress.n_done == stop_after:
            raise KilledError

    folder.mkdir(exist_ok=True)
    train(
        model.parameters,
        loss,
        schedule=Schedule(N_STEPS, 0.05),
        seed=seed,
        folder=folder,
        checkpoint_every=EVERY,
        on_step=watch,
    )
    return model


class TestSchedule:
    def test_rises_in_a_line_then_falls_as_a_cosine(self) -> None:
        schedule = Schedule(n_steps=100, peak_rate=2.0, warm_up_share=0.1)
        assert [schedule.rate(step) for step in (0, 4, 9)] == pytest.approx([0.2, 1.0, 2.0])
        assert [schedule.rate(step) for step in (10, 55)] == pytest.approx([2.0, 1.0])
        assert schedule.rate(99) == pytest.approx(1 + math.cos(math.pi * 89 / 90))

    @pytest.mark.parametrize("n_steps", [1, 2, 7, 120])
    @pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
    def test_has_one_peak_and_never_stands_still(self, n_steps: int, share: float) -> None:
        schedule = Schedule(n_steps, 3.0, warm_up_share=share)
        rates = [schedule.rate(step) for step in range(n_steps)]
        top = rates.index(max(rates))
        assert max(rates) == pytest.approx(3.0)
        assert rates[: top + 1] == sorted(rates[: top + 1])
        assert rates[top:] == sorted(rates[top:], reverse=True)
        assert min(rates) > 0


class TestResuming:
    @pytest.mark.parametrize("killed_after", [1, EVERY, EVERY + 2, N_STEPS - 1, N_STEPS])
    def test_a_killed_run_ends_bit_for_bit_as_one_never_stopped(self, tmp_path: Path, killed_after: int) -> None:
        whole = run(tmp_path / "whole")
        with pytest.raises(KilledError):
            run(tmp_path / "killed", stop_after=killed_after)
        resumed = run(tmp_path / "killed")
        n_kept = N_STEPS if killed_after == N_STEPS else killed_after - killed_after % EVERY
        assert resumed.steps == list(range(n_kept, N_STEPS))
        assert resumed.values() == whole.values()
        assert resumed.values() != Model().values()

    def test_may_be_killed_again_and_again(self, tmp_path: Path) -> None:
        for stop in (4, 7, 11):
            with pytest.raises(KilledError):
                run(tmp_path / "killed", stop_after=stop)
        assert run(tmp_path / "killed").values() == run(tmp_path / "whole").values()

    def test_a_finished_run_is_not_repeated(self, tmp_path: Path) -> None:
        first = run(tmp_path / "whole")
        again = run(tmp_path / "whole")
        assert again.steps == []
        assert again.values() == first.values()

    def test_a_half_written_checkpoint_is_not_taken_up(self, tmp_path: Path) -> None:
        with pytest.raises(KilledError):
            run(tmp_path / "killed", stop_after=5)
        (tmp_path / "killed" / CHECKPOINT_FILE).with_suffix(".partial").write_bytes(b"half")
        assert run(tmp_path / "killed").values() == run(tmp_path / "whole").values()

    def test_the_seed_decides_the_dropout(self, tmp_path: Path) -> None:
        assert run(tmp_path / "a", seed=1).values() == run(tmp_path / "b", seed=1).values()
        assert run(tmp_path / "c", seed=2).values() != run(tmp_path / "a", seed=1).values()


def test_a_loss_that_is_no_number_stops_and_leaves_the_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(KilledError):
        run(tmp_path / "run", stop_after=EVERY)
    before = (tmp_path / "run" / CHECKPOINT_FILE).read_bytes()
    with pytest.raises(FloatingPointError, match="step 5"):
        run(tmp_path / "run", nan_at=5)
    assert (tmp_path / "run" / CHECKPOINT_FILE).read_bytes() == before
    assert run(tmp_path / "run").values() == run(tmp_path / "whole").values()


def test_every_step_is_reported(tmp_path: Path) -> None:
    model, told = Model(), list[Progress]()
    train(
        model.parameters,
        model.loss,
        schedule=Schedule(N_STEPS, 0.05),
        seed=7,
        folder=tmp_path,
        checkpoint_every=100,
        on_step=told.append,
    )
    assert [(progress.n_done, progress.n_steps) for progress in told] == [
        (n + 1, N_STEPS) for n in range(N_STEPS)
    ]
    assert all(math.isfinite(progress.loss) and progress.seconds >= 0 for progress in told)
    assert (tmp_path / CHECKPOINT_FILE).exists()
