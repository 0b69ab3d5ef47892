"""Passages, the entities they speak for, and the searchable index made of them."""
