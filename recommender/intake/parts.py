"""The parts of a need that completeness looks at."""

from enum import StrEnum


class Part(StrEnum):
    """A part of the three-part form and what stands around it; the value is its key in the data."""

    TITLE = "title"
    DIFFICULTIES = "difficulties"
    INDICATORS = "indicators"
    CONTENT = "content"
    FOUNDATION = "foundation"
    SCENARIO = "scenario"
    FIELD = "field"
    COOPERATION = "cooperation"
    BUDGET = "budget"
    TIME = "time"
    PARTNERS = "partners"


class PartState(StrEnum):
    """How well a part is filled in."""

    MISSING = "缺失"
    VAGUE = "笼统"
    CLEAR = "具体"
