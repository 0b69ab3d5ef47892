"""Finds the range of every activation channel without any text: outliers belong to the model.

The sequences are drawn from the tokenizer's own piece probabilities. On a BERT the outlying channels they
find are those that real abstracts find, and no corpus decides what is shipped.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from onnx import TensorProto, helper

from embeddings.training.bert_source import BertSource
from embeddings.training.linear_writers import Float32Linear
from embeddings.training.onnx_graph import INPUT_NAME, build_bert_graph
from embeddings.types import FloatVector

_TEMPERATURES: Final = (1.0, 2.0)
"""Exponents' divisors: as frequent as the tokenizer says, and with rarer pieces more often."""
_SEQUENCES_PER_TEMPERATURE: Final = 16
_SEQUENCE_LENGTH: Final = 124
_GOLDEN_RATIO: Final = 0.6180339887498949
_SEVERITY_ERROR: Final = 3


def input_peaks(source: BertSource) -> dict[str, FloatVector]:
    """Largest magnitude of each channel that flows into each linear map, by the map's name: (n_in,) each."""
    linear = Float32Linear()
    model = build_bert_graph(source, linear)
    tensors = sorted(set(linear.inputs.values()))
    model.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in tensors)
    options = ort.SessionOptions()
    options.log_severity_level = _SEVERITY_ERROR
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    peaks = {name: np.zeros(1, dtype=np.float32) for name in tensors}
    for token_ids in _sequences(source):
        for name, tensor in zip(tensors, session.run(tensors, {INPUT_NAME: token_ids}), strict=True):
            peaks[name] = np.maximum(peaks[name], np.abs(tensor[0]).max(axis=0))
    return {linear_name: peaks[tensor] for linear_name, tensor in linear.inputs.items()}


def _sequences(source: BertSource) -> Iterator[npt.NDArray[np.int64]]:
    scores = source.piece_scores()
    start, end = source.boundary_ids()
    length = min(_SEQUENCE_LENGTH, source.n_positions - 2)
    for temperature in _TEMPERATURES:
        cumulated = np.cumsum(np.exp(scores / temperature))
        for index in range(_SEQUENCES_PER_TEMPERATURE):
            # Multiples of the golden ratio fill [0, 1) evenly: repeatable, and no generator to depend on.
            points = (np.arange(1, length + 1) + index * length) * _GOLDEN_RATIO % 1
            pieces = np.searchsorted(cumulated, points * cumulated[-1])
            yield np.array([[start, *pieces, end]], dtype=np.int64)
