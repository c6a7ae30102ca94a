"""The documents that stages hand to each other, one module for each."""
