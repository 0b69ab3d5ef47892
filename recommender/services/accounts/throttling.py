"""Admits an attempt to give a password, or says how long to wait; in the database, so for all processes."""

import hashlib
import ipaddress
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from recommender.domain.errors import TooMany
from recommender.domain.throttle import BY_ADDRESS, BY_NAME, ThrottlePolicy
from recommender.store.unit_of_work import UnitOfWork

_NETWORK_BITS: Final = 64
"""Of an IPv6 address: everything behind it belongs to one household or office."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: the keys under which it counts."""

    name_key: str
    address_key: str


class Throttle:
    """Counts attempts before it is known whether they fail, so that many at once gain nothing.

    Args:
        now: the clock.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def admit(self, unit: UnitOfWork, login_name: str, address: str) -> Attempt:
        """Count an attempt as failed; :meth:`succeeded` takes that back.

        Args:
            address: of the client; ``""`` where the attempt does not come over the network.

        Raises:
            TooMany: too many have failed lately; the right password would be refused as well.
        """
        attempt = Attempt(_key("name", login_name), _key("address", _network(address)) if address else "")
        policies = {key: policy for key, policy in _policies(attempt).items() if key}
        now = self._now()
        found = unit.sign_in_attempts.locked(list(policies), now)
        wait = max(policies[key].wait(attempts, now) for key, attempts in found.items())
        if wait:
            raise TooMany("account.sign_in_pause", retry_after_s=math.ceil(wait.total_seconds()))
        for key, attempts in found.items():
            unit.sign_in_attempts.put(key, policies[key].counted(attempts, now))
        return attempt

    def succeeded(self, unit: UnitOfWork, attempt: Attempt) -> None:
        """The password was right: what was held against the name is forgotten.

        Of the address only this attempt is; otherwise an account of one's own would be a licence to guess.
        """
        unit.sign_in_attempts.forget(attempt.name_key)
        if attempt.address_key:
            unit.sign_in_attempts.forgive(attempt.address_key, 1)

    def clear(self, unit: UnitOfWork) -> None:
        """Forget what nobody has tried for a day."""
        unit.sign_in_attempts.clear(self._now() - BY_NAME.memory)


def _policies(attempt: Attempt) -> Mapping[str, ThrottlePolicy]:
    return {attempt.name_key: BY_NAME, attempt.address_key: BY_ADDRESS}


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode("utf-8", "surrogatepass")).hexdigest()


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    return str(ipaddress.ip_network((parsed, _NETWORK_BITS), strict=False))
