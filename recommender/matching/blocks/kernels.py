"""The inner loops of block scoring, compiled; plain arrays in, plain arrays out.

Each does for one query what :mod:`recommender.matching.fusion`, :mod:`~recommender.matching.selection` and
:mod:`~recommender.matching.aggregation` define, and the tests hold them to that. They release the interpreter's
lock, so that several blocks run side by side.

A matrix product gives the same row other last bits in another place of the block, with other threads or on
another processor. So products only choose who comes near; who stands where is decided by scores that are worked
out here once more, in one fixed order of additions: the same query gives the same bits in any company and on any
machine.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np
import numpy.typing as npt

F = TypeVar("F", bound=Callable[..., Any])

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int32]
Starts = npt.NDArray[np.int64]
Marks = npt.NDArray[np.int64]
Bars = npt.NDArray[np.uint8]
Doubles = npt.NDArray[np.float64]

_CHUNK = 256
"""Scores that are looked at together: most chunks hold none that is high enough."""
SPARE = 4
"""So many more than needed are scored once more: rounding never moves one past as many others."""
_RELAX = 0.5
"""How far the threshold falls, in units of z, where too few entities reach it."""
_STEP = 0.05
"""How far it falls at least where enough do, but not by enough."""


def kernel(function: F) -> F:
    """Compile a function on first use; the machine code is kept beside the source for the next process."""
    compiled: F = numba.njit(nogil=True, cache=True)(function)
    return compiled


@kernel
def add_terms(
    scores: Floats,
    touched: Rows,
    columns: Rows,
    factors: Floats,
    starts: Starts,
    rows: Rows,
    weights: Floats,
) -> int:
    """Add the BM25 scores of a bag of weighted words to ``(passages,)`` zeros, word after word.

    Args:
        scores: added to in place.
        touched: ``(passages,)``, filled in: the rows that have a score now, in the order they got one.
        columns: columns of the words, ascending, so that the sum is that of ``Bm25Index.score_all``.
        factors: weight of each of them in the query, above 0.
        starts, rows, weights: of :class:`embeddings.lexical.bm25.Bm25Index`.

    Returns:
        How many rows are touched.
    """
    n = 0
    for term in range(columns.size):
        factor = factors[term]
        for place in range(starts[columns[term]], starts[columns[term] + 1]):
            row = rows[place]
            if scores[row] == 0.0:
                touched[n] = row
                n += 1
            scores[row] += factor * weights[place]
    return n


@kernel
def sums_and_squares(scores: Floats, touched: Rows, classes: Bars, n_classes: int) -> tuple[Doubles, Doubles]:
    """Sum and sum of squares, ``(n_classes,)`` each, of the scores of the rows of each class.

    Args:
        scores: ``(rows,)``.
        touched: the rows whose score is not 0, each once.
        classes: ``(rows,)`` which class each row belongs to.
        n_classes: how many there are.
    """
    sums = np.zeros(n_classes)
    squares = np.zeros(n_classes)
    for place in range(touched.size):
        row = touched[place]
        value = float(scores[row])
        sums[classes[row]] += value
        squares[classes[row]] += value * value
    return sums, squares


@kernel
def combine(
    fused: Floats,
    dense: Floats,
    lexical: Floats,
    rows: Rows,
    runs: Rows,
    coefficients: tuple[float, float, float],
) -> None:
    """``a · dense + b · lexical + c`` over a population, in its order, into ``fused``.

    Args:
        fused: ``(positions,)``, filled in.
        dense, lexical: ``(passages,)``.
        rows: ``(positions,)`` rows of the population, ascending.
        runs: ``(runs, 2)`` first and last row, without the last, of its runs of neighbours: long ones are read
            several at a time. Where there are none, the rows are read one by one.
        coefficients: ``a, b, c``.
    """
    a, b, c = np.float32(coefficients[0]), np.float32(coefficients[1]), np.float32(coefficients[2])
    if runs.shape[0] == 0:
        for place in range(rows.size):
            row = rows[place]
            fused[place] = a * dense[row] + b * lexical[row] + c
    position = 0
    for run in range(runs.shape[0]):
        first, last = runs[run, 0], runs[run, 1]
        into, one, other = fused[position : position + last - first], dense[first:last], lexical[first:last]
        for place in range(last - first):
            into[place] = a * one[place] + b * other[place] + c
        position += last - first


@kernel
def pick(scores: Floats, threshold: float, picked: Rows) -> int:
    """Positions whose score is at least a threshold, ascending.

    Args:
        scores: ``(n,)``.
        threshold: most scores are below it.
        picked: ``(n,)``, filled in.

    Returns:
        How many there are.
    """
    least = np.float32(threshold)
    n_picked = 0
    for first in range(0, scores.size, _CHUNK):
        chunk = scores[first : first + _CHUNK]
        n_high = 0
        for place in range(chunk.size):  # without a branch, so that the processor takes several at a time
            n_high += chunk[place] >= least
        if n_high > 0:
            for place in range(chunk.size):
                if chunk[place] >= least:
                    picked[n_picked] = first + place
                    n_picked += 1
    return n_picked


@kernel
def best_positions(scores: npt.NDArray[np.floating[Any]], k: int) -> Rows:
    """Positions of the ``min(k, n)`` highest scores, best first; of equal ones the earlier."""
    size = min(k, scores.size)
    found = np.empty(size, dtype=np.int32)
    values = np.empty(size, dtype=scores.dtype)
    n = 0
    for position in range(scores.size):
        value = scores[position]
        if n == size and value <= values[n - 1]:
            continue
        place = n if n < size else size - 1
        while place > 0 and values[place - 1] < value:
            values[place] = values[place - 1]
            found[place] = found[place - 1]
            place -= 1
        values[place] = value
        found[place] = position
        n = min(n + 1, size)
    return found


@kernel
def vote_sum(fused: Floats, positions: Rows, strongest: Floats, discount: float) -> float:
    """The aggregated score of one entity; ``strongest`` is scratch of the length ``max_passages``."""
    n = 0
    for place in range(positions.size):
        value = fused[positions[place]]
        if n == strongest.size and value <= strongest[n - 1]:
            continue
        slot = n if n < strongest.size else strongest.size - 1
        while slot > 0 and strongest[slot - 1] < value:
            strongest[slot] = strongest[slot - 1]
            slot -= 1
        strongest[slot] = value
        n = min(n + 1, strongest.size)
    total = float(strongest[0])
    factor = 1.0
    for slot in range(1, n):
        factor *= discount
        if strongest[slot] <= 0.0:
            break
        total += factor * strongest[slot]
    return total


@kernel
def product(query: Doubles, passage: Floats) -> float:
    """Inner product of two vectors; its eight partial sums fix the order and let the processor add abreast."""
    a = b = c = d = e = f = g = h = 0.0
    whole = query.size - query.size % 8
    for place in range(0, whole, 8):
        a += query[place] * passage[place]
        b += query[place + 1] * passage[place + 1]
        c += query[place + 2] * passage[place + 2]
        d += query[place + 3] * passage[place + 3]
        e += query[place + 4] * passage[place + 4]
        f += query[place + 5] * passage[place + 5]
        g += query[place + 6] * passage[place + 6]
        h += query[place + 7] * passage[place + 7]
    for place in range(whole, query.size):
        a += query[place] * passage[place]
    return ((a + b) + (c + d)) + ((e + f) + (g + h))


@kernel
def rescore(
    near: Rows,
    rows: Rows,
    query: Doubles,
    vectors: Floats,
    lexical: Floats,
    coefficients: tuple[float, float, float],
    scores: Floats,
) -> None:
    """Fused scores of some positions, the same on every machine.

    Args:
        near: positions.
        rows: positions → passage rows.
        query: ``(dimension,)``.
        vectors: ``(passages, dimension)``.
        lexical: ``(passages,)``.
        coefficients: ``a, b, c`` of :func:`combine`.
        scores: ``(near,)``, filled in.
    """
    a, b, c = coefficients
    for place in range(near.size):
        row = rows[near[place]]
        scores[place] = a * product(query, vectors[row]) + b * lexical[row] + c


@kernel
def strongest_of(fused: Floats, positions: Rows, size: int) -> Rows:
    """The ``min(size, n)`` of some ascending positions with the highest scores; of equal ones the earlier."""
    chosen = np.empty(min(size, positions.size), dtype=np.int32)
    n = 0
    for place in range(positions.size):
        value = fused[positions[place]]
        if n == chosen.size and value <= fused[chosen[n - 1]]:
            continue
        slot = n if n < chosen.size else chosen.size - 1
        while slot > 0 and fused[chosen[slot - 1]] < value:
            chosen[slot] = chosen[slot - 1]
            slot -= 1
        chosen[slot] = positions[place]
        n = min(n + 1, chosen.size)
    return chosen


@kernel
def settle(
    fused: Floats,
    entities: Rows,
    entity_starts: Starts,
    entity_positions: Rows,
    rows: Rows,
    query: Doubles,
    vectors: Floats,
    lexical: Floats,
    coefficients: tuple[float, float, float],
    discount: float,
    max_passages: int,
    found: Rows,
    text: Floats,
    votes: Rows,
) -> None:
    """Score the entities that came near once more, and keep the best of them in order.

    Args:
        fused: ``(positions,)`` scores from the matrix product.
        entities: more of them than are kept, where there are more.
        entity_starts, entity_positions: entities → positions, ascending.
        rows, query, vectors, lexical, coefficients: as in :func:`rescore`.
        discount, max_passages: of the aggregation.
        found, text, votes: ``(k,)``, ``(k,)`` and ``(k, n)``, filled in as far as there are entities.
    """
    n_votes = votes.shape[1]
    sums = np.empty(entities.size, dtype=np.float32)
    loudest = np.full((entities.size, n_votes), -1, dtype=np.int32)
    scores = np.empty(max_passages + SPARE, dtype=np.float32)
    for number in range(entities.size):
        own = entity_positions[entity_starts[entities[number]] : entity_starts[entities[number] + 1]]
        near = strongest_of(fused, own, max_passages + SPARE)
        rescore(near, rows, query, vectors, lexical, coefficients, scores)
        sort_best_first(near, scores)
        total = float(scores[0])
        factor = 1.0
        for rank in range(1, min(near.size, max_passages)):
            factor *= discount
            total += factor * max(float(scores[rank]), 0.0)
        sums[number] = total
        for rank in range(min(n_votes, near.size, max_passages)):
            loudest[number, rank] = rows[near[rank]]
    best = best_of_entities(sums, entities, found.size)
    for place in range(best.size):
        found[place] = entities[best[place]]
        text[place] = sums[best[place]]
        votes[place] = loudest[best[place]]


@kernel
def sort_best_first(positions: Rows, scores: Floats) -> None:
    """Sort a few positions and their scores in place, best first, equal ones by position."""
    for place in range(1, positions.size):
        position, score = positions[place], scores[place]
        slot = place
        while slot > 0 and (
            scores[slot - 1] < score or (scores[slot - 1] == score and positions[slot - 1] > position)
        ):
            positions[slot], scores[slot] = positions[slot - 1], scores[slot - 1]
            slot -= 1
        positions[slot], scores[slot] = position, score


@kernel
def best_entities(
    fused: Floats,
    space: Rows,
    owner_starts: Starts,
    owners: Rows,
    entity_starts: Starts,
    entity_positions: Rows,
    barred: Bars,
    marks: Marks,
    stamp: int,
    touched: Rows,
    sums: Floats,
    threshold: float,
    reach: float,
    discount: float,
    max_passages: int,
    k: int,
) -> tuple[Rows, float]:
    """The ``min(k, eligible)`` entities with the highest aggregated scores.

    Only entities with a passage at or above a threshold are added up. An entity without one stays below
    ``threshold · reach``, so once the ``k``-th best sum reaches that, nobody else can enter; until then the
    threshold falls. Where it starts decides how long this takes, not what comes out.

    Args:
        fused: ``(positions,)`` fused scores of the kind's passages.
        space: ``(positions,)`` scratch.
        owner_starts, owners: positions → entities.
        entity_starts, entity_positions: entities → positions.
        barred: ``(entities,)`` 1 for those that may not be found.
        marks: ``(entities,)`` scratch, smaller than ``stamp`` everywhere.
        stamp: a number that grows from call to call.
        touched, sums: ``(entities,)`` scratch.
        threshold: where to start, in units of z.
        reach: ``1 + d + d² + …``, how many times its best passage an entity can be worth.
        discount, max_passages: of the aggregation.
        k: at least 1.

    Returns:
        The entities, best first, and the highest threshold that would have sufficed.
    """
    strongest = np.empty(max_passages, dtype=np.float32)
    n = 0
    enough = threshold
    picked = space[: pick(fused, threshold, space)]
    while True:
        for place in range(picked.size):
            position = picked[place]
            for link in range(owner_starts[position], owner_starts[position + 1]):
                entity = owners[link]
                if barred[entity] or marks[entity] == stamp:
                    continue
                marks[entity] = stamp
                own = entity_positions[entity_starts[entity] : entity_starts[entity + 1]]
                sums[n] = vote_sum(fused, own, strongest, discount)
                touched[n] = entity
                n += 1
        if picked.size == fused.size:
            break
        bound = threshold * reach if threshold > 0.0 else threshold
        if n >= k:
            worst = -np.partition(-sums[:n], k - 1)[k - 1]
            enough = worst / reach if worst > 0.0 else worst
            if worst >= bound:
                break
            threshold = min(threshold - _STEP, enough)
        else:
            threshold -= _RELAX
            enough = threshold
        picked = space[: pick(fused, threshold, space)]
    order = best_of_entities(sums[:n], touched[:n], k)
    return touched[order], enough


@kernel
def best_of_entities(sums: Floats, entities: Rows, k: int) -> Rows:
    """Places of the ``min(k, n)`` highest sums, best first; of equal ones that of the earlier entity."""
    size = min(k, sums.size)
    if size == 0:
        return np.empty(0, dtype=np.int32)
    worst = -np.partition(-sums, size - 1)[size - 1]
    places = np.flatnonzero(sums >= worst)
    places = places[np.argsort(entities[places])]
    order = np.argsort(-sums[places], kind="mergesort")
    return places[order[:size]].astype(np.int32)
