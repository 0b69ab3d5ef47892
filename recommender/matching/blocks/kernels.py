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

SPARE = 4
"""So many more than needed are scored once more: rounding never moves one past as many others."""
_RELAX = 0.5
"""How far the threshold falls, in units of z, where too few entities reach it."""


def kernel(function: F) -> F:
    """Compile a function on first use; the machine code is kept beside the source for the next process."""
    compiled: F = numba.njit(nogil=True, cache=True)(function)
    return compiled


@kernel
def add_terms(
    scores: Floats, columns: Rows, factors: Floats, starts: Starts, rows: Rows, weights: Floats
) -> None:
    """Add the BM25 scores of a bag of weighted words to ``(passages,)`` scores, word after word.

    Args:
        scores: added to in place.
        columns: columns of the words, ascending, so that the sum is that of ``Bm25Index.score_all``.
        factors: weight of each of them in the query.
        starts, rows, weights: of :class:`embeddings.lexical.bm25.Bm25Index`.
    """
    for term in range(columns.size):
        factor = factors[term]
        for place in range(starts[columns[term]], starts[columns[term] + 1]):
            scores[rows[place]] += factor * weights[place]


@kernel
def moments(scores: Floats, population: Rows) -> tuple[float, float]:
    """Mean and standard deviation of the scores of a population."""
    total = 0.0
    for position in range(population.size):
        total += scores[population[position]]
    mean = total / population.size
    squares = 0.0
    for position in range(population.size):
        distance = scores[population[position]] - mean
        squares += distance * distance
    return mean, np.sqrt(squares / population.size)


@kernel
def combine(
    fused: Floats, dense: Floats, lexical: Floats, population: Rows, a: float, b: float, c: float
) -> None:
    """``a · dense + b · lexical + c`` over a population, in its order, into ``fused``."""
    slope, other, offset = np.float32(a), np.float32(b), np.float32(c)
    for position in range(population.size):
        row = population[position]
        fused[position] = slope * dense[row] + other * lexical[row] + offset


@kernel
def best_positions(scores: Floats, k: int) -> Rows:
    """Positions of the ``min(k, n)`` highest scores, best first; of equal ones the earlier."""
    size = min(k, scores.size)
    found = np.empty(size, dtype=np.int32)
    values = np.empty(size, dtype=np.float32)
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
    """Inner product of two vectors; its four partial sums fix the order and let the processor add abreast."""
    first = second = third = fourth = 0.0
    whole = query.size - query.size % 4
    for place in range(0, whole, 4):
        first += query[place] * passage[place]
        second += query[place + 1] * passage[place + 1]
        third += query[place + 2] * passage[place + 2]
        fourth += query[place + 3] * passage[place + 3]
    for place in range(whole, query.size):
        first += query[place] * passage[place]
    return (first + second) + (third + fourth)


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
    for number in range(entities.size):
        own = entity_positions[entity_starts[entities[number]] : entity_starts[entities[number] + 1]]
        near = np.sort(strongest_of(fused, own, max_passages + SPARE))
        scores = np.empty(near.size, dtype=np.float32)
        rescore(near, rows, query, vectors, lexical, coefficients, scores)
        order = np.argsort(-scores, kind="mergesort")[:max_passages]
        total = float(scores[order[0]])
        factor = 1.0
        for rank in range(1, order.size):
            factor *= discount
            total += factor * max(float(scores[order[rank]]), 0.0)
        sums[number] = total
        for rank in range(min(n_votes, order.size)):
            loudest[number, rank] = rows[near[order[rank]]]
    best = best_of_entities(sums, entities, found.size)
    for place in range(best.size):
        found[place] = entities[best[place]]
        text[place] = sums[best[place]]
        votes[place] = loudest[best[place]]


@kernel
def best_entities(
    fused: Floats,
    owner_starts: Starts,
    owners: Rows,
    entity_starts: Starts,
    entity_positions: Rows,
    barred: Bars,
    marks: Marks,
    stamp: int,
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
        owner_starts, owners: positions → entities.
        entity_starts, entity_positions: entities → positions.
        barred: ``(entities,)`` 1 for those that may not be found.
        marks: ``(entities,)`` scratch, smaller than ``stamp`` everywhere.
        stamp: a number that grows from call to call.
        threshold: where to start, in units of z.
        reach: ``1 + d + d² + …``, how many times its best passage an entity can be worth.
        discount, max_passages: of the aggregation.
        k: at least 1.

    Returns:
        The entities, best first, and the threshold that sufficed.
    """
    touched = np.empty(barred.size, dtype=np.int32)
    sums = np.empty(barred.size, dtype=np.float32)
    strongest = np.empty(max_passages, dtype=np.float32)
    n = 0
    lowest = fused.min() if fused.size else np.float32(0.0)
    while True:
        for position in range(fused.size):
            if fused[position] < threshold:
                continue
            for place in range(owner_starts[position], owner_starts[position + 1]):
                entity = owners[place]
                if barred[entity] or marks[entity] == stamp:
                    continue
                marks[entity] = stamp
                own = entity_positions[entity_starts[entity] : entity_starts[entity + 1]]
                sums[n] = vote_sum(fused, own, strongest, discount)
                touched[n] = entity
                n += 1
        if threshold <= lowest:
            break
        bound = threshold * reach if threshold > 0.0 else threshold
        if n >= k:
            worst = -np.partition(-sums[:n], k - 1)[k - 1]
            if worst >= bound:
                break
            threshold = min(threshold - _RELAX * 0.1, worst / reach if worst > 0.0 else worst)
        else:
            threshold -= _RELAX
    order = best_of_entities(sums[:n], touched[:n], k)
    return touched[order], threshold


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
