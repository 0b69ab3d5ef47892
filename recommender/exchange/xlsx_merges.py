"""Finding the merged ranges of a worksheet, which stand behind its rows."""

import re
from typing import IO, Final

from recommender.exchange.limits import LIMITS
from recommender.exchange.merges import MergedRange
from recommender.exchange.messages import UNSAFE_MERGES
from recommender.exchange.xlsx_rows import column_number
from recommender.exchange.xlsx_xml import Suspicious

_CHUNK: Final = 1 << 20
_BEGIN: Final = re.compile(rb"<(?:\w{1,20}:)?mergeCells[\s/>]")
_END: Final = re.compile(rb"</(?:\w{1,20}:)?mergeCells\s*>")
_RANGE: Final = re.compile(rb"\sref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_LONGEST_MARK: Final = 40
_MOST_BYTES: Final = 60 * LIMITS.max_merges


def find_merges(part: IO[bytes]) -> tuple[MergedRange, ...]:
    """Ranges that begin within the columns that are read; reads the part to its end, which verifies it.

    The bytes are searched rather than parsed: unpacking a city's worksheet takes a quarter of a second,
    parsing it twice would take as long as all the rest.

    Raises:
        Suspicious: there are more ranges than anybody merges.
        BadZipFile: the part is damaged.
    """
    listed = _list_of_merges(part)
    if len(listed) > _MOST_BYTES:
        raise Suspicious(UNSAFE_MERGES)
    found = []
    for left, top, right, bottom in _RANGE.findall(listed):
        area = MergedRange(
            first_row=int(top),
            last_row=int(bottom),
            first_column=column_number(left.decode()),
            last_column=min(column_number(right.decode()), LIMITS.max_columns),
        )
        if area.first_column <= LIMITS.max_columns:
            found.append(area)
    return tuple(found)


def _list_of_merges(part: IO[bytes]) -> bytes:
    """The element that lists them, or so much of it that it is too much; read on to the end in any case."""
    listed = tail = b""
    is_complete = False
    while chunk := part.read(_CHUNK):
        if is_complete:
            continue
        if listed:
            listed += chunk
        else:
            window = tail + chunk
            # The plain search is twenty times as fast, and finds nothing in most worksheets.
            begin = _BEGIN.search(window) if b"mergeCells" in window else None
            tail = window[-_LONGEST_MARK:]
            if begin is None:
                continue
            listed = window[begin.start() :]
        is_new = max(0, len(listed) - len(chunk) - _LONGEST_MARK)
        is_complete = bool(_END.search(listed, is_new)) or len(listed) > _MOST_BYTES
    end = _END.search(listed)
    return listed[: end.start()] if end else listed
