"""Many queries against one part of the index at once, exactly as one by one, at the price of a matrix product."""
