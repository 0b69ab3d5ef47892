"""What decides whether and when a request is worked on: rates, bodies, lanes and deadlines."""
