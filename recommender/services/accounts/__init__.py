"""Use-cases of accounts: managing them, signing in, sessions of browsers, tokens of programs."""
