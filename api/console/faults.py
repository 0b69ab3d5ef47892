"""Why a job in the background came to nothing, in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from recommender.domain.jobs import JobFault
from recommender.domain.messages import ERRORS

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def said(fault: JobFault | None, *, fallback: str, instead: Mapping[str, str] = _NOTHING) -> str:
    """A fault in words, ``""`` where there is none.

    Args:
        fallback: code of the sentence where the fault has none of its own, or one about other facts.
        instead: sentences by code that suit pages better than those of the errors.
    """
    if fault is None:
        return ""
    sentence = instead.get(fault.code) or ERRORS.get(fault.code) or ERRORS[fallback]
    try:
        return sentence.format(**fault.context)
    except KeyError:
        # Written by an earlier version, with other facts.
        return ERRORS[fallback]
