"""Turns texts into unit vectors; everything that knows a model file lives here."""
