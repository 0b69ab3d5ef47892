"""What is printed is as wide as the terminal; a console made while a test sets COLUMNS keeps that width."""

from recommender.cli import output

__all__ = ["output"]
