"""What long work has in common: a thread that looks for it, a lease, its progress, patience with the store."""
