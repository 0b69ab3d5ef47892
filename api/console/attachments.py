"""Files that pages give to be saved."""

from typing import Final
from urllib.parse import quote

CSV: Final = "text/csv; charset=utf-8"
BYTE_ORDER_MARK: Final = "\ufeff"
"""At the head of a CSV; without it Excel reads UTF-8 as the local encoding."""


def attachment(name: str) -> dict[str, str]:
    """The header of an answer that is to be saved under a name."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
