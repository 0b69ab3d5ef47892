"""Helping a need into words: how complete it is, which indicators it names, what was asked before."""
