"""`data/summaries.json`: optional prose. Words only: every number, name and link in a report comes from code."""

from timeweave.models.entities import ItemRecord
from timeweave.runtime.document import Record


class ItemSummary(ItemRecord, frozen=True, kw_only=True):
    """What was done on one work item."""

    text: str


class PersonSummary(Record, frozen=True, kw_only=True):
    """What one person's week was about."""

    user_id: int
    text: str


class MissingSummary(Record, frozen=True, kw_only=True):
    """A summary that could not be had: the report keeps its plain text."""

    what: str
    """The item's title, the person's name, or `the team`."""
    reason: str


class Summaries(Record, frozen=True, kw_only=True):
    """Empty where no model was asked (`llm.enabled: false`)."""

    schema: int = 1
    enabled: bool = False
    model: str | None = None
    items: list[ItemSummary] = []
    people: list[PersonSummary] = []
    team: str | None = None
    dropped_sentences: int = 0
    """Sentences in another form than agreed: with a key they were not given, a digit, a link, a name, or too long."""
    missing: list[MissingSummary] = []
