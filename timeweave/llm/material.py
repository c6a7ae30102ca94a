"""The questions of a period: each item, each person, the team, with just the data that the words are to draw on.

Hours and dates are left out on purpose: numbers come from code, and more time on an item must not ask for it again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from timeweave.llm.pseudonyms import Pseudonyms
from timeweave.llm.question import Question
from timeweave.llm.suspicion import WITHHELD, is_instruction
from timeweave.models.aggregated import Aggregated, EntityTime, PersonTime
from timeweave.models.enriched import Enriched, EnrichedEntity

Key = tuple[str | None, str | None, str]
LONGEST_TEXT, LONGEST_REMARK = 2_000, 300
MOST_REMARKS, MOST_TEXTS, MOST_ITEMS = 5, 20, 60


class Material:
    """What is known of a period, ready to be asked about."""

    def __init__(self, aggregated: Aggregated, enriched: Enriched, kind_of: Callable[[str], str], masked: bool) -> None:
        """`kind_of` names the prompt for a `Space/Database`; `masked` leaves no name of a person in the data."""
        self._people = {person.user_id: person for person in aggregated.people}
        self._references: dict[str | None, list[Key]] = defaultdict(list)
        for entity in enriched.entities:
            if entity.status == "found":
                self._references[entity.id].append(_key(entity))
        # An item that people named in two ways is one item, known by the first of them.
        self._first = {key: keys[0] for keys in self._references.values() for key in keys}
        self._entities = {_key(e): e for e in enriched.entities if self._first.get(_key(e)) == _key(e)}
        self._kind_of = kind_of
        self._hide = Pseudonyms(_known(aggregated, enriched)).hide if masked else str
        self._times: dict[Key, list[tuple[int, EntityTime]]] = defaultdict(list)
        for person in aggregated.people:
            for time in person.entities:
                if first := self._first.get(_key(time)):
                    self._times[first].append((person.user_id, time))

    def items(self) -> Iterator[Question]:
        """A question for each item that was found, in the order of the documents; its subject are all its references."""
        for key, entity in self._entities.items():
            withheld: list[str] = []
            workers = {user_id: f"P{n}" for n, user_id in enumerate(self._workers(key), 1)}
            texts = sorted({text.text for _, time in self._times[key] for text in time.texts if text.text})
            data = {
                "key": "I1",
                "title": self._shown(entity.name, LONGEST_REMARK, withheld),
                "state": self._shown(entity.state.name if entity.state else "", LONGEST_REMARK, withheld),
                "description": self._shown(entity.description, LONGEST_TEXT, withheld),
                "comments": [self._shown(c.text, LONGEST_REMARK, withheld) for c in entity.comments[-MOST_REMARKS:]],
                "logged": [self._shown(text, LONGEST_REMARK, withheld) for text in texts[:MOST_TEXTS]],
                "part of": [self._shown(parent.name, LONGEST_REMARK, withheld) for parent in entity.parents],
                "people": list(workers.values()),
            }
            names = {"I1": entity.name or entity.public_id} | {k: self._people[u].name for u, k in workers.items()}
            subject = tuple(self._references[entity.id])
            yield Question(self._kind_of(entity.found_as or ""), subject, data, names, tuple(withheld))

    def people(self, written: dict[Key, str]) -> Iterator[Question]:
        """A question for each person who worked on an item; `written` holds what was said of items."""
        for user_id, person in self._people.items():
            mine = [key for key, entity in self._entities.items() if any(u == user_id for u, _ in self._times[key])]
            if mine:
                yield self._about(person, mine[:MOST_ITEMS], written)

    def team(self, written: dict[Key, str]) -> Question | None:
        """The question about everybody, on the items that took most time; None where nobody worked on any."""
        seconds = {key: sum(time.seconds for _, time in self._times[key]) for key in self._entities}
        chosen = set(sorted(seconds, key=lambda key: (-seconds[key], str(key)))[:MOST_ITEMS])
        keys = {key: f"I{n}" for n, key in enumerate((key for key in self._entities if key in chosen), 1)}
        workers = {u: f"P{n}" for n, u in enumerate(sorted({u for key in keys for u, _ in self._times[key]}), 1)}
        if not workers:
            return None
        withheld: list[str] = []
        items = [
            self._item(key, name, written, withheld) | {"people": [workers[u] for u in self._workers(key)]}
            for key, name in keys.items()
        ]
        names = {name: self._title(key) for key, name in keys.items()}
        names |= {key: self._people[u].name for u, key in workers.items()}
        return Question("team", (), {"items": items}, names, tuple(withheld))

    def _about(self, person: PersonTime, mine: list[Key], written: dict[Key, str]) -> Question:
        withheld: list[str] = []
        keys = {key: f"I{n}" for n, key in enumerate(mine, 1)}
        data = {
            "person": "P1",
            "items": [self._item(key, name, written, withheld) for key, name in keys.items()],
            "other activities": [
                self._shown(activity.text, LONGEST_REMARK, withheld)
                for activity in person.activities[:MOST_TEXTS] if activity.text
            ],
        }  # fmt: skip
        names = {name: self._title(key) for key, name in keys.items()} | {"P1": person.name}
        return Question("person", (person.user_id,), data, names, tuple(withheld))

    def _item(self, key: Key, name: str, written: dict[Key, str], withheld: list[str]) -> dict[str, Any]:
        entity = self._entities[key]
        said = written.get(key) or entity.description
        return {
            "key": name,
            "title": self._shown(entity.name, LONGEST_REMARK, withheld),
            "state": self._shown(entity.state.name if entity.state else "", LONGEST_REMARK, withheld),
            "about": self._shown(said, LONGEST_REMARK, withheld),
        }

    def _workers(self, key: Key) -> list[int]:
        return sorted({user_id for user_id, _ in self._times[key]})

    def _title(self, key: Key) -> str:
        return self._entities[key].name or key[2]

    def _shown(self, text: str | None, longest: int, withheld: list[str]) -> str:
        """A text as the model may see it: cut, without names if those are hidden, and no instruction."""
        whole = self._hide(" ".join((text or "").split())[:longest])
        if is_instruction(whole):
            withheld.append(whole)
            return WITHHELD
        return whole


def _key(one: EntityTime | EnrichedEntity) -> Key:
    return one.space, one.database, one.public_id


def _known(aggregated: Aggregated, enriched: Enriched) -> Iterator[tuple[str | None, str | None, int | None]]:
    """Everybody whose name may stand in a text."""
    for person in aggregated.people:
        yield person.name, person.email, person.user_id
    for entity in enriched.entities:
        for assignee in entity.assignees:
            yield assignee.name, assignee.email, None
        for comment in entity.comments:
            yield comment.author, None, None
