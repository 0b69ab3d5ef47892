"""Lexical retrieval: BM25 over segmented words."""
