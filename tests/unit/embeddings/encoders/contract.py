"""What every encoder must do, asserted over each implementation."""

import numpy as np

from embeddings.encoders.protocol import Encoder, TextRole

TEXTS = [
    "电池材料",
    "智能控制系统的算法与数据检测方法, 传感器和企业需求",
    "",
    "   ",
    "sensor data",
    "电池材料检测",
    "a",
    "控" * 500,
    "与电池无关的字符 𠀀☃",
]


def assert_encodes_to_unit_rows(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS, TextRole.PASSAGE)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def assert_order_is_kept(encoder: Encoder) -> None:
    forward = encoder.encode(TEXTS, TextRole.PASSAGE)
    backward = encoder.encode(TEXTS[::-1], TextRole.PASSAGE)
    np.testing.assert_array_equal(forward[::-1], backward)
    # Different texts point in different directions, or equality above would prove nothing.
    assert float(forward[0] @ forward[1]) < 1 - 1e-4


def assert_vector_ignores_neighbours(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS, TextRole.PASSAGE)
    for row, text in enumerate(TEXTS):
        np.testing.assert_array_equal(encoder.encode([text], TextRole.PASSAGE)[0], together[row])


def assert_no_texts_give_no_rows(encoder: Encoder) -> None:
    vectors = encoder.encode([], TextRole.QUERY)
    assert vectors.shape == (0, encoder.dimension)
    assert vectors.dtype == np.float32


def assert_role_matters(encoder: Encoder) -> None:
    as_query = encoder.encode(["电池材料"], TextRole.QUERY)
    as_passage = encoder.encode(["电池材料"], TextRole.PASSAGE)
    assert not np.array_equal(as_query, as_passage)


def assert_progress_adds_up(encoder: Encoder) -> None:
    texts = [f"电池 {number}" for number in range(150)] + TEXTS
    steps: list[int] = []
    encoder.encode(texts, TextRole.PASSAGE, on_progress=steps.append)
    assert sum(steps) == len(texts)
    assert len(steps) > 1
    single: list[int] = []
    encoder.encode(["只有一条"], TextRole.QUERY, on_progress=single.append)
    assert single == [1]


CONTRACT = [
    assert_encodes_to_unit_rows,
    assert_order_is_kept,
    assert_vector_ignores_neighbours,
    assert_no_texts_give_no_rows,
    assert_role_matters,
    assert_progress_adds_up,
]
