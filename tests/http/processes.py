"""What the system knows of processes."""

from pathlib import Path


def children_of(parent: int) -> dict[int, str]:
    """Command lines of the children of a process, by pid; without those that have ended."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            state, its_parent = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(its_parent) == parent and state != "Z":
            found[int(folder.name)] = command
    return found
