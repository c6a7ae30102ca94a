"""A project as commands see it: its folder, and all of its parameters."""
