"""Sets a project up for its own accounts, and checks that it has what a run needs."""
