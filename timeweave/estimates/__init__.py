"""What a run would ask, before it asks."""
