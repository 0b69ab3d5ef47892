"""One server process: the web application with its log and its figures, listening.

``python -m api.worker FD`` is one worker among several: it serves on a socket that it inherits, by the settings
of its environment. ``matchmaker serve`` starts them, see :mod:`recommender.cli.workers`.
"""

import socket
import sys
from typing import Final

import uvicorn

from api.app import create_app
from recommender.bootstrap import Application
from recommender.settings import Settings

START_FAILED: Final = 3
"""Exit code of a process that never came to serve."""

DRAIN_MARGIN_SECONDS: Final = 5
"""How much longer than a request may last the end of the server waits for those that run."""


def serve(application: Application, sockets: list[socket.socket] | None = None) -> int:
    """Serve until told to stop and return the exit code; requests that run then are answered.

    Args:
        sockets: that listen already; one is opened by the settings where none is given.
    """
    settings = application.settings
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
    listening = socket.socket(fileno=int(sys.argv[1]))
    return serve(Application(Settings()), [listening])


if __name__ == "__main__":
    sys.exit(main())
