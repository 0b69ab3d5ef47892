"""Exact nearest-neighbour search over unit vectors."""
