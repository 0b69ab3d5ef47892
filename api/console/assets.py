"""Styles and scripts, under an address that changes with their content, so that browsers may keep them."""

import hashlib
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from api.operations import CONSOLE_FILES

FOLDER: Final = Path(__file__).parent / "assets"


def version() -> str:
    """A digest of all files with their names."""
    digest = hashlib.sha256()
    for path in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        digest.update(path.relative_to(FOLDER).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


VERSION: Final = version()


def asset(path: str) -> str:
    """The address of a file: ``asset("css/base.css")``."""
    return f"{CONSOLE_FILES}{VERSION}/{path}"


def install_assets(app: FastAPI) -> None:
    """Serve the files; scripts find each other by relative addresses, so all have the same version."""
    app.mount(f"{CONSOLE_FILES}{VERSION}", StaticFiles(directory=FOLDER), name="console-assets")
