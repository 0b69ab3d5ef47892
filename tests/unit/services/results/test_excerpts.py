"""Excerpts keep the nearest sentence and its marks, whatever the text."""

from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.match import Evidence, Span
from recommender.services.results.excerpts import MAX_CHARS, excerpt

TEXTS = st.text("轧边裂。 a", max_size=1200)


def evidence(text: str, marks: tuple[Span, ...] = (), sentence: Span | None = None) -> Evidence:
    return Evidence(
        id="LW-1",
        source="论文",
        title="题",
        text=text,
        year=2025,
        similarity=0.7,
        share=1.0,
        title_marks=(),
        text_marks=marks,
        sentence=sentence,
    )


@given(TEXTS, st.integers(0, 1200), st.integers(1, 200), st.integers(0, 1200), st.integers(1, 9))
def test_what_is_marked_reads_the_same(text: str, at: int, length: int, mark_at: int, mark_length: int) -> None:
    sentence = Span(min(at, len(text)), min(at + length, len(text)))
    mark = Span(min(mark_at, len(text)), min(mark_at + mark_length, len(text)))
    shown = excerpt(evidence(text, (mark,), sentence))
    assert len(shown.text) <= MAX_CHARS + 2
    if len(text) <= MAX_CHARS:
        assert shown.text == text
        return
    if sentence.start < sentence.end:
        assert shown.sentence is not None
        assert shown.text[shown.sentence.start : shown.sentence.end] == text[sentence.start : sentence.end]
    for span in shown.text_marks:
        assert shown.text[span.start : span.end] in text[mark.start : mark.end]
        assert "…" not in shown.text[span.start : span.end]


def test_what_is_left_out_is_said_at_both_ends() -> None:
    text = "甲" * 500 + "边裂减少一半。" + "乙" * 500
    shown = excerpt(evidence(text, (Span(0, 2), Span(500, 502)), Span(500, 507)))
    assert (shown.text[0], shown.text[-1]) == ("…", "…")
    assert [shown.text[span.start : span.end] for span in shown.text_marks] == ["边裂"]
    assert shown.sentence is not None
    assert shown.text[shown.sentence.start : shown.sentence.end] == "边裂减少一半。"


def test_without_a_nearest_sentence_the_beginning_is_shown() -> None:
    shown = excerpt(evidence("边裂" * 400))
    assert shown.sentence is None
    assert shown.text == "边裂" * (MAX_CHARS // 2) + "…"
