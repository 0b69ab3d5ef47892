"""Allocation by auction: needs bid for places with suppliers, and prices rise where too many want the same.

Bertsekas' auction for assignment problems, extended to lists of several places and to suppliers with several
places. Every bid is so high that its need would rather have the next best candidate than pay more; a supplier
keeps the highest bids it has places for, and whoever is outbid looks again at the new prices. When nobody bids
any more, no need could gain more than ``epsilon`` on any place by taking another candidate at the present prices,
which bounds the loss against the best possible choice: ``epsilon`` per place filled (complementary slackness).

Spreading: the places of a supplier start at rising prices, ``spread · (k / limit)`` for the one after ``k``
others, so a supplier who already stands in many lists is taken again only where it is clearly the better one.
This makes the optimum that of relevance less a quadratic cost of exposure.

Needs bid one after the other, first come, first served; whoever is outbid queues again. So the same candidates
give the same lists, and what a bid costs does not grow with the city.

Source: D. P. Bertsekas, "Auction algorithms for network flow problems", Computational Optimization and
Applications 1 (1992), 7-66; the setting is that of assigning papers to reviewers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recommender.matching.blocks.kernels import best_positions, kernel
from recommender.nightly.allocation.problem import NOBODY, Candidates, Choice

Numbers = npt.NDArray[np.int64]
Prices = npt.NDArray[np.float64]

_NOBODY: Final = NOBODY
_NO_PRICE: Final = np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Auction:
    """See the module.

    Attributes:
        spread: price of the last place of a supplier, in units of relevance; 0 spreads no more than limits ask.
        epsilon: least raise of a bid, above 0: smaller is closer to the best choice and takes longer.
    """

    spread: float = 0.0
    epsilon: float = 0.002

    def choose(self, candidates: Candidates) -> Choice:
        """Lists within the limits; a list is shorter where every further candidate is too much in demand.

        The summed relevance less the cost of exposure is within ``epsilon`` per place of the greatest there is.
        """
        held = np.zeros(candidates.suppliers.shape, dtype=np.bool_)
        if held.size:
            # A supplier needs no more places than there are needs.
            limits = np.minimum(candidates.limits, len(held)).astype(np.int64)
            _sell(
                candidates.suppliers,
                candidates.relevance,
                limits,
                candidates.list_size,
                self.spread,
                self.epsilon,
                held,
            )
        return held


@kernel
def _sell(  # noqa: PLR0917
    suppliers: npt.NDArray[np.int32],
    relevance: npt.NDArray[np.float32],
    limits: Numbers,
    list_size: int,
    spread: float,
    epsilon: float,
    held: Choice,
) -> None:
    """Let needs bid until none does any more; ``held`` is filled in.

    The places of supplier ``s`` are a heap of bids, the lowest first, at ``starts[s]`` and on; ``edges`` says
    whose each bid is, as need times width plus column.
    """
    n_needs, width = suppliers.shape
    starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(limits)))
    bids = np.empty(starts[-1], dtype=np.float64)
    edges = np.empty(starts[-1], dtype=np.int64)
    n_sold = np.zeros(limits.size, dtype=np.int64)
    n_held = np.zeros(n_needs, dtype=np.int64)
    queue = np.empty(n_needs, dtype=np.int64)
    waiting = np.ones(n_needs, dtype=np.bool_)
    for need in range(n_needs):
        queue[need] = need
    head, n_queued = 0, n_needs
    values = np.empty(width, dtype=np.float64)
    while n_queued > 0:
        need = queue[head]
        head = (head + 1) % n_needs
        n_queued -= 1
        waiting[need] = False
        n_open = list_size - n_held[need]
        _value(need, suppliers, relevance, limits, spread, held, starts, bids, n_sold, values)
        # One more than there are open places: what the need falls back on.
        order = best_positions(values, n_open + 1)
        # If outbid, it takes its best candidate beyond the open places, or leaves the place empty.
        fallback = max(values[order[n_open]], 0.0) if n_open < width else 0.0
        for rank in range(min(n_open, width)):
            column = order[rank]
            if values[column] < 0.0:
                break
            supplier = suppliers[need, column]
            paid = relevance[need, column] - values[column]
            bid = paid + max(values[column] - fallback, 0.0) + epsilon
            outbid = _place(supplier, bid, need * width + column, limits, spread, starts, bids, edges, n_sold)
            held[need, column] = True
            n_held[need] += 1
            if outbid >= 0:
                loser = outbid // width
                held[loser, outbid % width] = False
                n_held[loser] -= 1
                if not waiting[loser]:
                    waiting[loser] = True
                    queue[(head + n_queued) % n_needs] = loser
                    n_queued += 1


@kernel
def _value(  # noqa: PLR0917
    need: int,
    suppliers: npt.NDArray[np.int32],
    relevance: npt.NDArray[np.float32],
    limits: Numbers,
    spread: float,
    held: Choice,
    starts: Numbers,
    bids: Prices,
    n_sold: Numbers,
    values: Prices,
) -> None:
    """What each candidate is worth to a need beyond its price; ``-inf`` for who is held or not there."""
    for column in range(values.size):
        supplier = suppliers[need, column]
        if supplier == _NOBODY or held[need, column] or limits[supplier] == 0:
            values[column] = -_NO_PRICE
            continue
        price = _NO_PRICE
        if n_sold[supplier] < limits[supplier]:
            price = spread * n_sold[supplier] / limits[supplier]
        if n_sold[supplier] > 0:
            price = min(price, bids[starts[supplier]])
        values[column] = relevance[need, column] - price


@kernel
def _place(  # noqa: PLR0917
    supplier: int,
    bid: float,
    edge: int,
    limits: Numbers,
    spread: float,
    starts: Numbers,
    bids: Prices,
    edges: Numbers,
    n_sold: Numbers,
) -> int:
    """Give a bid its place; the edge that loses one for it, ``-1`` where nobody does.

    The lowest bid goes where there is no further place, and where it does not reach the starting price of the
    place that it would be left with.
    """
    first, n = starts[supplier], n_sold[supplier]
    lowest_must_go = n > 0 and (n == limits[supplier] or bids[first] < spread * n / limits[supplier])
    if lowest_must_go:
        outbid = edges[first]
        _sink(first, n, bid, edge, bids, edges)
        return int(outbid)
    place = n
    while place > 0:
        parent = (place - 1) // 2
        if bids[first + parent] <= bid:
            break
        bids[first + place], edges[first + place] = bids[first + parent], edges[first + parent]
        place = parent
    bids[first + place], edges[first + place] = bid, edge
    n_sold[supplier] = n + 1
    return -1


@kernel
def _sink(first: int, n: int, bid: float, edge: int, bids: Prices, edges: Numbers) -> None:  # noqa: PLR0917
    """Put a bid in place of the lowest of a heap of ``n``."""
    place = 0
    while True:
        child = 2 * place + 1
        if child >= n:
            break
        if child + 1 < n and bids[first + child + 1] < bids[first + child]:
            child += 1
        if bids[first + child] >= bid:
            break
        bids[first + place], edges[first + place] = bids[first + child], edges[first + child]
        place = child
    bids[first + place], edges[first + place] = bid, edge
