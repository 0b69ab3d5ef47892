"""Chinese text in terminal columns."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from recommender.cli import match_table, wrapping
from recommender.cli.wrapping import line_spans
from recommender.domain.match import Span


def test_examples_in_docstrings() -> None:
    result = doctest.testmod(wrapping)
    assert (result.attempted, result.failed) == (1, 0)


def test_words_and_numbers_stay_whole() -> None:
    text = "厚度0.27mm的SiC片"
    assert [text[a:b] for a, b in line_spans(text, 9)] == ["厚度", "0.27mm的", "SiC片"]


@given(st.text(alphabet="钢板裂，。ab 12\n（）", max_size=120), st.integers(4, 30))
def test_no_line_is_too_wide_and_no_word_is_lost(text: str, width: int) -> None:
    lines = [text[start:end] for start, end in line_spans(text, width)]
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")


def test_marks_are_bracketed_where_there_is_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match_table, "answers", Console(no_color=True, color_system=None))
    text, marks = "冷轧薄板边裂严重", (Span(2, 4), Span(4, 6))
    assert match_table.marked(text, marks, Span(0, 8)).plain == "冷轧「薄板」「边裂」严重"
    assert match_table.marked(text, marks, Span(3, 5)).plain == "「板」「边」"
    assert match_table.marked(text, (), Span(1, 3)).plain == "轧薄"


def test_marks_are_coloured_where_there_is_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match_table, "answers", Console(color_system="standard", force_terminal=True))
    found = match_table.marked("薄板边裂", (Span(2, 4),), Span(0, 4))
    assert found.plain == "薄板边裂"
    assert [(span.start, span.end, span.style) for span in found.spans] == [(2, 4, "bold yellow")]
