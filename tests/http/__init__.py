"""The HTTP API, tested against the real application: database, model and index included."""
