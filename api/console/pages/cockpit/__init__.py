"""The cockpit: figures of a period, coverage and gaps, exposure, goals."""

from api.console.pages.cockpit.page import router

__all__ = ["router"]
