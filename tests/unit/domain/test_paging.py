"""Cursors come back as they went out, and nothing else is taken for one."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.errors import InvalidInput
from recommender.domain.paging import PageRequest, cursor_of


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(), st.none() | st.floats(-1e9, 1e9)
)
def test_a_cursor_gives_back_its_key(text: str, number: int, score: float | None) -> None:
    request = PageRequest(sort="-score")
    key = (score, number, text)
    following = PageRequest(cursor=cursor_of(request, key), sort="-score")
    assert following.after(float, int, str) == key


@given(st.text(max_size=80))
def test_what_is_no_cursor_is_refused_or_was_none(text: str) -> None:
    try:
        assert PageRequest(cursor=text).after(str) is None or text
    except InvalidInput as error:
        assert error.code == "page.cursor"


@pytest.mark.parametrize("content", [["", True], ["", [1]], ["-score", "x"], ["", "x", "y"], {"a": 1}, 7, None])
def test_a_key_of_another_shape_or_order_is_refused(content: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(content).encode()).decode()
    with pytest.raises(InvalidInput):
        PageRequest(cursor=cursor).after(str)


def test_the_first_page_has_no_key() -> None:
    assert PageRequest().after(str, int) is None


def test_an_order_is_one_of_the_known() -> None:
    assert PageRequest().order(["due", "score"]) == ("due", False)
    assert PageRequest(sort="-score").order(["due", "score"]) == ("score", True)
    with pytest.raises(InvalidInput, match="score"):
        PageRequest(sort="name").order(["due", "score"])
