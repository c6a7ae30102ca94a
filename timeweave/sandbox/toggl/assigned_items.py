"""Who works on what: the items of a sprint, dealt to the people they fall to."""

from collections import defaultdict
from functools import cache

from timeweave.sandbox.fibery.entities import Item
from timeweave.sandbox.fibery.workspace import Workspace
from timeweave.sandbox.seeded_random import pick
from timeweave.sandbox.team import Person

_WEIGHTS = {
    "Scrum/Task": 5, "Scrum/Bug": 4, "Scrum/Sub-task": 4, "Scrum/Sub-bug": 2, "Scrum/Feature": 2, "Scrum/Chore": 1,
    "Scrum/Build": 1, "Design/Work Version": 4, "Design/Design Feature": 2, "Product/Feature": 2,
    "Product Management/Request": 2,
}  # fmt: skip
"""Databases that people book time on, with how often."""
_LONG_LIVED = ("Scrum/Feature", "Product/Feature", "Design/Design Feature")


class AssignedItems:
    """The items that each person may book time on, sprint by sprint."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._by_person = cache(self._deal)

    def of(self, person: Person, sprint: int) -> list[Item]:
        """A person's items of a sprint, likelier ones several times; of anybody's where they have none."""
        dealt = self._by_person(sprint)
        return dealt.get(person.user_id) or [pick(list(dealt.values()), person.user_id, sprint)[0]]

    def any(self, *parts: object, sprint: int) -> Item:
        """Somebody's item of a sprint."""
        return pick(pick(list(self._by_person(sprint).values()), *parts, "who"), *parts, "what")

    def _deal(self, sprint: int) -> dict[int, list[Item]]:
        dealt: dict[int, list[Item]] = defaultdict(list)
        for database, weight in _WEIGHTS.items():
            first = sprint - 2 if database in _LONG_LIVED else sprint
            for number in self.workspace.numbering(database).numbers(first, sprint):
                item = self.workspace.item(database, number)
                if item.timeline.deleted is None:
                    dealt[self.workspace.owner(item)] += [item] * weight
        return dict(sorted(dealt.items()))
