"""The questions of a period: each item, each person, the team, with just the data that the words are to draw on.

Hours and dates are left out on purpose: numbers come from code, and more time on an item must not ask for it again.
People and team are told which items took most time by their order alone.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from timeweave.llm.belief import rendered
from timeweave.llm.outside import Reading, everybody
from timeweave.llm.pseudonyms import Pseudonyms
from timeweave.llm.question import Question
from timeweave.llm.work import Key, Work
from timeweave.models.aggregated import Aggregated, PersonTime
from timeweave.models.directory import Directory
from timeweave.models.enriched import Enriched, EnrichedEntity
from timeweave.reports.formatting import sanitize

Written = dict[Key, list[str]]
"""What was said of items, in sentences whose keys are those of the item's own question."""
LONGEST_TEXT, LONGEST_REMARK, LONGEST_NAME = 2_000, 300, 160
MOST_REMARKS, MOST_TEXTS, MOST_ITEMS = 5, 20, 60
COLLEAGUE = "a colleague"


class Material:
    """What is known of a period, ready to be asked about."""

    def __init__(
        self, aggregated: Aggregated, enriched: Enriched, directory: Directory, kind_of: Callable[[str], str],
        masked: bool,
    ) -> None:  # fmt: skip
        """`kind_of` names the prompt for a `Space/Database`; `masked` leaves no name of a person in the data."""
        self._people = {person.user_id: person for person in aggregated.people}
        self._work = Work(aggregated, enriched)
        self._kind_of = kind_of
        known = list(everybody(aggregated, enriched, directory))
        self._hide = Pseudonyms(known).hide if masked else str
        parts = (part for name, _, _ in known for part in re.findall(r"[^\W\d_]{2,}", name or ""))
        self._known = frozenset(part.casefold() for part in parts)

    def items(self) -> Iterator[Question]:
        """A question for each item that was found, in the order of the documents; its subject are all its references."""
        for key, entity in self._work.items.items():
            reading, people = Reading(self._hide), _keys("P", self._work.workers[key])
            texts = sorted(self._work.texts[key])[:MOST_TEXTS]
            data = {
                "key": "I1",
                "title": reading.shown(entity.name, LONGEST_REMARK),
                "state": reading.shown(_state(entity), LONGEST_REMARK),
                "description": reading.shown(entity.description, LONGEST_TEXT),
                "comments": [reading.shown(c.text, LONGEST_REMARK) for c in entity.comments[-MOST_REMARKS:]],
                "logged": [reading.shown(text, LONGEST_REMARK) for text in texts],
                "part of": [reading.shown(parent.name, LONGEST_REMARK) for parent in entity.parents],
                "people": list(people.values()),
            }
            kind, subject = self._kind_of(entity.found_as or ""), tuple(self._work.references[entity.id])
            yield self._question(kind, subject, data, {key: "I1"}, people, reading)

    def people(self, written: Written) -> Iterator[Question]:
        """A question for each person who worked on an item, their longest first."""
        for user_id, person in self._people.items():
            if mine := self._work.longest(MOST_ITEMS, user_id):
                yield self._about(person, _keys("I", mine), written)

    def team(self, written: Written) -> Question | None:
        """The question about everybody, on the items that took most time, longest first; None where nobody worked on any."""
        keys = _keys("I", self._work.longest(MOST_ITEMS))
        people = _keys("P", sorted({user_id for key in keys for user_id in self._work.workers[key]}))
        if not people:
            return None
        reading = Reading(self._hide)
        items = [
            self._item(key, name, written, people, reading) | {"people": [people[u] for u in self._work.workers[key]]}
            for key, name in keys.items()
        ]
        return self._question("team", (), {"items": items}, keys, people, reading)

    def _about(self, person: PersonTime, keys: dict[Key, str], written: Written) -> Question:
        reading, people = Reading(self._hide), {person.user_id: "P1"}
        activities = [activity.text for activity in person.activities if activity.text][:MOST_TEXTS]
        data = {
            "person": "P1",
            "items": [self._item(key, name, written, people, reading) for key, name in keys.items()],
            "other activities": [reading.shown(text, LONGEST_REMARK) for text in activities],
        }
        return self._question("person", (person.user_id,), data, keys, people, reading)

    def _item(self, key: Key, name: str, written: Written, people: dict[int, str], reading: Reading) -> dict[str, Any]:
        """An item among others: with what was said of it, in the keys of this question, else its description."""
        entity, said = self._work.items[key], written.get(key)
        if said:
            workers = _keys("P", self._work.workers[key])
            theirs = {old: f"{{{people[u]}}}" if u in people else COLLEAGUE for u, old in workers.items()}
            about = reading.written(rendered(said, {"I1": f"{{{name}}}"} | theirs), LONGEST_REMARK)
        else:
            about = reading.shown(entity.description, LONGEST_REMARK)
        return {
            "key": name,
            "title": reading.shown(entity.name, LONGEST_REMARK),
            "state": reading.shown(_state(entity), LONGEST_REMARK),
            "about": about,
        }

    def _question(
        self, kind: str, subject: tuple[Any, ...], data: dict[str, Any], keys: dict[Key, str], people: dict[int, str],
        reading: Reading,
    ) -> Question:  # fmt: skip
        items = {
            n: sanitize.shorten(self._work.items[key].name or "", LONGEST_NAME) or key[2] for key, n in keys.items()
        }
        persons = {n: sanitize.shorten(self._people[u].name, LONGEST_NAME) or f"User {u}" for u, n in people.items()}
        return Question(kind, subject, data, items | persons, self._known, tuple(reading.withheld))


def _keys(letter: str, what: list[Any]) -> dict[Any, str]:
    """I1, I2, … for items, P1, P2, … for people."""
    return {one: f"{letter}{number}" for number, one in enumerate(what, 1)}


def _state(entity: EnrichedEntity) -> str:
    return entity.state.name if entity.state else ""
