"""Use-cases: the only thing that the command line and the API call."""
