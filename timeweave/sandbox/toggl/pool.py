"""Who works on what: the items of a sprint, dealt to the people they fall to."""

from collections import defaultdict
from functools import cache

from timeweave.sandbox.chance import pick
from timeweave.sandbox.fibery.entities import Item
from timeweave.sandbox.fibery.workspace import Workspace
from timeweave.sandbox.team import Person

# Databases that people book time on, with how often.
BOOKED = {
    "Scrum/Task": 5, "Scrum/Bug": 4, "Scrum/Sub-task": 4, "Scrum/Sub-bug": 2, "Scrum/Feature": 2, "Scrum/Chore": 1,
    "Scrum/Build": 1, "Design/Work Version": 4, "Design/Design Feature": 2, "Product/Feature": 2,
    "Product Management/Request": 2,
}  # fmt: skip
_LONG_LIVED = ("Scrum/Feature", "Product/Feature", "Design/Design Feature")


class Pool:
    """The items that each person may book time on, sprint by sprint."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._dealt = cache(self._deal)

    def items(self, person: Person, sprint: int) -> list[Item]:
        """A person's items of a sprint, likelier ones several times; of anybody's where they have none."""
        dealt = self._dealt(sprint)
        return dealt.get(person.user_id) or [pick(list(dealt.values()), person.user_id, sprint)[0]]

    def any(self, *parts: object, sprint: int) -> Item:
        """Somebody's item of a sprint."""
        return pick(pick(list(self._dealt(sprint).values()), *parts, "who"), *parts, "what")

    def _deal(self, sprint: int) -> dict[int, list[Item]]:
        dealt: dict[int, list[Item]] = defaultdict(list)
        for database, weight in BOOKED.items():
            first = sprint - 2 if database in _LONG_LIVED else sprint
            for number in self._workspace.numbering(database).numbers(first, sprint):
                item = self._workspace.item(database, number)
                if item.timeline.deleted is None:
                    dealt[item.owner] += [item] * weight
        return dict(sorted(dealt.items()))
