"""What one query asks of the items of a database: their own columns, their parents, the lists that are counted."""
