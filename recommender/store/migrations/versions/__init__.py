"""The revisions, oldest first by the number in the file name."""
