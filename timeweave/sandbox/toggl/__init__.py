"""The sandbox's Toggl Track: an invented timesheet and the two APIs that read it."""
