"""What the enrichment is told: its file, and which of the workspace's databases each entry is for."""
