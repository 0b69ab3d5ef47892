"""Runs command lines of ``matchmaker`` one after the other and says what each did and cost.

Each runs in a process of its own, forked from one that has everything imported: what is measured is the answer,
not the start of Python. Reads one JSON list of arguments a line, writes one JSON object a line.
"""

import importlib
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from recommender.cli.main import run
from recommender.settings import Settings

ROOT = Path(__file__).parents[2]
MAX_EXTRA_BYTES = 2**30
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "ctypes.dlopen")
MEDDLING = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod")


def main() -> None:
    """Answer until the input ends."""
    warm_up()
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


def warm_up() -> None:
    """Import whatever reading a file imports, with a library of its own."""
    importlib.import_module("openpyxl")  # for dates; it looks at the types of files that the machine knows
    var_dir = os.environ["MATCHMAKER_VAR_DIR"]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MATCHMAKER_VAR_DIR"] = folder
        silenced = [os.dup(1), os.dup(2)]
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            samples = ROOT / "data" / "samples"
            codes = [run(["init"]), run(["import", "check", "platforms", str(samples / "platforms.xlsx")])]
        for number, kept in enumerate(silenced, start=1):
            os.dup2(kept, number)
            os.close(kept)
    assert codes == [0, 0], codes
    os.environ["MATCHMAKER_VAR_DIR"] = var_dir


def answer(arguments: list[str]) -> dict[str, Any]:
    """Run one command line in a process of its own."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os.write(said.fileno(), json.dumps(measured(arguments)).encode())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        texts = []
        for file in (out, err, said):
            file.seek(0)
            texts.append(file.read().decode())
    result = json.loads(texts[2]) if texts[2] else {"code": f"died: {status}"}
    return {**result, "out": texts[0], "err": texts[1]}


def measured(arguments: list[str]) -> dict[str, Any]:
    """Exit code, seconds of processor time, memory beyond what was there before, and what was touched."""
    limit = _pages("/proc/self/statm", 0) + MAX_EXTRA_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    touched = watch(Path(arguments[-2]) if len(arguments) > 1 else Path())
    before = _pages("/proc/self/statm", 1)
    started, started_at = time.process_time(), time.perf_counter()
    code = run(arguments)
    sys.stdout.flush()
    return {
        "code": code,
        "seconds": time.process_time() - started,
        "wall_seconds": time.perf_counter() - started_at,
        "grown_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before) / 1e6,
        "touched": touched,
    }


def watch(subject: Path) -> list[str]:
    """Note from now on whatever opens, changes or contacts anything but the file itself and our own."""
    touched: list[str] = []
    ours = tuple(
        os.path.realpath(path)
        for path in (
            ROOT,
            sys.prefix,
            sys.base_prefix,
            os.environ["MATCHMAKER_VAR_DIR"],
            "/dev/null",
            "/proc/self",
        )
    )
    writable = os.path.realpath(Settings().var_dir)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(FORBIDDEN):
            touched.append(f"{event} {arguments!r}")
        elif event == "open" and isinstance(arguments[0], str):
            path = os.path.realpath(arguments[0])
            writes = bool((arguments[2] or 0) & WRITING)
            allowed = path.startswith(writable) if writes else (path.startswith(ours) or path == str(subject))
            if not allowed:
                touched.append(f"open {path} {arguments[1:]!r}")
        elif event in MEDDLING and not os.path.realpath(str(arguments[0])).startswith(writable):
            touched.append(f"{event} {arguments!r}")

    sys.addaudithook(hook)
    return touched


def _pages(path: str, field: int) -> int:
    return int(Path(path).read_text(encoding="ascii").split()[field]) * resource.getpagesize()


if __name__ == "__main__":
    main()
