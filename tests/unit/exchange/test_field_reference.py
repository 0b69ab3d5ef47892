"""The page on fields is what the columns say."""

from pathlib import Path

from recommender.domain.facts import FactIndicator
from recommender.exchange.field_reference import field_reference
from recommender.exchange.tables import TABLES

PAGE = Path(__file__).parents[3] / "docs" / "fields.md"
COMMAND = "python -m recommender.exchange.field_reference docs/fields.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == field_reference(), f"run .venv/bin/{COMMAND}"
    assert COMMAND in field_reference()


def test_every_column_and_indicator_is_on_the_page() -> None:
    lines = field_reference().splitlines()
    headers = [column.header for table in TABLES.values() for column in table.columns]
    for first in [*headers, *FactIndicator]:
        assert any(line.startswith(f"| {first} |") for line in lines), first


def test_every_row_has_the_cells_of_its_header() -> None:
    widths = [
        line.replace("\\|", "").count("|") for line in field_reference().splitlines() if line.startswith("|")
    ]
    assert set(widths) == {1 + 6, 1 + 4}
