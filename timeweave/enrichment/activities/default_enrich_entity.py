"""Any item: what every item has, and the configured fields."""

from timeweave.enrichment.activities import Item, Parts


def default_enrich_entity(item: Item) -> Parts:
    """Nothing beyond what every item has."""
    return {}
