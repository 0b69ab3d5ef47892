"""Rates: how often somebody may ask, by token buckets in the memory of this process."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

_MAX_BUCKETS: Final = 20_000
_BURST_SHARE: Final = 0.25
"""Of a minute's requests, those that may come at once after a pause."""

_IPV6_PREFIX: Final = 64
"""Bits of an address that belong to one customer of a network."""


class Rates:
    """A bucket of tokens for each name: a request takes one, and they grow back with time.

    Args:
        per_minute: tokens that grow back in a minute; 0 sets no limit.
        clock: seconds, growing.
    """

    def __init__(self, per_minute: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_minute / 60
        self._capacity = max(1.0, per_minute * _BURST_SHARE)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> int:
        """Take a token from somebody's bucket.

        Returns:
            0 where there was one, else the seconds until there will be, at least 1.
        """
        if not self._per_second:
            return 0
        now = self._clock()
        tokens, since = self._buckets.pop(name, (self._capacity, now))
        tokens = min(self._capacity, tokens + (now - since) * self._per_second)
        allowed = tokens >= 1
        self._buckets[name] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > _MAX_BUCKETS:
            # Who was away longest has the fullest bucket, so nothing is lost but a little strictness.
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - tokens) / self._per_second))


def address_name(host: str) -> str:
    """The name under which an address is counted: itself, or the network of an IPv6 address."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:  # noqa: PLR2004
        return str(address)
    return str(ipaddress.ip_network((address, _IPV6_PREFIX), strict=False))
