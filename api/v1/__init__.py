"""Version 1 of the JSON API: its operations, its schemas and how the domain maps to them."""
