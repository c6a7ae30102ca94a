"""Brings word of runs to people: by mail, chat and whatever else apprise knows."""
