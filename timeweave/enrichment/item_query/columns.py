"""What is asked of the items of one database, and under which alias each answer comes back."""

from timeweave.enrichment.activities import Activity
from timeweave.enrichment.item_query.amounts import AmountFields, build_amount_columns
from timeweave.enrichment.item_query.parents import ParentPath, find_parent_paths
from timeweave.enrichment.item_query.sub_item_lists import build_list_columns, build_via_columns, find_sub_item_lists
from timeweave.fibery.database import COMMENT, DOCUMENT, USER, Database
from timeweave.fibery.query import IDENTITY, Column, build_list_column, build_state_columns, build_value_column
from timeweave.fibery.schema import Field
from timeweave.runtime.name_comparison import fold

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
_TEXTS = (DOCUMENT, COMMENT)


class ItemColumns:
    """The columns of one database's query, and what each is for."""

    def __init__(
        self, database: Database, activity: Activity, labels: tuple[str, ...] = (),
        amounts: AmountFields | None = None, *, with_texts: bool = True,
    ) -> None:  # fmt: skip
        self.database, self.activity, self.amounts, self._with_texts = database, activity, amounts or {}, with_texts
        self.labels = labels if with_texts else tuple(label for label in labels if not self._is_text(label))
        """The configured fields; without texts, those that are none."""
        self.by_alias: dict[str, Column] = IDENTITY | build_amount_columns(database, self.amounts)
        self.dates: dict[str, list[str]] = {}
        """Aliases by part of the record, in the order in which they count."""
        self._alias_of_field: dict[str, str] = {}
        self._alias_of_label: dict[str, str | None] = {}
        self.title = self._add(database.title)
        self.created = self._add(database.get_field("fibery/creation-date"))
        self.modified = self._add(database.get_field("fibery/modification-date"))
        self.description = self._add(self._find_typed("Description", DOCUMENT))
        self.parents: tuple[ParentPath, ...] = find_parent_paths(database, activity.parents)
        self._add_dates()
        self._add_people_and_comments()
        self.by_alias |= build_state_columns(database, (), "")
        for parent in self.parents:
            self.by_alias |= parent.columns
        for label in (*self.labels, *activity.fields):
            self._alias_of_label[fold(label)] = self._add(database.find_field(label))
        self.lists = find_sub_item_lists(database, activity.items)
        self.by_alias |= build_list_columns(self.lists, database) | build_via_columns(database, activity.items)

    @property
    def can_be_done(self) -> bool:
        """Whether an item of this database can be done at all: it has a state or a date of completion."""
        return "state_name" in self.by_alias or bool(self.dates["completed"])

    def find_alias(self, label: str) -> str | None:
        """Where the value of a label comes back; None if the database does not have it."""
        return self._alias_of_label.get(fold(label))

    def is_comments(self, label: str) -> bool:
        """Whether a label means the comments, which every item has anyway."""
        field = self.database.find_field(label)
        return field is not None and field.type == COMMENT

    def _is_text(self, label: str) -> bool:
        field = self.database.find_field(label)
        return field is not None and field.type in _TEXTS

    def _add(self, field: Field | None) -> str | None:
        if field is None or (field.type in _TEXTS and not self._with_texts):
            return None
        if field.name not in self._alias_of_field:
            alias = f"f{len(self._alias_of_field)}"
            self._alias_of_field[field.name] = alias
            if field.type != COMMENT:
                self.by_alias[alias] = build_value_column(self.database, field)
        return self._alias_of_field[field.name]

    def _add_dates(self) -> None:
        for part, labels in DATES.items():
            suffix = "-range" if part == "planned_range" else ""
            fields = (self._find_typed(label, f"fibery/date{suffix}", f"fibery/date-time{suffix}") for label in labels)
            self.dates[part] = [alias for field in fields if (alias := self._add(field))]

    def _add_people_and_comments(self) -> None:
        people = next(filter(None, (self._find_typed(label, USER) for label in PEOPLE)), None)
        select = {"name": "user/name", "email": "user/email"}
        if people and people.many:
            self.by_alias["people"] = build_list_column(people, select)
        elif people:
            self.by_alias |= {f"person_{part}": Column([people.name, name]) for part, name in select.items()}
        comments = next((field for field in self.database.shape.fields if field.type == COMMENT), None)
        if comments and self._with_texts:
            said = {"at": "fibery/creation-date", "author": ["comment/author", "user/name"]}
            self.by_alias["comments"] = build_list_column(comments, {**said, "secret": "comment/document-secret"})

    def _find_typed(self, label: str, *types: str) -> Field | None:
        field = self.database.find_field(label)
        return field if field and field.type in types else None
