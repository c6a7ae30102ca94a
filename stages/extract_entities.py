"""data/aggregated.json -> data/entities.json: the set of work items that time was logged on, and nothing else."""

from pathlib import Path

from timeweave.models.aggregated import Aggregated
from timeweave.models.entities import Entities, EntityKey
from timeweave.runtime import document, script


def main(aggregated: Path, out: Path) -> None:
    document.write(out, list_entities(document.read(aggregated, Aggregated)))


def list_entities(aggregated: Aggregated) -> Entities:
    """Each item once, whoever and however many worked on it."""
    keys = {
        EntityKey(space=entity.space, database=entity.database, public_id=entity.public_id)
        for person in aggregated.people
        for entity in person.entities
    }
    return Entities(entities=sorted(keys, key=lambda key: key.sort_key))


if __name__ == "__main__":
    script.run(main)
