"""The notebooks run from a clean checkout, and are kept without what they print."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS_PER_CELL = 240

pytestmark = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def cells(notebook: Any, kind: str) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def test_is_kept_without_outputs(notebook: Path) -> None:
    stored = nbformat.read(notebook, as_version=nbformat.NO_CONVERT)
    nbformat.validate(stored)
    assert [cell.source for cell in cells(stored, "code") if cell.outputs or cell.execution_count] == []
    assert set(stored.metadata) == {"kernelspec", "language_info"}
    assert stored.metadata.kernelspec.name == "python3"
    assert stored.metadata.language_info == {"name": "python"}


def test_every_step_is_introduced_in_chinese(notebook: Path) -> None:
    prose = "".join(cell.source for cell in cells(nbformat.read(notebook, as_version=4), "markdown"))
    assert sum("\u4e00" <= character <= "\u9fff" for character in prose) > len(prose) / 3


@pytest.fixture
def kernel_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The checkout's packages, nothing of the developer's settings, and two cores for everybody."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]))
    monkeypatch.setenv("PYTHONWARNINGS", "default")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    yield


def test_runs_from_the_first_cell_to_the_last(notebook: Path, tmp_path: Path, kernel_environment: None) -> None:
    run = nbformat.read(notebook, as_version=4)
    before = sorted(ROOT.joinpath("notebooks").iterdir())
    client = NotebookClient(
        run, timeout=SECONDS_PER_CELL, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    outputs = [output for cell in cells(run, "code") for output in cell.outputs]
    # A glyph that no font has, a number that is none: both would show as a warning, not as an error.
    # Only tqdm may warn, of widgets that no cell shows.
    told = "".join(output.text for output in outputs if output.get("name") == "stderr")
    assert set(re.findall(r"\b\w*Warning\b", told)) <= {"TqdmWarning"}, told
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 2
    assert any("text/html" in output.get("data", {}) for output in outputs)
    assert sorted(ROOT.joinpath("notebooks").iterdir()) == before
