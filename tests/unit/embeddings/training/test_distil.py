"""Layer reduction from end to end on a real but tiny BERT."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoders.protocol import TextRole
from embeddings.encoders.sentence_transformer import SentenceTransformerEncoder
from embeddings.training.distil import Distillation, distil, places, with_layers
from embeddings.training.loop import Progress
from embeddings.training.torch_model import bert_of, load_trainable
from tests.unit.embeddings.training.tiny_training import TEXTS, changed, weights

RECIPE = Distillation(layers=(0,), n_steps=40, peak_rate=5e-3, batch_size=8, max_tokens=48)


def closeness(teacher: Path, student: Path) -> float:
    """Mean cosine of the two models' vectors of the same texts."""
    texts = [text.title for text in TEXTS]
    one, other = (
        SentenceTransformerEncoder(str(folder), n_threads=1).encode(texts, TextRole.PASSAGE)
        for folder in (teacher, student)
    )
    return float(np.mean(np.sum(one * other, axis=1)))


class TestResult:
    def test_a_student_of_one_layer_learns_to_speak_like_two(self, base: Path, tmp_path: Path) -> None:
        losses: list[float] = []
        distil(base, tmp_path / "new", TEXTS, recipe=replace(RECIPE, n_steps=1), on_step=lambda _: None)
        distil(base, tmp_path / "taught", TEXTS, recipe=RECIPE, on_step=lambda step: losses.append(step.loss))
        assert closeness(base, tmp_path / "taught") > closeness(base, tmp_path / "new")
        assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])
        assert not any("encoder.layer.1." in name for name in weights(tmp_path / "taught"))

    def test_the_teacher_stays_as_it_was(self, base: Path, tmp_path: Path) -> None:
        before = weights(base)
        distil(base, tmp_path / "student", TEXTS, recipe=replace(RECIPE, n_steps=2), on_step=lambda _: None)
        assert changed(before, weights(base)) == set()

    def test_word_vectors_stay_those_of_the_teacher(self, base: Path, tmp_path: Path) -> None:
        distil(base, tmp_path / "student", TEXTS, recipe=replace(RECIPE, n_steps=2), on_step=lambda _: None)
        teacher, student = weights(base), weights(tmp_path / "student")
        embeddings = {name for name in student if name.startswith("embeddings.")}
        assert embeddings
        assert all(np.array_equal(teacher[name], student[name]) for name in embeddings)


class TestResuming:
    RECIPE = replace(RECIPE, n_steps=30)

    def test_a_killed_run_ends_bit_for_bit_as_one_never_stopped(self, base: Path, tmp_path: Path) -> None:
        class KilledError(Exception):
            pass

        def kill(progress: Progress) -> None:
            if progress.n_done == 27:
                raise KilledError

        with pytest.raises(KilledError):
            distil(base, tmp_path / "killed", TEXTS, recipe=self.RECIPE, on_step=kill)
        steps: list[int] = []
        distil(
            base, tmp_path / "killed", TEXTS, recipe=self.RECIPE, on_step=lambda step: steps.append(step.n_done)
        )
        distil(base, tmp_path / "whole", TEXTS, recipe=self.RECIPE, on_step=lambda _: None)
        assert steps == [26, 27, 28, 29, 30]
        killed, whole = (tmp_path / name / "model.safetensors" for name in ("killed", "whole"))
        assert killed.read_bytes() == whole.read_bytes()

    def test_another_recipe_needs_another_folder(self, base: Path, tmp_path: Path) -> None:
        recipe = replace(RECIPE, n_steps=1)
        distil(base, tmp_path, TEXTS, recipe=recipe, on_step=lambda _: None)
        with pytest.raises(ValueError, match="another recipe"):
            distil(base, tmp_path, TEXTS, recipe=replace(recipe, seed=8), on_step=lambda _: None)


class TestLayers:
    def test_the_kept_layers_are_the_teachers(self, base: Path) -> None:
        teacher = load_trainable(base, device="cpu")
        student = with_layers(teacher, (1,))
        assert bert_of(student).config.num_hidden_layers == 1
        (kept,) = bert_of(student).encoder.layer
        for name, value in bert_of(teacher).encoder.layer[1].state_dict().items():
            assert kept.state_dict()[name].equal(value)
        assert len(bert_of(teacher).encoder.layer) == 2

    @pytest.mark.parametrize("layers", [(), (1, 0), (0, 0), (-1, 0), (0, 2)])
    def test_layers_that_do_not_fit_are_refused(self, base: Path, layers: tuple[int, ...]) -> None:
        with pytest.raises(ValueError, match="do not fit a model of 2 layers"):
            with_layers(load_trainable(base, device="cpu"), layers)

    @pytest.mark.parametrize(
        ("layers", "expected"),
        [
            ((0,), [11]),
            ((0, 6), [5, 11]),
            ((0, 2, 4, 7, 9, 11), [1, 3, 6, 8, 10, 11]),
            (range(12), list(range(12))),
        ],
    )
    def test_every_kept_layer_answers_for_those_left_out_after_it(
        self, layers: tuple[int, ...], expected: list[int]
    ) -> None:
        assert places(layers, n_layers=12) == expected
