"""Paths at which there is no file that could be read."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

from .cases import Case, Refused

UNREADABLE = Refused("import.file_unreadable", exit_code=2)
NOT_FOUND = Refused("import.file_not_found", exit_code=2)


def _fifo(folder: Path) -> Path:
    path = folder / "pipe.csv"
    os.mkfifo(path)
    return path


def _socket(folder: Path) -> Path:
    path = folder / "socket.csv"
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(folder)  # the address of a socket is limited to 107 bytes
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.fchdir(here)
        os.close(here)
    return path


def _loop(folder: Path) -> Path:
    path = folder / "loop.csv"
    path.symlink_to(path)
    return path


def _dangling(folder: Path) -> Path:
    path = folder / "dangling.csv"
    path.symlink_to(folder / "gone.csv")
    return path


def _forbidden(folder: Path) -> Path:
    path = folder / "forbidden.csv"
    path.write_text("专家编号,姓名\nZJ1,甲某\n", encoding="utf-8")
    path.chmod(0)
    return path


def _at(path: str) -> Callable[[Path], Path]:
    return lambda folder: Path(path)


CASES = (
    Case(name="folder", make=lambda folder: folder, expected=Refused("import.file_is_folder", exit_code=2)),
    Case(name="pipe", make=_fifo, expected=UNREADABLE),
    Case(name="socket", make=_socket, expected=UNREADABLE),
    Case(name="device", make=_at("/dev/zero"), expected=UNREADABLE),
    Case(name="terminal", make=_at("/dev/tty"), expected=UNREADABLE),
    Case(name="link-to-itself", make=_loop, expected=UNREADABLE),
    Case(name="link-to-nothing", make=_dangling, expected=NOT_FOUND),
    Case(name="name-too-long", make=lambda folder: folder / ("长" * 300), expected=UNREADABLE),
    Case(name="nowhere", make=lambda folder: folder / "none.csv", expected=NOT_FOUND),
    *([] if os.geteuid() == 0 else [Case(name="forbidden", make=_forbidden, expected=UNREADABLE)]),
)
