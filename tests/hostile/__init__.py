"""Hostile and broken files, made by the tests, and how the command line answers each of them."""
