"""data/aggregated.json -> data/entities.json: what time was logged on, as far as Fibery has to be asked for it."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from timeweave.matching.titles import MatchingSettings, may_be_title
from timeweave.models.aggregated import Aggregated, EntityTime, PersonTime
from timeweave.models.entities import Entities, EntityKey, IncompleteReference
from timeweave.runtime import document, params, script


class Params(params.Section):
    """What this stage reads of params.yaml."""

    matching: MatchingSettings = MatchingSettings()


def main(aggregated: Path, out: Path) -> None:
    """Hours stay behind, so that more of them ask Fibery for nothing."""
    given = params.load(Params)
    people = document.read(aggregated, Aggregated).people
    document.write(out, list_entities(people, with_titles=given.matching.titles == "exact"))


def list_entities(people: Iterable[PersonTime], *, with_titles: bool) -> Entities:
    """Each reference and each text once, whoever and however many worked on it."""
    texts: dict[EntityKey, set[str]] = defaultdict(set)
    titles: set[str] = set()
    for person in people:
        for time in person.entities:
            texts[_get_key(time)] |= {wording.text for wording in time.texts}
        titles |= {activity.text for activity in person.activities if with_titles and may_be_title(activity.text)}
    keys = sorted(texts, key=lambda key: key.sort_key)
    incomplete = [
        IncompleteReference(space=key.space, database=key.database, public_id=key.public_id, texts=sorted(texts[key]))
        for key in keys
        if not key.is_complete
    ]
    return Entities(entities=keys, incomplete=incomplete, titles=sorted(titles))


def _get_key(time: EntityTime) -> EntityKey:
    return EntityKey(space=time.space, database=time.database, public_id=time.public_id)


if __name__ == "__main__":
    script.run(main)
