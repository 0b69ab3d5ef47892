"""Whole databases as lines of text that either kind of database can give and take."""
