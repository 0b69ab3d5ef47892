"""The record of a night, as a coordinator keeps it: in memory, or in files that outlive it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(kw_only=True)
class Record:
    """What was reported of every shard.

    Attributes:
        attempts: begun so often, less what was released.
        events: in order, as ``(what, shard)``.
    """

    attempts: dict[int, int]
    done: dict[int, bytes] = field(default_factory=dict)
    quarantined: dict[int, str] = field(default_factory=dict)
    failures: list[tuple[int, str]] = field(default_factory=list)
    events: list[tuple[str, int]] = field(default_factory=list)

    def pending(self) -> dict[int, int]:
        """Shards that are neither done nor given up, with their attempts."""
        over = {*self.done, *self.quarantined}
        return {shard: attempts for shard, attempts in self.attempts.items() if shard not in over}

    def callbacks(self) -> dict[str, Any]:
        """For :func:`recommender.nightly.supervision.supervise`."""
        return {
            "on_begin": self.begin,
            "on_done": self.finish,
            "on_failed": self.fail,
            "on_quarantine": self.quarantine,
            "on_release": self.release,
        }

    def begin(self, shards: Sequence[int]) -> None:
        for shard in shards:
            self.attempts[shard] += 1
            self.events.append(("begin", shard))

    def finish(self, shard: int, payload: bytes, seconds: float) -> None:
        assert seconds >= 0
        assert shard not in self.done
        self.done[shard] = payload
        self.events.append(("done", shard))

    def fail(self, shard: int, error: str) -> None:
        self.failures.append((shard, error))
        self.events.append(("failed", shard))

    def quarantine(self, shard: int, error: str) -> None:
        assert shard not in self.quarantined
        self.quarantined[shard] = error
        self.events.append(("quarantined", shard))

    def release(self, shards: Sequence[int]) -> None:
        for shard in shards:
            self.attempts[shard] -= 1
            self.events.append(("released", shard))


class FiledRecord(Record):
    """In a folder, as ``attempt-SHARD-N``, ``done-SHARD`` and ``quarantined-SHARD``."""

    def __init__(self, folder: Path, n_shards: int) -> None:
        super().__init__(
            attempts={shard: len(list(folder.glob(f"attempt-{shard}-*"))) for shard in range(n_shards)}
        )
        self._folder = folder
        for shard in range(n_shards):
            if (folder / f"done-{shard}").exists():
                self.done[shard] = (folder / f"done-{shard}").read_bytes()
            if (folder / f"quarantined-{shard}").exists():
                self.quarantined[shard] = (folder / f"quarantined-{shard}").read_text(encoding="utf-8")

    def begin(self, shards: Sequence[int]) -> None:
        super().begin(shards)
        for shard in shards:
            (self._folder / f"attempt-{shard}-{self.attempts[shard]}").touch(exist_ok=False)

    def finish(self, shard: int, payload: bytes, seconds: float) -> None:
        super().finish(shard, payload, seconds)
        # Whole or not at all: whoever writes may be killed at any moment.
        partial = self._folder / f"partial-{shard}"
        partial.write_bytes(payload)
        partial.replace(self._folder / f"done-{shard}")

    def quarantine(self, shard: int, error: str) -> None:
        super().quarantine(shard, error)
        (self._folder / f"quarantined-{shard}").write_text(error, encoding="utf-8")
