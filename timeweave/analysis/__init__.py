"""What the numbers mean: who was to work how much, what kind of work it was, and what does not fit."""
