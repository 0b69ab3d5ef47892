"""Writes BERT with mean pooling as an ONNX graph of int8 products and fused operators.

Written node by node from the weights instead of traced and then pattern-fused: the graph is short, the
same source gives the same bytes, and neither torch nor an exporter's version decides what is inside.
"""

from typing import Any, Final, Protocol

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from embeddings.training.bert_source import BertSource
from embeddings.training.quantise import FULL_RANGE, quantise_rows
from embeddings.types import FloatMatrix

INPUT_NAME: Final = "input_ids"
OUTPUT_NAME: Final = "embedding"
FUSED_DOMAIN: Final = "com.microsoft"
_STANDARD: Final = ""
_OPSET: Final = 18
_IR_VERSION: Final = 9


class GraphBuilder:
    """Collects nodes and weights; every method that adds a node returns the name of its result."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._initialisers: list[onnx.TensorProto] = []

    def weight(self, array: "np.ndarray[Any, Any]") -> str:
        """Add a constant tensor."""
        name = f"weight_{len(self._initialisers)}"
        self._initialisers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, operator: str, inputs: list[str], *, domain: str = _STANDARD, **attributes: Any) -> str:
        """Add a node with one result."""
        return self.node_with_results(operator, inputs, n_results=1, domain=domain, **attributes)[0]

    def node_with_results(
        self, operator: str, inputs: list[str], *, n_results: int, domain: str = _STANDARD, **attributes: Any
    ) -> list[str]:
        """Add a node with several results."""
        results = [f"{operator}_{len(self._nodes)}_{index}" for index in range(n_results)]
        self._nodes.append(helper.make_node(operator, inputs, results, domain=domain, **attributes))
        return results

    def build(self, result: str, *, dimension: int) -> onnx.ModelProto:
        """Close the graph: ``result`` (1, dimension) becomes its output."""
        self._nodes.append(helper.make_node("Identity", [result], [OUTPUT_NAME]))
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info(INPUT_NAME, TensorProto.INT64, [1, "n_tokens"])],
            [helper.make_tensor_value_info(OUTPUT_NAME, TensorProto.FLOAT, [1, dimension])],
            self._initialisers,
        )
        opsets = [helper.make_opsetid(_STANDARD, _OPSET), helper.make_opsetid(FUSED_DOMAIN, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)


class LinearWriter(Protocol):
    """Adds ``x @ matrix.T + bias`` to a graph in one number format or another."""

    def __call__(self, graph: GraphBuilder, x: str, *, name: str, matrix: FloatMatrix, bias: FloatMatrix) -> str:
        """Return the result's name.

        Args:
            graph: where the nodes go.
            x: name of the (1, n_tokens, n_in) float32 input.
            name: which linear map of the model this is; unique.
            matrix: (n_out, n_in).
            bias: (n_out,).
        """
        ...


def build_bert_graph(source: BertSource, linear: LinearWriter) -> onnx.ModelProto:
    """The whole encoder: token ids (1, n_tokens) int64 → unit vector (1, dimension) float32.

    One text per run: no padding and no attention mask, see ``embeddings.encoders.onnx``.
    """
    graph = GraphBuilder()
    x = _embed(graph, source)
    for layer in range(source.n_layers):
        x = _layer(graph, source, linear, x=x, prefix=f"encoder.layer.{layer}.")
    x = graph.node("ReduceMean", [x, graph.weight(np.array([1], dtype=np.int64))], keepdims=0)
    x = graph.node("LpNormalization", [x], axis=1, p=2)
    return graph.build(x, dimension=source.dimension)


def _embed(graph: GraphBuilder, source: BertSource) -> str:
    weights = source.weights
    table = quantise_rows(weights["embeddings.word_embeddings.weight"], largest=FULL_RANGE)
    words = graph.node("Gather", [graph.weight(table.values), INPUT_NAME])
    words = graph.node("Cast", [words], to=TensorProto.FLOAT)
    scales = graph.node("Gather", [graph.weight(table.scales[:, np.newaxis]), INPUT_NAME])
    words = graph.node("Mul", [words, scales])
    # A single text is all segment 0, so its vector belongs to every position.
    positions = (
        weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    )
    n_tokens = graph.node("Shape", [INPUT_NAME], start=1, end=2)
    start = graph.weight(np.array([0], dtype=np.int64))
    rows = graph.node(
        "Slice", [graph.weight(positions[np.newaxis]), start, n_tokens, graph.weight(np.array([1]))]
    )
    return _normalise(graph, source, x=words, residual=rows, prefix="embeddings.LayerNorm")


def _layer(graph: GraphBuilder, source: BertSource, linear: LinearWriter, *, x: str, prefix: str) -> str:
    attended = _attention(graph, source, linear, x=x, prefix=prefix + "attention.self.")
    y = _dense(graph, source, linear, x=attended, prefix=prefix + "attention.output.dense")
    x = _normalise(graph, source, x=y, residual=x, prefix=prefix + "attention.output.LayerNorm")
    y = _dense(graph, source, linear, x=x, prefix=prefix + "intermediate.dense")
    y = graph.node("Gelu", [y], domain=FUSED_DOMAIN)
    y = _dense(graph, source, linear, x=y, prefix=prefix + "output.dense")
    return _normalise(graph, source, x=y, residual=x, prefix=prefix + "output.LayerNorm")


def _dense(graph: GraphBuilder, source: BertSource, linear: LinearWriter, *, x: str, prefix: str) -> str:
    matrix, bias = source.weights[prefix + ".weight"], source.weights[prefix + ".bias"]
    return linear(graph, x, name=prefix, matrix=matrix, bias=bias)


def _attention(graph: GraphBuilder, source: BertSource, linear: LinearWriter, *, x: str, prefix: str) -> str:
    # One product for the three projections: x is quantised once and the kernel sees a wider matrix.
    names = [prefix + part for part in ("query", "key", "value")]
    matrix = np.concatenate([source.weights[name + ".weight"] for name in names])
    bias = np.concatenate([source.weights[name + ".bias"] for name in names])
    joined = linear(graph, x, name=prefix + "joined", matrix=matrix, bias=bias)
    parts = graph.node_with_results("Split", [joined], n_results=3, axis=2, num_outputs=3)
    return graph.node("MultiHeadAttention", parts, domain=FUSED_DOMAIN, num_heads=source.n_heads)


def _normalise(graph: GraphBuilder, source: BertSource, *, x: str, residual: str, prefix: str) -> str:
    """Layer normalisation of ``x + residual``.

    Spelled out because onnxruntime's own kernel sums sequentially: with the row sums as products it takes
    a third of the time at 150 tokens.
    """
    scale, shift = source.weights[prefix + ".weight"], source.weights[prefix + ".bias"]
    averaging = graph.weight(np.full((len(scale), 1), 1 / len(scale), dtype=np.float32))
    total = graph.node("Add", [x, residual])
    centred = graph.node("Sub", [total, graph.node("MatMul", [total, averaging])])
    variance = graph.node("MatMul", [graph.node("Mul", [centred, centred]), averaging])
    epsilon = graph.weight(np.array([source.layer_norm_epsilon], dtype=np.float32))
    deviation = graph.node("Sqrt", [graph.node("Add", [variance, epsilon])])
    scaled = graph.node("Mul", [graph.node("Div", [centred, deviation]), graph.weight(scale)])
    return graph.node("Add", [scaled, graph.weight(shift)])
