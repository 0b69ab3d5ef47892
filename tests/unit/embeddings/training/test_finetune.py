"""Fine-tuning from end to end on a real but tiny BERT."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoders.protocol import TextRole
from embeddings.encoders.sentence_transformer import SentenceTransformerEncoder
from embeddings.training.finetune import NEIGHBOURS_FILE, FineTuning, fine_tune
from embeddings.training.loop import CHECKPOINT_FILE, Progress
from embeddings.training.torch_model import Precision, embed, load_trainable, trainable
from tests.unit.embeddings.encoders.tiny_bert import DIMENSION, N_POSITIONS
from tests.unit.embeddings.training.tiny_training import TEXTS, changed, weights

RECIPE = FineTuning(n_steps=3, peak_rate=1e-2, batch_size=8, n_frozen_layers=1, max_tokens=48)


@pytest.fixture(scope="module")
def tuned(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What three steps make of it."""
    return tune(base, tmp_path_factory.mktemp("tuned"))


def tune(base: Path, out: Path, *, recipe: FineTuning = RECIPE, steps: list[int] | None = None) -> Path:
    def note(progress: Progress) -> None:
        assert np.isfinite(progress.loss)
        if steps is not None:
            steps.append(progress.n_done)

    fine_tune(base, out, TEXTS, recipe=recipe, on_step=note)
    return out


class TestResult:
    def test_only_the_upper_layer_has_moved(self, base: Path, tuned: Path) -> None:
        moved = changed(weights(base), weights(tuned))
        upper = {name for name in weights(base) if "encoder.layer.1." in name}
        # A bias of the keys adds the same to all of a query's scores: it has no gradient worth the name.
        assert upper - moved <= {name for name in upper if name.endswith("key.bias")}
        assert moved <= upper

    def test_the_model_is_half_precision_and_opens_as_an_encoder(self, base: Path, tuned: Path) -> None:
        from safetensors.numpy import load_file

        assert {value.dtype for value in load_file(tuned / "model.safetensors").values()} == {
            np.dtype(np.float16)
        }
        encoder = SentenceTransformerEncoder(str(tuned), n_threads=1)
        assert encoder.dimension == DIMENSION
        (row,) = encoder.encode(["电池材料检测"], TextRole.QUERY)
        (before,) = SentenceTransformerEncoder(str(base), n_threads=1).encode(["电池材料检测"], TextRole.QUERY)
        assert np.linalg.norm(row) == pytest.approx(1.0, abs=1e-3)
        assert not np.allclose(row, before, atol=1e-3)

    def test_the_token_limit_is_the_bases_not_that_of_the_training(self, base: Path, tuned: Path) -> None:
        assert load_trainable(base, device="cpu").max_seq_length == N_POSITIONS > RECIPE.max_tokens
        assert load_trainable(tuned, device="cpu").max_seq_length == N_POSITIONS

    def test_needs_and_works_have_come_closer(self, base: Path, tmp_path: Path) -> None:
        out = tune(
            base, tmp_path / "longer", recipe=replace(RECIPE, n_steps=25, batch_size=16, n_frozen_layers=0)
        )

        def lead(folder: Path) -> float:
            encoder = SentenceTransformerEncoder(str(folder), n_threads=1)
            queries = encoder.encode([text.keywords[0] for text in TEXTS], TextRole.QUERY)
            passages = encoder.encode([text.abstract for text in TEXTS], TextRole.PASSAGE)
            cosines = queries @ passages.T
            return float(np.mean(np.diag(cosines) - cosines.mean(axis=1)))

        assert lead(out) > 1.5 * lead(base) > 0

    @pytest.mark.parametrize("precision", list(Precision))
    def test_parameters_stay_in_single_precision(self, base: Path, tmp_path: Path, precision: Precision) -> None:
        from safetensors.numpy import load_file

        out = tune(base, tmp_path / precision, recipe=replace(RECIPE, precision=precision))
        stored = load_file(out / CHECKPOINT_FILE)
        assert {value.dtype for value in stored.values()} == {np.dtype(np.float32)}

    def test_half_as_many_bits_in_products_lead_nearly_the_same_way(self, base: Path, tmp_path: Path) -> None:
        def losses(precision: Precision) -> list[float]:
            found: list[float] = []
            recipe = replace(RECIPE, precision=precision, peak_rate=1e-3)
            fine_tune(
                base, tmp_path / precision, TEXTS, recipe=recipe, on_step=lambda step: found.append(step.loss)
            )
            return found

        single, half = losses(Precision.FLOAT32), losses(Precision.BFLOAT16)
        assert single != half
        assert half == pytest.approx(single, rel=0.03)


