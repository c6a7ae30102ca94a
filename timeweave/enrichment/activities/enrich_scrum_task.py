"""A task: planned to end with its review where nothing else is planned."""

from timeweave.enrichment.activities import Item, Parts, reads


@reads("Review Planned End", parents=("Feature", "BA Feature"))
def enrich_scrum_task(item: Item) -> Parts:
    """The planned end of the review stands in for the task's own."""
    return {"planned_end": item.record.planned_end or item.get("Review Planned End")}
