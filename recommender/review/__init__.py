"""How needs and matches move from state to state: transition tables, timers, outcomes and key figures."""
