"""What is asked of the items of one database, and under which alias each answer comes back."""

from timeweave.enrichment.activity import Activity
from timeweave.enrichment.lineage import Step, steps_above
from timeweave.enrichment.progress import columns, lists_of, via_columns
from timeweave.enrichment.reading import IDENTITY
from timeweave.enrichment.state import state_columns
from timeweave.fibery import names
from timeweave.fibery.database import COMMENT, DOCUMENT, USER, Database
from timeweave.fibery.query import Column, list_column, value_column
from timeweave.fibery.schema import Field

DATES: dict[str, tuple[str, ...]] = {
    "started": ("Started Date", "Started", "Started at", "Actual Start Date", "Actual Start", "Dev Actual Start Date"),
    "completed": (
        "Completion Date", "Completed Date", "Completed", "Finished at", "Review Completion Date", "Actual End Date",
        "Actual End", "Dev Actual End Date", "Actual Release Date",
    ),
    "planned_start": ("Planned Start", "Planned Start Date", "Dev Planned Start Date", "Start Date"),
    "planned_end": (
        "Planned End", "Planned End Date", "Dev Planned End Date", "Planned Release Date", "ETA", "Due Date", "Deadline",
        "End Date",
    ),
    "planned_range": ("Planned dates", "Planned", "Dates"),
}  # fmt: skip
"""Labels under which teams keep these dates; of several, the first that is filled in counts."""
PEOPLE = ("Assignees", "Assignee", "Developer", "Developers", "Owner", "User")


class Plan:
    """The columns of one database's query, and what each is for."""

    def __init__(self, database: Database, activity: Activity, labels: tuple[str, ...] = ()) -> None:
        self.database, self.activity, self.configured = database, activity, labels
        self.columns: dict[str, Column] = dict(IDENTITY)
        self.dates: dict[str, list[str]] = {}
        """Aliases by part of the record, in the order in which they count."""
        self._alias_of_field: dict[str, str] = {}
        self._alias_of_label: dict[str, str | None] = {}
        self.title = self._add(database.title)
        self.created = self._add(database.named("fibery/creation-date"))
        self.modified = self._add(database.named("fibery/modification-date"))
        self.description = self._add(self._typed("Description", DOCUMENT))
        self.steps: tuple[Step, ...] = steps_above(database, activity.parents)
        self._add_dates()
        self._add_people_and_comments()
        self.columns |= state_columns(database, (), "")
        for step in self.steps:
            self.columns |= step.columns
        for label in (*labels, *activity.fields):
            self._alias_of_label[names.key(label)] = self._add(database.field(label))
        self.lists = lists_of(database, activity.items)
        self.columns |= columns(self.lists, database) | via_columns(database, activity.items)

    @property
    def ends(self) -> bool:
        """Whether an item of this database can be done at all: it has a state or a date of completion."""
        return "state_name" in self.columns or bool(self.dates["completed"])

    def alias(self, label: str) -> str | None:
        """Where the value of a label comes back; None if the database does not have it."""
        return self._alias_of_label.get(names.key(label))

    def is_comments(self, label: str) -> bool:
        """Whether a label means the comments, which every item has anyway."""
        field = self.database.field(label)
        return field is not None and field.type == COMMENT

    def _add(self, field: Field | None) -> str | None:
        if field is None:
            return None
        if field.name not in self._alias_of_field:
            alias = f"f{len(self._alias_of_field)}"
            self._alias_of_field[field.name] = alias
            if field.type != COMMENT:
                self.columns[alias] = value_column(self.database, field)
        return self._alias_of_field[field.name]

    def _add_dates(self) -> None:
        for part, labels in DATES.items():
            suffix = "-range" if part == "planned_range" else ""
            fields = (self._typed(label, f"fibery/date{suffix}", f"fibery/date-time{suffix}") for label in labels)
            self.dates[part] = [alias for field in fields if (alias := self._add(field))]

    def _add_people_and_comments(self) -> None:
        people = next(filter(None, (self._typed(label, USER) for label in PEOPLE)), None)
        select = {"name": "user/name", "email": "user/email"}
        if people and people.many:
            self.columns["people"] = list_column(people, select)
        elif people:
            self.columns |= {f"person_{part}": Column([people.name, name]) for part, name in select.items()}
        comments = next((field for field in self.database.shape.fields if field.type == COMMENT), None)
        if comments:
            said = {"at": "fibery/creation-date", "author": ["comment/author", "user/name"]}
            self.columns["comments"] = list_column(comments, {**said, "secret": "comment/document-secret"})

    def _typed(self, label: str, *types: str) -> Field | None:
        field = self.database.field(label)
        return field if field and field.type in types else None
