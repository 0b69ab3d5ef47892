"""Use-cases of the cockpit: how matching goes, and how supply meets demand."""
