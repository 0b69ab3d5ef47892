"""Everything spoken over HTTP: it translates between requests and services and decides nothing."""
