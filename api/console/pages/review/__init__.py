"""The officers' desk: a queue, the case beside it, and what is decided there."""
