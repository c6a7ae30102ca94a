"""Who worked on which item: the found items of a period, each once, however people named it."""

from collections import defaultdict

from timeweave.models.aggregated import Aggregated, EntityTime
from timeweave.models.enriched import Enriched, EnrichedEntity

Key = tuple[str | None, str | None, str]


class Work:
    """An index of the documents by item and by person."""

    def __init__(self, aggregated: Aggregated, enriched: Enriched) -> None:
        self.references: dict[str | None, list[Key]] = defaultdict(list)
        """All keys of an item, by its id in Fibery."""
        for entity in enriched.entities:
            if entity.status == "found":
                self.references[entity.id].append(_key(entity))
        # An item that people named in two ways is one item, known by the first of them.
        self._first = {key: keys[0] for keys in self.references.values() for key in keys}
        self.items = {_key(e): e for e in enriched.entities if self._first.get(_key(e)) == _key(e)}
        self.texts: dict[Key, set[str]] = defaultdict(set)
        """What was logged on an item."""
        self.workers: dict[Key, list[int]] = defaultdict(list)
        """User ids, ascending."""
        self._seconds: dict[Key, int] = defaultdict(int)
        self._of_person: dict[int, dict[Key, int]] = defaultdict(lambda: defaultdict(int))
        for person in sorted(aggregated.people, key=lambda person: person.user_id):
            for time in person.entities:
                if first := self._first.get(_key(time)):
                    self._note(first, person.user_id, time)

    def longest(self, most: int, user_id: int | None = None) -> list[Key]:
        """The items that took most time, of everybody or of one person, longest first."""
        seconds = self._seconds if user_id is None else self._of_person[user_id]
        return sorted(seconds, key=lambda key: (-seconds[key], str(key)))[:most]

    def _note(self, key: Key, user_id: int, time: EntityTime) -> None:
        self.texts[key] |= {text.text for text in time.texts if text.text}
        self._seconds[key] += time.seconds
        self._of_person[user_id][key] += time.seconds
        if user_id not in self.workers[key]:
            self.workers[key].append(user_id)


def _key(one: EntityTime | EnrichedEntity) -> Key:
    return one.space, one.database, one.public_id
