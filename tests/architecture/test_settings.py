"""Every setting is documented, in the code and in the README."""

from pathlib import Path

import pytest

from recommender.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_described(name: str) -> None:
    description = Settings.model_fields[name].description or ""
    assert len(description) >= 5
    assert any("\u4e00" <= character <= "\u9fff" for character in description)
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert f"| `{PREFIX}{name.upper()}` |" in documented
    assert description in documented


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHMAKER_PORT", "")
    assert Settings().port == Settings.model_fields["port"].default


def test_the_database_address_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHMAKER_DATABASE_URL", "postgresql+psycopg://u:secret@h/d")
    assert "secret" not in repr(Settings())
