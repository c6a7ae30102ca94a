"""`data/enriched.json`: what Fibery says of every reference and every likely title of `entities.json`, found or not.

What is missing has a status, never a gap; what did not come of an item is named there. Dates are `YYYY-MM-DD` or ISO 8601.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from timeweave.models.entities import EntityKey, ItemRecord, OptionalItemRecord
from timeweave.models.states import State
from timeweave.runtime.document import Record


class EntityStatus(StrEnum):
    """What became of a reference. Not found: its database has no such item that the token can see."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    UNKNOWN_DATABASE = "unknown_database"
    """Fibery has no such database, or the configuration names none that it could be."""
    UNRESOLVED = "unresolved"
    """The reference leaves out where the item is; `Enriched.matches` says for each wording which item it means, if one can be told."""
    FAILED = "failed"


NOT_FOUND = {
    EntityStatus.NOT_FOUND: "not in Fibery", EntityStatus.UNKNOWN_DATABASE: "unknown database",
    EntityStatus.UNRESOLVED: "ambiguous", EntityStatus.FAILED: "could not be fetched",
}  # fmt: skip
"""All that is no item, in the words of the reports."""


def describe_not_found(counts: Mapping[str, Any]) -> str:
    """How many were not found, and why, by status; empty where all were."""
    found = {words: int(counts.get(status) or 0) for status, words in NOT_FOUND.items()}
    reasons = ", ".join(f"{count:,} {words}" for words, count in found.items() if count)
    return f"{sum(found.values()):,} not found ({reasons})" if reasons else ""


class MatchedBy(StrEnum):
    """How time came to its item."""

    REFERENCE = "reference"
    """Space, database and number, also where people swapped the tags."""
    ID_AND_TITLE = "id_and_title"
    """The number, and of all databases that have it and agree with what is said of the place, one alone has a title that agrees with the text."""
    TITLE = "title"
    """No number: the text is the exact title of one item alone."""


class Part(StrEnum):
    """What may not come while the item does: lists of values (fields), comments, progress, that of parents, rich texts."""

    FIELDS = "fields"
    COMMENTS = "comments"
    PARENTS = "parents"
    PROGRESS = "progress"
    TEXTS = "texts"


class Assignee(Record, frozen=True, kw_only=True):
    """A person an item is assigned to."""

    name: str
    email: str | None = None


class Comment(Record, frozen=True, kw_only=True):
    """A comment, oldest first; `text` is Markdown."""

    at: str | None
    author: str | None
    text: str


class Completion(Record, frozen=True, kw_only=True):
    """How far a feature is: of its `items`, without cancelled ones, `final` are done."""

    items: int
    final: int
    seconds: int | None = None
    """The time that Fibery has on record, also on cancelled items."""
    cancelled: int = 0


class Parent(ItemRecord, frozen=True, kw_only=True):
    """One step of the chain upwards, nearest first: Sub-task → Task → Feature → Epic."""

    relation: str
    """The label of the field that leads there."""
    space: str
    database: str
    name: str
    state: State | None = None
    url: str | None = None
    progress: Completion | None = None
    """Where Fibery counts the items of it, as it does for features."""


class EnrichedEntity(ItemRecord, frozen=True, kw_only=True):
    """A reference, or an item found by its title, and what became of it: all below `reason` is null or empty unless it was found.

    Its key is the reference exactly as in `entities.json`; an item that no complete reference names is spelled as Fibery does.
    """

    status: EntityStatus
    reason: str | None = None
    """A sentence for people, unless it was found."""
    found_as: str | None = None
    """`Space/Database` as the schema spells it, where it was found."""
    activity: str | None = None
    id: str | None = None
    name: str | None = None
    url: str | None = None
    state: State | None = None
    created: str | None = None
    modified: str | None = None
    started: str | None = None
    completed: str | None = None
    planned_start: str | None = None
    planned_end: str | None = None
    overdue: bool = False
    """Planned to end before `as_of` and neither done nor cancelled."""
    assignees: list[Assignee] = []
    description: str | None = None
    """Markdown."""
    comments: list[Comment] = []
    parents: list[Parent] = []
    progress: Completion | None = None
    fields: dict[str, Any] = {}
    """The configured fields by label: text, number, bool, null, list of these, or {start, end}."""
    estimate_seconds: int | None = None
    """The field that `estimate` names in the configuration, where its unit is hours or days; null where it holds no amount."""
    estimate_points: float | None = None
    """The same where its unit is points."""
    spent_seconds: int | None = None
    """The field that `spent` names: all time that Fibery has on record."""
    missing: list[Part] = []
    """Parts that Fibery did not give, sorted; what these fields hold may be less than there is. Never those that the token may not see."""


class LikelyItem(ItemRecord, frozen=True, kw_only=True):
    """An item that a text may mean, for a person to choose from."""

    space: str
    database: str
    name: str


class Match(OptionalItemRecord, frozen=True, kw_only=True):
    """Which item a wording means, of an incomplete reference or without any; unresolved, it has no item and `reason` is a sentence."""

    text: str
    matched_by: MatchedBy | None
    item: EntityKey | None
    """The full key of the item's row."""
    likely: list[LikelyItem] = []
    """Where it is unresolved: the likeliest first. They have the number, the space and the database that are written."""
    reason: str | None = None


class UnknownField(Record, frozen=True, kw_only=True):
    """A field that the configuration asks for and its database (of `default`: every database) lacks, and what was probably meant."""

    database: str
    field: str
    suggestion: str | None


class Enriched(Record, frozen=True, kw_only=True):
    """`entities`: each reference in the order of `entities.json`, then the items found by title that no reference names, by key.

    `matches` by the sort key of the reference, then by text; of texts without a reference those alone that are the
    title of an item, or of several.
    """

    schema: int = 2
    as_of: str
    account: str | None
    """The Fibery account that items are linked to."""
    entities: list[EnrichedEntity]
    ancestors: list[EnrichedEntity] = []
    """Parents of the entities that the configuration covers, each once under its full key, by key, without texts.

    Those among the entities are left out, and those that the token may not see. One that did not come is `failed`.
    """
    matches: list[Match] = []
    asked_fields: list[str] | None = None
    """The labels of all fields that the configuration asks for, sorted; null in documents of earlier versions."""
    unknown_fields: list[UnknownField] = []
    unanswered: list[str] = []
    """Sentences about requests that failed, sorted: what they asked for is missing here, and the next run asks again. Empty where everything came."""
