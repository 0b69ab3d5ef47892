"""One message of a worker to its parent, as bytes, so that payloads of megabytes are not pickled."""

import struct
from dataclasses import dataclass
from typing import Final

_HEAD: Final = struct.Struct("!?d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """That the worker has opened its work (all empty), or the outcome of a shard.

    Attributes:
        payload: what the work gave; empty if there is an error.
        error: "" when all is well.
        seconds: wall time spent on the shard.
    """

    payload: bytes = b""
    error: str = ""
    seconds: float = 0.0

    def packed(self) -> bytes:
        """As one message.

        >>> Reply.unpacked(Reply(payload=b"lists", seconds=2.5).packed())
        Reply(payload=b'lists', error='', seconds=2.5)
        """
        body = self.error.encode(errors="backslashreplace") if self.error else self.payload
        return _HEAD.pack(bool(self.error), self.seconds) + body

    @classmethod
    def unpacked(cls, message: bytes) -> "Reply":
        """From the bytes of :meth:`packed`."""
        failed, seconds = _HEAD.unpack_from(message)
        body = message[_HEAD.size :]
        return cls(error=body.decode(), seconds=seconds) if failed else cls(payload=body, seconds=seconds)
