"""data/aggregated.json, data/history.json -> data/entities.json: the set of work items that time was logged on, and nothing else."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from timeweave.models.aggregated import Aggregated
from timeweave.models.entities import Entities, EntityKey
from timeweave.models.history import History, PastRow, SinceRow
from timeweave.runtime import document, script


def main(aggregated: Path, history: Path, out: Path) -> None:
    document.write(out, list_entities(document.read(aggregated, Aggregated), document.read(history, History)))


def list_entities(aggregated: Aggregated, history: History) -> Entities:
    """Each item once, whoever and however many worked on it, and whenever."""
    named = [entity for person in aggregated.people for entity in person.entities]
    keys = {EntityKey(space=entity.space, database=entity.database, public_id=entity.public_id) for entity in named}
    return Entities(entities=sorted(keys.union(list_past(history)), key=lambda key: key.sort_key))


def list_past(history: History) -> Iterator[EntityKey]:
    """What was named in the compared periods and since the day from which all time counts."""
    compared = (row for period in history.periods for row in period.rows)
    for row in chain[PastRow | SinceRow](compared, history.since.rows if history.since else []):
        if row.public_id is not None:
            yield EntityKey(space=row.space, database=row.database, public_id=row.public_id)


if __name__ == "__main__":
    script.run(main)
