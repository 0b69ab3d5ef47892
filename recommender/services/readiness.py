"""Whether the system can answer, checked the way a request would use it."""

from collections.abc import Callable
from dataclasses import dataclass

from recommender.domain.errors import MatchmakerError
from recommender.matching.serving import IndexServer
from recommender.services.messages import CHECKS
from recommender.store.database import Database


@dataclass(frozen=True, slots=True)
class Check:
    """One check: ``detail`` says what was found, or what to do."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """All checks; ready when each is ok."""

    checks: tuple[Check, ...]

    @property
    def ready(self) -> bool:
        """Whether requests can be answered."""
        return all(check.ok for check in self.checks)


class ReadinessService:
    """Checks the schema and the index.

    Args:
        index: opened on the first check, since that loads the model.
        probe_encoder: encodes a text and returns the encoder's id.
    """

    def __init__(
        self, database: Database, index: Callable[[], IndexServer], probe_encoder: Callable[[], str]
    ) -> None:
        self._database = database
        self._index = index
        self._probe_encoder = probe_encoder

    def check(self) -> Readiness:
        """Check schema and index; never raises for what a user can mend."""
        return Readiness((self._guarded("schema", self._schema), self._guarded("index", self._served)))

    def diagnose(self) -> Readiness:
        """The checks of :meth:`check` and whether the encoder works."""
        return Readiness((*self.check().checks, self._guarded("encoder", self._encoder)))

    def _encoder(self) -> Check:
        return Check("encoder", ok=True, detail=CHECKS["encoder.ok"].format(encoder=self._probe_encoder()))

    def _guarded(self, name: str, check: Callable[[], Check]) -> Check:
        try:
            return check()
        except MatchmakerError as error:
            return Check(name, ok=False, detail=str(error))

    def _schema(self) -> Check:
        state = self._database.schema_state()
        if state.at_head:
            return Check("schema", ok=True, detail=CHECKS["schema.ok"].format(revision=state.head))
        return Check("schema", ok=False, detail=CHECKS["schema.behind"])

    def _served(self) -> Check:
        served = self._index().current()
        if served.problems:
            return Check("index", ok=True, detail="；".join(served.problems))
        return Check("index", ok=True, detail=CHECKS["index.ok"].format(generation=served.manifest.generation))
