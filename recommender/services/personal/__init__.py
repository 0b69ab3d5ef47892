"""Use-cases of personal data: who sees what, consent, reveals, export, erasure, retention, processing log."""
