"""Who may import whom, and what may not stand in the tree."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("embeddings", "recommender", "api")


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_layers_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_every_package_folder_says_its_purpose() -> None:
    folders = {path.parent for name in PACKAGES for path in (ROOT / name).rglob("*.py")}
    silent = [
        str(folder.relative_to(ROOT))
        for folder in sorted(folders)
        if not (folder / "__init__.py").is_file()
        or not (folder / "__init__.py").read_text(encoding="utf-8").lstrip().startswith('"""')
    ]
    assert silent == []


def test_no_path_of_a_machine_and_no_pickle_in_the_tree() -> None:
    machine_path = re.compile(r"(?<![\w./:])/(?:" + "|".join(("wo" + "rk", "op" + "t", "ho" + "me")) + r")/\w")
    pickle = re.compile(r"^\s*(import|from) (pickle|joblib|dill)|allow_pickle" + "=True", re.MULTILINE)
    suspicious = []
    for path in tracked_files():
        if path.suffix not in {".py", ".md", ".toml", ".json", ".yml", ".sh", ""}:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        if machine_path.search(text) or (path.suffix == ".py" and pickle.search(text)):
            suspicious.append(str(path.relative_to(ROOT)))
    assert suspicious == []


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("recommender.cli.main", ("torch", "sentence_transformers", "transformers", "pandas")),
        ("api.app", ("torch", "sentence_transformers", "transformers", "pandas")),
    ],
)
def test_heavy_libraries_are_imported_only_when_needed(module: str, heavy: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
