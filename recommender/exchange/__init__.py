"""Records from and to the files people keep: columns, reading, row errors and the import plan."""
