"""A Toggl and a Fibery to try Timeweave on: real HTTP, invented people, nothing shared with the clients."""
