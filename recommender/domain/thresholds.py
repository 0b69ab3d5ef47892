"""Bounds that sort what is measured into good, middling and poor: each with label, unit and direction."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One bound, as views sort by it and pages draw it.

    Attributes:
        label: what lies on its good side is called (zh-CN).
        value: where it lies.
        unit: ``""`` for a plain ratio.
        higher_is_better: whether the good side is above it, the bound itself included.
    """

    label: str
    value: float
    unit: str = ""
    higher_is_better: bool = True

    def is_met_by(self, value: float) -> bool:
        """Whether a value lies on the good side."""
        return value >= self.value if self.higher_is_better else value <= self.value
