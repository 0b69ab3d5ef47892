"""One server process: the web application with its log and its figures, listening.

``python -m api.worker FD PARENT`` is one worker among several: it serves on a socket that it inherits, by the
settings of its environment, as long as the process lives that started it. ``matchmaker serve`` starts them, see
:mod:`recommender.cli.workers`.
"""

import logging
import os
import signal
import socket
import sys
import threading
import time
from typing import Final

import uvicorn

from api.app import create_app
from api.observability.logs import configure
from recommender.bootstrap import Application
from recommender.settings import Settings

START_FAILED: Final = 3
"""Exit code of a process that never came to serve."""

DRAIN_MARGIN_SECONDS: Final = 5
"""How much longer than a request may last the end of the server waits for those that run."""

_LOOK_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)


def serve(application: Application, sockets: list[socket.socket] | None = None) -> int:
    """Serve until told to stop and return the exit code; requests that run then are answered.

    Args:
        sockets: that listen already; one is opened by the settings where none is given.
    """
    settings = application.settings
    configure(settings.log_level, settings.log_format)
    config = uvicorn.Config(
        create_app(application),
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level.lower(),
        log_config=None,
        server_header=False,
        access_log=False,
        # Whose word on the caller's address is taken is decided in the application.
        proxy_headers=False,
        timeout_graceful_shutdown=drain_seconds(settings),
    )
    server = uvicorn.Server(config)
    server.run(sockets)
    return 0 if server.started else START_FAILED


def drain_seconds(settings: Settings) -> int:
    """How long the end of a process waits for requests that run."""
    return int(settings.deadline_seconds) + DRAIN_MARGIN_SECONDS


def main() -> int:
    """Serve as one of several workers."""
    listening, parent = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    threading.Thread(target=_end_with, args=[parent], name="parent", daemon=True).start()
    return serve(Application(Settings()), [listening])


def _end_with(parent: int) -> None:
    """End this worker when what started it is gone, since nobody would end it then."""
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    _log.warning("the parent process %d is gone; this worker ends", parent)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
