"""Toggl Track: the fetch that loses nothing, the archive of days, the names behind the ids."""
