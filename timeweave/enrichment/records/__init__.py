"""Records of `data/enriched.json`, and how far the features in them are."""
