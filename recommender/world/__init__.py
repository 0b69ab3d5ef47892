"""A synthetic city of any size: enterprises, needs, experts, platforms and achievements with known relevance."""
