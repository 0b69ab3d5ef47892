"""Searches for duplicates as jobs: asked for by somebody, done aside, one at a time for the whole library."""
