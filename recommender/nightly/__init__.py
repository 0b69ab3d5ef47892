"""The night's work: fresh suggestions for every enterprise, shared out so that no expert is drowned in them."""
