"""Timeweave: a team's logged time and its work items, woven into one account of both."""
