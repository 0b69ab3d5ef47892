"""Chinese text in terminal columns."""

import doctest

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from recommender.cli import wrapping
from recommender.cli.wrapping import line_spans


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
