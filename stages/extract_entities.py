"""data/aggregated.json -> data/entities.json: the set of work items that time was logged on, and nothing else."""

from pathlib import Path

from timeweave.aggregation.items import place
from timeweave.models.aggregated import Aggregated
from timeweave.models.entities import Entities, EntityKey
from timeweave.runtime import document, script


def main(aggregated: Path, out: Path) -> None:
    document.write(out, entities(document.read(aggregated, Aggregated)))


def entities(aggregated: Aggregated) -> Entities:
    """Each item once, whoever and however many worked on it."""
    keys = {
        EntityKey(space=entity.space, database=entity.database, public_id=entity.public_id)
        for person in aggregated.people
        for entity in person.entities
    }
    return Entities(entities=sorted(keys, key=place))


if __name__ == "__main__":
    script.run(main)
