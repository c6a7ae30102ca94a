"""A bug: told by its root cause where nobody described it."""

from timeweave.enrichment.activities import Item, Parts, reads


@reads("Root cause", "Debugging result description", parents=("Feature",))
def enrich_scrum_bug(item: Item) -> Parts:
    """What was found out stands in for a missing description."""
    found_out = item.get("Root cause") or item.get("Debugging result description")
    return {"description": item.record.description or found_out}
