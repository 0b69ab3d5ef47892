"""Use-cases of the night: run it, resume it, look at runs, publish, roll back, say what changed."""
