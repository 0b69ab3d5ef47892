"""The product: from an enterprise's need to ranked, explained experts, platforms and achievements."""
