"""What Fibery says of the items that time was logged on, for any database, driven by configuration."""
