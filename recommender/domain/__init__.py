"""Entities, value objects and errors of the business. Pure Python; imports nothing of ours."""
