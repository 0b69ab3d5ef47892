"""The two number formats that a linear map of the model can be written in."""

import numpy as np

from embeddings.training.onnx_graph import FUSED_DOMAIN, GraphBuilder
from embeddings.training.quantise import PRODUCT_RANGE, outlier_factors, quantise_rows
from embeddings.types import FloatMatrix, FloatVector


class Float32Linear:
    """Writes linear maps as they are, and remembers what flows into each."""

    def __init__(self) -> None:
        self.inputs: dict[str, str] = {}
        """Tensor that goes into a linear map, by the map's name."""

    def __call__(self, graph: GraphBuilder, x: str, *, name: str, matrix: FloatMatrix, bias: FloatMatrix) -> str:
        """See :class:`embeddings.training.onnx_graph.LinearWriter`."""
        self.inputs[name] = x
        return graph.node("Add", [graph.node("MatMul", [x, graph.weight(matrix.T)]), graph.weight(bias)])


class Int8Linear:
    """Writes linear maps as int8 products of activations that are quantised as they come."""

    def __init__(self, input_peaks: dict[str, FloatVector]) -> None:
        """Take what :func:`embeddings.training.calibration.input_peaks` measured."""
        self._input_peaks = input_peaks

    def __call__(self, graph: GraphBuilder, x: str, *, name: str, matrix: FloatMatrix, bias: FloatMatrix) -> str:
        """See :class:`embeddings.training.onnx_graph.LinearWriter`."""
        factors = outlier_factors(self._input_peaks[name])
        if bool(np.any(factors != 1)):
            x = graph.node("Mul", [x, graph.weight(1 / factors)])
        rows = quantise_rows(matrix * factors, largest=PRODUCT_RANGE)
        zero_points = np.zeros(len(matrix), dtype=np.int8)
        constants = (rows.values.T, rows.scales, zero_points, bias)
        inputs = [x, *(graph.weight(constant) for constant in constants)]
        return graph.node("DynamicQuantizeMatMul", inputs, domain=FUSED_DOMAIN)
