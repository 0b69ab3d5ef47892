"""Files that appear whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from recommender.domain.errors import Conflict, InvalidInput


@contextmanager
def new_file(path: Path, *, replace: bool) -> Iterator[IO[bytes]]:
    """A file that gets its name when the block ends without an error, and is removed otherwise.

    Args:
        replace: whether a file of that name may be replaced.

    Raises:
        Conflict: there is such a file.
        InvalidInput: the file cannot be written there.
    """
    _refuse_existing(path, replace=replace)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        try:
            with part.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _refuse_existing(path, replace=replace)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise InvalidInput("export.not_writable", path=path, reason=error.strerror or error) from error


def _refuse_existing(path: Path, *, replace: bool) -> None:
    if path.is_dir():
        raise InvalidInput("export.is_folder", path=path)
    if not replace and path.exists():
        raise Conflict("export.file_exists", path=path)
