"""Runs: DVC experiments named by a run id, each with a manifest of what was asked, what happened and what came of it."""
