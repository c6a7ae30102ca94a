"""A workspace where every number is taken in ten databases and titles are alike; texts with the item that each means."""

from collections import Counter
from itertools import cycle
from random import Random

from timeweave.models.entities import EntityKey

DATABASES = (
    "Scrum/Task", "Scrum/Bug", "Scrum/Sub-task", "Scrum/Sub-bug", "Scrum/Feature", "Scrum/Epic", "Scrum/Chore",
    "Design/Design Feature", "Product/Feature", "Product Management/Request",
)  # fmt: skip
NUMBERS = range(1, 31)
VERBS = ("Import", "Export", "Enable", "Disable", "Encrypt", "Decrypt", "Show", "Hide", "Add", "Remove")
THINGS = (
    "contacts from CSV",
    "invoices of customers",
    "push notifications",
    "login redirect",
    "tide calendar",
    "audit log",
)
ENDINGS = (
    "",
    " for guests",
    " for members",
    " on iOS",
    " on Android",
    " (phase 1)",
    " (phase 2)",
    " v1",
    " v2",
    " of plan #3",
)
OFTEN = ("Retro", "Planning", "Fix login", "Weekly planning of the team")
"""Titles that are also what people call their meetings."""
MEETINGS = (
    "Retro with Ana",
    "Fix login of the printer",
    "Plan",
    "Weekly lunch of the team",
    "call with the bank",
    "fix",
)


class DenseWorkspace:
    """Items by database and number, a tenth of them deleted; of some titles there are several."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.titles: dict[tuple[str, int], str] = {}
        for number in NUMBERS:
            thing = self.random.choice(THINGS)
            for database in DATABASES:
                verb, ending = self.random.choice(VERBS), self.random.choice(ENDINGS)
                often = self.random.random() < 0.05
                self.titles[database, number] = self.random.choice(OFTEN) if often else f"{verb} {thing}{ending}"
        # Of two items with one number and one title, nobody could tell which was meant once one of them is gone.
        alone = Counter((number, title) for (_, number), title in self.titles.items())
        self.deleted = {
            item for item, title in self.titles.items() if self.random.random() < 0.1 and alone[item[1], title] == 1
        }

    @property
    def visible_titles(self):
        return {title for item, title in self.titles.items() if item not in self.deleted}

    @property
    def items(self):
        """What the sandbox's world is made with."""
        fields = {
            "Scrum/Task": "Scrum/Name", "Scrum/Sub-bug": "Scrum/Name", "Scrum/Epic": "Scrum/Name",
            "Design/Design Feature": "Design/Name", "Product/Feature": "Product/Name", "Scrum/Chore": "Scrum/Name",
            "Product Management/Request": "Product Management/Name",
        }  # fmt: skip
        return {
            item: None if item in self.deleted else {fields.get(item[0], "Scrum/name"): title}
            for item, title in self.titles.items()
        }

    def write_texts(self, count: int):
        """(kind, written parts of the address, text, item that is meant): by id, by a part of the address, or by title."""
        forms = cycle(
            [
                "exact",
                "lower case",
                "misspelt",
                "shortened",
                "words after",
                "nothing",
                "space",
                "database",
                "meeting",
                "title",
            ]
        )
        for _ in range(count):
            form, item = next(forms), self.random.choice(list(self.titles))
            space, _, label = item[0].partition("/")
            title, key = self.titles[item], EntityKey(space=None, database=None, public_id=str(item[1]))
            if form == "space":
                key = EntityKey(space=space, database=None, public_id=str(item[1]))
            elif form == "database":
                key = EntityKey(space=label, database=None, public_id=str(item[1]))
            text = {
                "lower case": title.lower(), "misspelt": self._misspell(title), "nothing": "",
                "shortened": " ".join(title.split()[:-1]), "words after": f"{title} - review",
            }.get(form, title)  # fmt: skip
            if form == "shortened" and text in (self.titles[database, item[1]] for database in DATABASES):
                # Nobody could tell: it is the whole title of another item of the number.
                continue
            if form == "title" and item in self.deleted and title in self.visible_titles:
                # Nor here: what is left has the same title.
                continue
            if form == "meeting":
                # The number is of something else, such as a room or a call.
                yield form, key, self.random.choice(MEETINGS), None
            else:
                yield form, None if form == "title" else key, text, item

    def _misspell(self, title: str) -> str:
        word = max(title.split(), key=len)
        at = self.random.randrange(1, len(word) - 1)
        slip = self.random.choice((word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :]))
        return title.replace(word, slip)