class TestResuming:
    RECIPE = replace(RECIPE, n_steps=12)

    def test_a_killed_run_ends_bit_for_bit_as_one_never_stopped(self, base: Path, tmp_path: Path) -> None:
        class KilledError(Exception):
            pass

        def kill(progress: Progress) -> None:
            if progress.n_done == 11:
                raise KilledError

        with pytest.raises(KilledError):
            fine_tune(base, tmp_path / "killed", TEXTS, recipe=self.RECIPE, on_step=kill)
        assert not (tmp_path / "killed" / "model.safetensors").exists()
        steps: list[int] = []
        resumed = tune(base, tmp_path / "killed", recipe=self.RECIPE, steps=steps)
        assert steps == [11, 12]
        whole = tune(base, tmp_path / "whole", recipe=self.RECIPE)
        assert (resumed / "model.safetensors").read_bytes() == (whole / "model.safetensors").read_bytes()

    def test_a_finished_run_gives_the_same_model_again(self, base: Path, tuned: Path, tmp_path: Path) -> None:
        copy = Path(shutil.copytree(tuned, tmp_path / "copy"))
        (copy / "model.safetensors").unlink()
        steps: list[int] = []
        tune(base, copy, steps=steps)
        assert steps == []
        assert changed(weights(copy), weights(tuned)) == set()

    def test_another_recipe_needs_another_folder(self, base: Path, tuned: Path, tmp_path: Path) -> None:
        copy = Path(shutil.copytree(tuned, tmp_path / "copy"))
        with pytest.raises(ValueError, match="another recipe"):
            tune(base, copy, recipe=replace(RECIPE, seed=8))
        assert changed(weights(copy), weights(tuned)) == set()

    def test_neighbours_are_mined_once(self, tuned: Path) -> None:
        neighbours = np.load(tuned / NEIGHBOURS_FILE, allow_pickle=False)
        assert neighbours.shape == (len(TEXTS), len(TEXTS) - 4)
        assert all(row not in others for row, others in enumerate(neighbours.tolist()))


class TestParts:
    @pytest.mark.parametrize("n_frozen_layers", [0, 1, 2])
    def test_what_is_trained(self, base: Path, n_frozen_layers: int) -> None:
        model = load_trainable(base, device="cpu")
        names = trainable(model, n_frozen_layers=n_frozen_layers)
        assert {name.split(".")[2] for name in names} == {str(layer) for layer in range(n_frozen_layers, 2)}
        frozen = [name for name, parameter in model.named_parameters() if not parameter.requires_grad]
        assert any("word_embeddings" in name for name in frozen)

    @pytest.mark.parametrize("role", list(TextRole))
    def test_vectors_are_those_of_the_encoder_in_the_order_given(self, base: Path, role: TextRole) -> None:
        texts = ["电池", "a", "控制系统企业需求" * 4, "材料检测", *(text.title for text in TEXTS), *_lengths(40)]
        model = load_trainable(base, device="cpu").eval()
        found = embed(model, texts, role).detach().numpy()
        expected = SentenceTransformerEncoder(str(base), n_threads=1).encode(texts, role)
        np.testing.assert_allclose(found, expected, atol=1e-5)

    def test_vectors_carry_gradients_to_what_is_trained(self, base: Path) -> None:
        model = load_trainable(base, device="cpu").eval()
        parameters = trainable(model, n_frozen_layers=1)
        embed(model, ["电池", "材料"], TextRole.QUERY)[:, 0].sum().backward()
        assert all(parameter.grad is not None for parameter in parameters.values())


def _lengths(n: int) -> Sequence[str]:
    return ["检" * length for length in range(1, n)]
