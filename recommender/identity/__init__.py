"""Finds records that probably describe the same enterprise, expert or platform, and makes one record of two."""
