"""The workflows of needs and of matches: which step follows which, who takes it, and what is due when."""
