"""The errors of the product: one base class with a code, a status and a zh-CN sentence that says what to do."""

from collections.abc import Sequence
from typing import ClassVar

from recommender.domain.messages import ERRORS


class MatchmakerError(Exception):
    """Base of every error a user may see.

    Args:
        code: stable dotted name, a key of :data:`recommender.domain.messages.ERRORS`.
        context: the facts that the sentence of that code names.

    ``status`` is the HTTP status; ``exit_code`` is what the command line returns (1 the data is wrong,
    2 the command is wrong).
    """

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, **context: object) -> None:
        self.code = code
        self.context = context
        super().__init__(ERRORS[code].format(**context))


class InvalidInput(MatchmakerError):
    """What was asked for is not acceptable as written."""

    status = 422
    exit_code = 2


class InvalidData(MatchmakerError):
    """A file or a record holds something that cannot be taken."""

    status = 422
    exit_code = 1


class NotFound(MatchmakerError):
    """Nothing has that id."""

    status = 404
    exit_code = 1


class NotSignedIn(MatchmakerError):
    """Nobody is known to act."""

    status = 401
    exit_code = 1


class Forbidden(MatchmakerError):
    """Who acts may not do this at all; of single objects it is said that they are not there."""

    status = 403
    exit_code = 1


class Outdated(MatchmakerError):
    """``If-Match`` names another version than the present one."""

    status = 412
    exit_code = 1


class VersionMissing(MatchmakerError):
    """A change that must say which version it changes does not."""

    status = 428
    exit_code = 2


class TooMany(MatchmakerError):
    """Too often in too short a time.

    ``retry_after_s`` is when to try again, in seconds.
    """

    status = 429
    exit_code = 1

    def __init__(self, code: str, *, retry_after_s: int, **context: object) -> None:
        super().__init__(code, retry_after_s=retry_after_s, **context)
        self.retry_after_s = retry_after_s


class Conflict(MatchmakerError):
    """The request does not fit the present state."""

    status = 409
    exit_code = 1


class BatchConflict(Conflict):
    """Some of several things that are done together cannot be done, so none was.

    ``faults`` are the id, the code and the sentence of each.
    """

    def __init__(self, code: str, *, faults: Sequence[tuple[str, str, str]], **context: object) -> None:
        super().__init__(code, n=len(faults), first=faults[0][2], **context)
        self.faults = tuple(faults)


class StillRunning(Conflict):
    """The same is being done; ``retry_after_s`` is when to ask what came of it, in seconds."""

    retry_after_s = 1


class Unavailable(MatchmakerError):
    """The system is not ready to answer; the sentence names the command that mends it.

    ``retry_after_s`` is when to look again, in seconds.
    """

    status = 503
    exit_code = 1
    retry_after_s = 5


class SearchUnavailable(Unavailable):
    """The index or the encoder cannot be used.

    Carries the code and the sentence of the failure below, which already says what to do.
    """

    def __init__(self, code: str, sentence: str) -> None:
        Exception.__init__(self, sentence)
        self.code = code
        self.context = {}
