"""Items and their rich text from Fibery: in batches, again where something is missing, page by page where lists are long."""
