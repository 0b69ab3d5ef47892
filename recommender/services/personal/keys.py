"""Use-cases of the keys of contacts: look at them, and change to a new one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from recommender.domain.accounts import Actor, Permission
from recommender.domain.errors import Unavailable
from recommender.domain.match import AuditEntry
from recommender.services.personal.messages import KEYS_NONE, KEYS_OK
from recommender.services.readiness import Check
from recommender.store.database import Database
from recommender.store.keys import KeyFile
from recommender.store.sealing import Sealing


@dataclass(frozen=True, slots=True)
class KeyState:
    """Where the keys are, how many there are, and the id of the one that seals."""

    path: str
    n_keys: int
    current: str


@dataclass(frozen=True, slots=True)
class Rotation:
    """What became of a change of keys."""

    current: str
    sealing: Sealing
    dropped_former: bool


class KeyService:
    """Rotates keys; running servers notice by themselves."""

    def __init__(self, database: Database, file: KeyFile, now: Callable[[], datetime]) -> None:
        self._database = database
        self._file = file
        self._now = now

    def show(self) -> KeyState:
        """What there is.

        Raises:
            Unavailable: there are no keys.
        """
        ring = self._file.read()
        return KeyState(str(self._file.path), len(ring.keys), ring.current)

    def check(self) -> Check:
        """Whether contacts can be read and written."""
        try:
            state = self.show()
        except Unavailable as error:
            if not self._file.exists and not self._database.holds_sealed():
                return Check("keys", ok=True, detail=KEYS_NONE)
            return Check("keys", ok=False, detail=str(error))
        return Check("keys", ok=True, detail=KEYS_OK.format(path=state.path, current=state.current))

    def rotate(self, actor: Actor, *, drop_former: bool = False) -> Rotation:
        """Seal from now on with a new key, and everything that is stored with it again.

        A crash in between leaves both keys in the file; to rotate again completes it.

        Args:
            drop_former: delete former keys, unless something stays sealed with them; backups from before can then
                no longer be read.

        Raises:
            Forbidden: the actor manages no persons.
            Unavailable: there are no keys, or the file cannot be written.
        """
        actor.require(Permission.PERSONS_MANAGE)
        ring = self._file.read().rotated()
        self._file.replace(ring)
        sealing = self._database.reseal()
        drops = drop_former and not sealing.n_locked
        if drops:
            self._file.replace(ring.without_former())
        with self._database.write() as unit:
            unit.audit.append(
                AuditEntry(
                    at=self._now(),
                    actor=actor.id,
                    action="personal:keys:rotate",
                    target=ring.current,
                    detail={
                        "n_records": sealing.n_records,
                        "n_remembered": sealing.n_remembered,
                        "n_locked": sealing.n_locked,
                        "dropped_former": drops,
                    },
                )
            )
        return Rotation(ring.current, sealing, drops)
