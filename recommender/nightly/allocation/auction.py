"""Allocation by auction: needs bid for places with suppliers, and prices rise where too many want the same.

Bertsekas' auction for assignment problems, extended to lists of several places and to suppliers with several
places. Every bid is so high that its need would rather have the next best candidate than pay more; a supplier
keeps the highest bids it has places for, and whoever is outbid looks again at the new prices. When nobody bids
any more, no need could gain more than ``epsilon`` on any place by taking another candidate at the present prices,
which bounds the loss against the best possible choice: ``epsilon`` per place filled (complementary slackness).

Spreading: the places of a supplier start at rising prices, ``spread · (k / limit)`` for the one after ``k``
others, so a supplier who already stands in many lists is taken again only where it is clearly the better one.
This makes the optimum that of relevance less a quadratic cost of exposure.

Source: D. P. Bertsekas, "Auction algorithms for network flow problems", Computational Optimization and
Applications 1 (1992), 7-66; the setting is that of assigning papers to reviewers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recommender.nightly.allocation.problem import Candidates, Choice

_NEVER: Final = np.float32(-np.inf)
Edges = npt.NDArray[np.int64]
Prices = npt.NDArray[np.float64]


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
        room = _Room(candidates, spread=self.spread)
        while True:
            needs = room.bidders()
            if not needs.size:
                return room.held
            edges, bids = self._bids(candidates, room, needs)
            if not edges.size:
                return room.held
            room.settle(edges, bids)

    def _bids(self, candidates: Candidates, room: "_Room", needs: Edges) -> tuple[Edges, Prices]:
        """The bids of needs with open places: flat candidate places, ascending, and what is offered for each.

        A need that finds nothing worth its price leaves the auction, since prices only rise.
        """
        values = np.where(
            candidates.real[needs] & ~room.held[needs],
            candidates.relevance[needs] - room.entry_price[candidates.suppliers[needs]],
            _NEVER,
        )
        n_open = candidates.list_size - room.n_held[needs]
        order = np.argsort(-values, axis=1, kind="stable")
        ranked = np.take_along_axis(values, order, axis=1)
        # What the need falls back on if outbid: its best candidate beyond the open places, or an empty place.
        beyond = np.minimum(n_open, ranked.shape[1] - 1)
        fallback = np.where(n_open < ranked.shape[1], ranked[np.arange(len(needs)), beyond], 0.0)
        fallback = np.maximum(fallback, 0.0)
        bidding = (np.arange(ranked.shape[1]) < n_open[:, None]) & (ranked >= 0.0)
        room.leave(needs[~bidding.any(axis=1)])
        rows, ranks = np.nonzero(bidding)
        columns = order[rows, ranks]
        suppliers = candidates.suppliers[needs[rows], columns]
        raise_by = np.maximum(ranked[rows, ranks] - fallback[rows], 0.0) + self.epsilon
        bids = room.entry_price[suppliers] + raise_by
        return needs[rows] * candidates.suppliers.shape[1] + columns, bids


class _Room:
    """Who holds which places at what bid, and what the next place with each supplier costs."""

    def __init__(self, candidates: Candidates, *, spread: float) -> None:
        n, self._width = candidates.suppliers.shape
        self._suppliers = candidates.suppliers.reshape(-1)
        self._limits = candidates.limits.astype(np.int64)
        self._spread = spread
        self._list_size = candidates.list_size
        self._edges = np.zeros(0, dtype=np.int64)
        self._bids = np.zeros(0, dtype=np.float64)
        self._open: Choice = np.asarray(candidates.real.any(axis=1))
        self.held: Choice = np.zeros((n, self._width), dtype=np.bool_)
        self.n_held = np.zeros(n, dtype=np.int64)
        self.entry_price = np.where(self._limits > 0, 0.0, np.inf)

    def bidders(self) -> Edges:
        """Needs with open places that may still find something, ascending."""
        return np.flatnonzero(self._open & (self.n_held < self._list_size))

    def leave(self, needs: Edges) -> None:
        """Needs that find nothing worth its price; being outbid later brings them back."""
        self._open[needs] = False

    def settle(self, edges: Edges, bids: Prices) -> None:
        """Let every supplier keep its highest bids, old and new; ties go to the earlier need."""
        wanted = np.zeros(len(self._limits), dtype=np.bool_)
        wanted[self._suppliers[edges]] = True
        affected = wanted[self._suppliers[self._edges]]
        all_edges = np.concatenate([self._edges[affected], edges])
        all_bids = np.concatenate([self._bids[affected], bids])
        suppliers = self._suppliers[all_edges]
        order = np.lexsort((all_edges, -all_bids, suppliers))
        all_edges, all_bids, suppliers = all_edges[order], all_bids[order], suppliers[order]
        starts = np.flatnonzero(np.r_[True, np.diff(suppliers) > 0])
        counts = np.diff(np.r_[starts, len(suppliers)])
        place = np.arange(len(suppliers)) - np.repeat(starts, counts)
        kept = (place < self._limits[suppliers]) & (all_bids >= self._reserve(suppliers, place))
        self._hold(all_edges, kept)
        self._edges = np.concatenate([self._edges[~affected], all_edges[kept]])
        self._bids = np.concatenate([self._bids[~affected], all_bids[kept]])
        self._price(suppliers[starts], suppliers[kept], all_bids[kept])

    def _reserve(self, suppliers: npt.NDArray[np.int32], place: Edges) -> Prices:
        """Starting price of a supplier's place that comes after ``place`` others."""
        return self._spread * place / np.maximum(self._limits[suppliers], 1)

    def _hold(self, edges: Edges, kept: Choice) -> None:
        held: Choice = self.held.reshape(-1)
        before = held[edges]
        held[edges] = kept
        needs = edges // self._width
        np.add.at(self.n_held, needs, kept.astype(np.int64) - before)
        self._open[needs[~kept]] = True

    def _price(self, touched: npt.NDArray[np.int32], suppliers: npt.NDArray[np.int32], bids: Prices) -> None:
        """What a further bid has to beat: the lowest bid held if full, else the next place's starting price."""
        n_kept = np.bincount(suppliers, minlength=len(self._limits))[touched]
        lowest = np.full(len(self._limits), np.inf)
        np.minimum.at(lowest, suppliers, bids)
        self.entry_price[touched] = np.where(
            n_kept >= self._limits[touched], lowest[touched], self._reserve(touched, n_kept)
        )
