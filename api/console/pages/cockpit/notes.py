"""How figures come about, in the words of their one definition."""

from api.console.messages import cockpit as zh
from recommender.domain.measures import DEFINITIONS, Measure


def notes(high: float, *measures: Measure) -> tuple[str, ...]:
    """One line for each figure: its name, its formula, its source."""
    return tuple(note(high, measure) for measure in measures)


def note(high: float, measure: Measure) -> str:
    """Name, formula and source of a figure; ``high`` is the score from which a match is good."""
    known = DEFINITIONS[measure]
    formula = known.formula.format(high=f"{high:.2f}")
    return zh.NOTE.format(label=known.label, formula=formula, source=known.source)
