"""The sums over everyone shown."""

from collections.abc import Sequence

from timeweave.models.aggregated import PersonTime, Totals


def totals(people: Sequence[PersonTime], running: int) -> Totals:
    """Adds the people up; an item that several of them worked on is one of `entities`."""
    entities = [entity for person in people for entity in person.entities]
    activities = [activity for person in people for activity in person.activities]
    return Totals(
        seconds=sum(person.seconds for person in people),
        entries=sum(person.entries for person in people),
        matched_seconds=sum(entity.seconds for entity in entities),
        matched_entries=sum(entity.entries for entity in entities),
        unmatched_seconds=sum(activity.seconds for activity in activities),
        unmatched_entries=sum(activity.entries for activity in activities),
        billable_seconds=sum(person.billable_seconds for person in people),
        people=len(people),
        entities=len({(entity.space, entity.database, entity.public_id) for entity in entities}),
        running=running,
    )
