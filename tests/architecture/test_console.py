"""Rules of the console that no linter knows: sentences in message modules, colours in one sheet, nothing dead."""

import re
from pathlib import Path
from typing import Final

import pytest

from api.console.templating import environment

CONSOLE: Final = Path(__file__).parents[2] / "api" / "console"
TEMPLATES: Final = CONSOLE / "templates"
ASSETS: Final = CONSOLE / "assets"
CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
LABELLED: Final = {"navigation.py", "theme.py", "filters.py", "marks.py", "notices.py", "columns.py"}
"""Small vocabularies that stand beside what they name."""

python_files = sorted(path for path in CONSOLE.rglob("*.py") if "messages" not in path.parts)
templates = sorted(TEMPLATES.rglob("*.html"))
styles = sorted((ASSETS / "css").rglob("*.css"))
scripts = sorted((ASSETS / "js").rglob("*.js"))


def name_of(path: Path) -> str:
    return path.relative_to(CONSOLE).as_posix()


@pytest.mark.parametrize("path", python_files, ids=name_of)
def test_sentences_stand_in_message_modules(path: Path) -> None:
    if path.name in LABELLED:
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if CHINESE.search(line)] == []


@pytest.mark.parametrize("path", templates, ids=name_of)
def test_every_template_compiles_and_is_used(path: Path) -> None:
    name = path.relative_to(TEMPLATES).as_posix()
    environment().get_template(name)
    users = [*python_files, *(other for other in templates if other != path)]
    assert any(f'"{name}"' in user.read_text(encoding="utf-8") for user in users), f"nothing shows {name}"


@pytest.mark.parametrize("path", [path for path in styles if path.name != "tokens.css"], ids=name_of)
def test_colours_come_from_the_sheet(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    literal = re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)|\b(?:rgb|hsl)a?\([^)]*\)", text)
    assert [colour for colour in literal if not colour.startswith("rgb(10 14 15")] == []


def test_every_token_is_defined_and_used() -> None:
    sheet = (ASSETS / "css" / "tokens.css").read_text(encoding="utf-8")
    defined = set(re.findall(r"^\s*(--[\w-]+):", sheet, flags=re.MULTILINE))
    users = [*styles, *scripts]
    used = set()
    for path in users:
        used |= set(re.findall(r"(?:var\(|getPropertyValue\(\")\s*(--[\w-]+)", path.read_text(encoding="utf-8")))
    local = set()
    for path in styles:
        local |= set(re.findall(r"^\s*(--[\w-]+):", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert used - local == set()
    scales = {name for name in defined if name.startswith(("--series-", "--space-", "--text-"))}
    assert defined - used - scales == set()


def test_dark_is_the_same_whether_chosen_or_the_systems() -> None:
    sheet = (ASSETS / "css" / "tokens.css").read_text(encoding="utf-8")
    blocks = {
        theme: re.findall(
            r"--[\w-]+: [^;]+;", sheet.partition(f':root[data-theme="{theme}"] {{')[2].partition("}")[0]
        )
        for theme in ("dark", "system")
    }
    assert blocks["dark"] == blocks["system"]
    assert len(blocks["dark"]) > 30


@pytest.mark.parametrize("path", [*scripts, *styles], ids=name_of)
def test_every_script_and_style_is_loaded(path: Path) -> None:
    name = path.relative_to(ASSETS).as_posix()
    by_page = any(name in user.read_text(encoding="utf-8") for user in templates)
    imported = re.compile(
        rf"from \"[./\w]*/{re.escape(path.name)}\"|import\(\"[./\w]*/{re.escape(path.name)}\"\)"
    )
    by_script = any(imported.search(user.read_text(encoding="utf-8")) for user in scripts if user != path)
    assert by_page or by_script, f"nothing loads {name}"


@pytest.mark.parametrize("path", scripts, ids=name_of)
def test_scripts_reach_no_other_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []
    assert re.findall(r"\beval\(|new Function\(", text) == []
