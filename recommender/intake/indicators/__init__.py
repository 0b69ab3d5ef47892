"""Technical indicators found in free Chinese text: name, comparison, value and unit, each with its place."""
