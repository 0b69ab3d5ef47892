"""Use-cases of review: needs from draft to archive, matches from suggestion to evaluation, timers and figures."""
