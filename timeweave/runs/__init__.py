"""Runs: DVC experiments with a manifest that says what became of them."""
