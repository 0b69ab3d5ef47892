"""What a process calls itself where it claims to work alone."""

import os
import socket


def holder() -> str:
    """Host and process, for others to see."""
    return f"{socket.gethostname()}:{os.getpid()}"
