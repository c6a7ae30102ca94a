"""Requests to an API: the client, its responses, addresses, pace and tokens."""
