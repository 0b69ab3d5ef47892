"""Choosing each need's short list from its candidates under the capacity of those who are suggested."""
