"""What the model is told of a period: the team, each person and each item, under keys that stand for names.

Hours and dates are left out on purpose: numbers come from code, and more time on an item must not ask for it again.
People and team are told which items took most time by their order alone. No answer is part of another input.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from timeweave.llm.person_names import PersonNames
from timeweave.models.analysis import Analysis
from timeweave.models.directory import Directory
from timeweave.models.enriched import EntityStatus
from timeweave.models.entities import EntityKey
from timeweave.models.person_work import PersonWork
from timeweave.models.work_items import WorkItem
from timeweave.reports.formatting import sanitize

KEY = re.compile(r"\{([IP]\d{1,5})\}")
"""I1, I2, … for items, P1, P2, … for people: in braces where a name belongs."""
LONGEST_TEXT, LONGEST_REMARK, LONGEST_NAME = 2_000, 300, 160
MOST_REMARKS, MOST_TEXTS, MOST_ITEMS = 5, 20, 60
_LONGEST_PART = 64
"""Of a name or an address: half of one may be left where reading ends."""


class SummaryKind(StrEnum):
    """What a summary is about."""

    TEAM = "team"
    PERSON = "person"
    ITEM = "item"


@dataclass(frozen=True)
class SummaryInput:
    """What one summary is written from."""

    kind: SummaryKind
    subject: tuple[Any, ...]
    """The item's reference, or the person's user id."""
    data: dict[str, Any]
    """Strings, lists and mappings of these."""
    names: dict[str, str]
    """What code puts in the place of each key."""
    people: PersonNames
    """Everybody's: whoever is named in an answer is named by a key."""
    database: str = ""
    """`Space/Database` of the item."""

    @property
    def block(self) -> str:
        """The data as the prompt shows it."""
        return json.dumps(self.data, ensure_ascii=False, indent=1, sort_keys=True)


class PeriodInputs:
    """The inputs of all summaries of a period."""

    def __init__(self, analysis: Analysis, directory: Directory, pseudonyms: bool) -> None:
        """`pseudonyms` leaves no name of a person in the data."""
        self._people = {person.key: person for person in analysis.people}
        self._items = [item for item in analysis.items if item.entity.status is EntityStatus.FOUND]
        self._names = PersonNames(_list_people(analysis, directory))
        self._hide = self._names.hide if pseudonyms else str
        self._texts = _list_texts(analysis.people)

    def describe(self) -> Iterator[SummaryInput]:
        """All inputs, what matters to most readers first, and of items those that took most time."""
        if self._items:
            yield self._describe_team(self._items[:MOST_ITEMS])
        for person in self._people.values():
            if own := self._list_items(person):
                yield self._describe_person(person, own[:MOST_ITEMS])
        yield from map(self._describe_item, self._items)

    def _list_items(self, person: PersonWork) -> list[WorkItem]:
        """The person's items, those with most of their time first."""
        seconds: dict[EntityKey, int] = defaultdict(int)
        for part in person.items:
            seconds[part.key] += part.seconds
        own = [item for item in self._items if item.key in seconds]
        return sorted(own, key=lambda item: (-seconds[item.key], item.key.sort_key))

    def _list_workers(self, items: Iterable[WorkItem]) -> list[PersonWork]:
        """Whoever logged time on them, by user id."""
        keys = {one.key for item in items for one in item.people}
        return sorted((self._people[key] for key in keys), key=lambda person: person.user_id or 0)

    def _describe_team(self, items: list[WorkItem]) -> SummaryInput:
        people = self._list_workers(items)
        keys = {person.key: f"P{number}" for number, person in enumerate(people, 1)}
        described = [
            self._describe_briefly(item, number) | {"people": [keys[one.key] for one in self._list_workers([item])]}
            for number, item in enumerate(items, 1)
        ]
        return self._build(SummaryKind.TEAM, (), {"items": described}, items, people)

    def _describe_person(self, person: PersonWork, items: list[WorkItem]) -> SummaryInput:
        activities = list(dict.fromkeys(activity.text for activity in person.activities if activity.text))
        data = {
            "person": "P1",
            "items": [self._describe_briefly(item, number) for number, item in enumerate(items, 1)],
            "other activities": [self._quote(text) for text in sorted(activities)[:MOST_TEXTS]],
        }
        return self._build(SummaryKind.PERSON, (person.user_id,), data, items, [person])

    def _describe_item(self, item: WorkItem) -> SummaryInput:
        entity, people = item.entity, self._list_workers([item])
        logged = sorted(text for text in self._texts[item.key] if text)
        data = self._describe_briefly(item, 1) | {
            "description": self._quote(entity.description, LONGEST_TEXT),
            "comments": [self._quote(comment.text) for comment in entity.comments[-MOST_REMARKS:]],
            "logged": [self._quote(text) for text in logged[:MOST_TEXTS]],
            "part of": [self._quote(parent.name) for parent in entity.parents],
            "people": [f"P{number}" for number, _ in enumerate(people, 1)],
        }
        reference = (item.key.space, item.key.database, item.key.public_id)
        return self._build(SummaryKind.ITEM, (reference,), data, [item], people)

    def _describe_briefly(self, item: WorkItem, number: int) -> dict[str, Any]:
        return {
            "key": f"I{number}",
            "title": self._quote(item.entity.name),
            "state": self._quote(item.entity.state.name if item.entity.state else None),
            "description": self._quote(item.entity.description),
        }

    def _build(
        self, kind: SummaryKind, subject: tuple[Any, ...], data: dict[str, Any], items: list[WorkItem],
        people: list[PersonWork],
    ) -> SummaryInput:  # fmt: skip
        titles = [sanitize.shorten(item.entity.name or "", LONGEST_NAME) or item.entity.public_id for item in items]
        names = [sanitize.shorten(person.name, LONGEST_NAME) or f"User {person.user_id}" for person in people]
        keys = {f"I{number}": title for number, title in enumerate(titles, 1)}
        keys |= {f"P{number}": name for number, name in enumerate(names, 1)}
        database = (items[0].entity.found_as or "") if kind is SummaryKind.ITEM else ""
        return SummaryInput(kind, subject, data, keys, self._names, database)

    def _quote(self, text: str | None, longest: int = LONGEST_REMARK) -> str:
        """At most so many characters of a text, on one line; braces become round, so that it cannot pass for a key."""
        read = sanitize.clean((text or "")[: 4 * longest].replace("{", "(").replace("}", ")"))
        hidden = self._hide(read)
        return (hidden if len(text or "") <= 4 * longest else hidden[:-_LONGEST_PART])[:longest]


def _list_texts(people: Iterable[PersonWork]) -> dict[EntityKey, set[str]]:
    """The wordings of each item, whoever wrote them."""
    texts: dict[EntityKey, set[str]] = defaultdict(set)
    for person in people:
        for part in person.items:
            texts[part.key].update(part.texts)
    return texts


def _list_people(analysis: Analysis, directory: Directory) -> Iterator[tuple[str | None, str | None, int | None]]:
    """Name, e-mail and user id of all whose name may stand in a text: also of those whom no report is about."""
    yield from ((person.name, person.email, person.user_id) for person in analysis.people)
    yield from ((member.name, member.email, member.user_id) for member in directory.people)
    for item in analysis.items:
        yield from ((assignee.name, assignee.email, None) for assignee in item.entity.assignees)
        yield from ((comment.author, None, None) for comment in item.entity.comments)
