"""The sandbox's Fibery: a workspace of invented entities and the commands that ask for them."""
