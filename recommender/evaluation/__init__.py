"""How well the matcher finds what is known to be right: test collections, metrics, comparison, tuning."""
