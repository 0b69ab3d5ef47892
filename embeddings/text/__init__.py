"""Normalise, segment and split Chinese text, keeping every character's place in the original."""
