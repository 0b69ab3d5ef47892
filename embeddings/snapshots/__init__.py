"""Index generations on disk: one folder each, verified by a manifest, published by one pointer flip."""
