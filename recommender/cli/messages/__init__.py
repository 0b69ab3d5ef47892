"""zh-CN sentences of the command line, by subject."""
