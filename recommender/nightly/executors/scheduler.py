"""Reaching a Dask scheduler, or saying that it cannot be reached."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Final

from distributed import Client, Security
from distributed.comm.core import connect

from recommender.domain.errors import Unavailable

_GONE: Final = (OSError, RuntimeError, ValueError, CancelledError)


def unreachable(address: str) -> Unavailable:
    """The error of a scheduler that is not there, or no longer."""
    return Unavailable("nightly.scheduler_unreachable", address=address)


@contextmanager
def reaching(address: str) -> Iterator[None]:
    """Around one call of Dask's client: whatever it raises when its scheduler is lost becomes ``Unavailable``."""
    try:
        yield
    except _GONE as error:
        raise unreachable(address) from error


@contextmanager
def connected(address: str, timeout_s: float) -> Iterator[Client]:
    """A client of the scheduler, closed at the end.

    Raises:
        Unavailable: nothing that speaks Dask's language answers at that address within ``timeout_s`` seconds.
    """
    # Dask's own client waits for ever where somebody accepts and does not answer, so that is tried first; in a
    # thread, since this one may have an event loop already.
    with ThreadPoolExecutor(1) as thread:
        try:
            thread.submit(asyncio.run, _shake_hands(address, timeout_s)).result()
        except Exception as error:  # what a stranger answers may raise anything
            raise unreachable(address) from error
    with reaching(address):
        client = Client(address, timeout=timeout_s, set_as_default=False)
    try:
        yield client
    finally:
        with suppress(*_GONE):
            client.close()


async def _shake_hands(address: str, timeout_s: float) -> None:
    async with asyncio.timeout(timeout_s):
        comm = await connect(address, timeout=timeout_s, **Security().get_connection_args("client"))
        await comm.close()
