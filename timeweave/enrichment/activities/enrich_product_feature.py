"""A product feature: as far as the tasks and bugs that deliver it."""

from timeweave.enrichment.activities import Item, Parts, reads


@reads(
    "Launch Date",
    items=("Tasks", "Bugs", ("Delivered by", "Tasks"), ("Delivered by", "Bugs")),
    parents=("Delivered by",),
)
def enrich_product_feature(item: Item) -> Parts:
    """Its launch is its planned end where no other is planned."""
    return {"planned_end": item.record.planned_end or item.get("Launch Date")}
