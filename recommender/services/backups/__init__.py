"""Taking the whole database into one file, and making a database of such a file."""
