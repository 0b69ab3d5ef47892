"""How much of what is personal or confidential somebody gets to see of a list."""

from enum import StrEnum

from recommender.domain.entities import Expert, Need, Record
from recommender.domain.kinds import Confidentiality


class Disclosure(StrEnum):
    """From least to most.

    ``MASKED`` is the usual. ``NAMES`` is for keeping the lists: who an expert is stands in public sources, and a
    file with masked names cannot be imported again. ``NAMES`` and ``FULL`` ask for a purpose, which goes to the
    audit trail.
    """

    MASKED = "masked"
    NAMES = "names"
    FULL = "full"


def is_withheld(record: Record, disclosure: Disclosure) -> bool:
    """Whether a record as a whole stays out of a list: experts who have withdrawn, needs that are confidential.

    Their rows are left out rather than emptied, since a row with empty cells, imported again, would empty the
    stored record.
    """
    if disclosure is Disclosure.FULL:
        return False
    match record:
        case Expert():
            return record.consent_withdrawn_on is not None
        case Need():
            return record.confidentiality is Confidentiality.CONFIDENTIAL
    return False
