"""Use-cases of feedback: decisions as data to learn from, and blind judging."""
