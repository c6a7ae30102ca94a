"""Fibery: a workspace's schema, its work items and their documents, asked for in batches."""
