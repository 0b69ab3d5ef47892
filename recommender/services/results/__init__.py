"""Ranked answers with all that a page tells beside each: records, wishes, matches, and what is covered."""
