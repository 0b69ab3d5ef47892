"""The library as columns in memory: what matches a question, how often each value occurs, in which order."""
