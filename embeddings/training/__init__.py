"""Developer tools that turn a sentence-transformers model into the folder that is shipped, and measure it."""
