"""Findings and changes as sentences: parts with what each leads to, so that page, Markdown and mail say the same. The words are the templates'."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from timeweave.models.entities import EntityKey
from timeweave.models.findings import Finding
from timeweave.reports.formatting import dates, sanitize
from timeweave.reports.formatting.dates import Day
from timeweave.reports.formatting.templates import Templates
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.sections.sentence_patterns import Part, Replacement, fill_patterns
from timeweave.runtime.errors import ConfigurationError

TITLE, TEXT, SAID = 60, 90, 240
"""Characters shown of a title, of what somebody wrote, and of what a service said."""
MOST_PEOPLE, MOST_DAYS = 3, 4
UNLISTED = "Toggl does not list this person"


@dataclass(frozen=True)
class Sentence:
    """What is said, and how much time it is about."""

    parts: list[Part]
    seconds: int
    anchor: str | None = None
    """Where the rows behind it are."""
    severity: str = "notice"
    finding: Finding | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        return "".join(f"“{part.text}”" if part.quoted else part.text for part in self.parts)


class Sentences:
    """Fills the patterns of `words.j2` with what a finding says."""

    def __init__(self, data: ReportData, templates: Templates) -> None:
        self.data = data
        self._patterns: Mapping[str, str | Sequence[str]] = templates.read("words.j2", "sentences")

    def describe(self, finding: Finding, reader: ReportPerson | None = None) -> Sentence:
        """The sentence about one finding; `reader` is whose page it stands on, who need not be named beside it."""
        alone = reader is not None and finding.people == [reader.key]
        parts = self.fill(
            finding.kind, lambda name: self._find_value(finding, name), unsaid="people" if alone else None
        )
        return Sentence(_capitalize(parts), finding.seconds, self.find_anchor(finding), finding.severity, finding)

    def fill(self, key: str, find: Callable[[str], Replacement], unsaid: str | None = None) -> list[Part]:
        """The sentence `key` with its blanks filled; `unsaid` stays empty where that leaves no hole."""
        if key not in self._patterns:
            raise ConfigurationError(f"config/templates/words.j2 has no sentence for {key}; add it to `sentences`")
        patterns = self._patterns[key]
        return fill_patterns([patterns] if isinstance(patterns, str) else patterns, find, unsaid)

    def name_people(self, keys: Sequence[str], day: str | None = None, most: int = MOST_PEOPLE) -> list[Part]:
        """`A, B and 3 more`, each leading to their page."""
        people = self.data.find_people(list(keys))
        shown = [Part(person.name, person=person, day=day) for person in people[:most]]
        rest = len(people) - most
        return _join([*shown, Part(f"{rest} more")] if rest > 0 else shown)

    def name_item(self, key: EntityKey | None, otherwise: str = "") -> list[Part]:
        """The item's title, leading to its row; of one without time in the period the title that is given."""
        item = self.data.items.get(key) if key else None
        if key is None:
            return []
        title = sanitize.shorten(item.title if item else otherwise, TITLE) or sanitize.shorten(
            _write_reference(key), TITLE
        )
        return [Part(title, anchor=self.data.item_anchors.get(key))]

    def _name_reference(self, key: EntityKey | None) -> list[Part]:
        """What was written of an item that cannot be told by a title, leading to its row."""
        return (
            [Part(sanitize.shorten(_write_reference(key), TITLE), anchor=self.data.item_anchors.get(key))]
            if key
            else []
        )

    def name_feature(self, key: str | None) -> list[Part]:
        """The feature's name, leading to its group."""
        feature = self.data.features.get(key or "")
        if feature is None:
            return []
        title = sanitize.shorten(feature.name, TITLE) or f"#{feature.public_id}"
        return [Part(title, anchor=self.data.feature_anchors[feature.key])]

    def write_hours(self, seconds: int) -> list[Part]:
        """`14.2 h`, which no line should break."""
        return [Part(f"{self.data.hours.brief(seconds)} h", number=True)]

    def write_days(self, days: Sequence[str]) -> str:
        """`Fri 10 and Mon 13 Oct`; their number where there are many."""
        if len(days) > MOST_DAYS:
            return f"{len(days)} days"
        return dates.list_days([Day.parse(day) for day in days])

    def find_anchor(self, finding: Finding) -> str | None:
        """The row that a finding is about, else the list of its kind."""
        if finding.item in self.data.item_anchors:
            return self.data.item_anchors[finding.item]
        if finding.feature in self.data.feature_anchors:
            return self.data.feature_anchors[finding.feature]
        return f"x-{finding.kind}"

    def _find_value(self, finding: Finding, name: str) -> Replacement:
        """What a blank is filled with: a part of the finding, else one of its values."""
        day = finding.days[0] if len(finding.days) == 1 else None
        known: dict[str, Callable[[], Replacement]] = {
            "people": lambda: self.name_people(finding.people, day),
            "item": lambda: self.name_item(finding.item),
            "reference": lambda: self._name_reference(finding.item),
            "feature": lambda: self.name_feature(finding.feature),
            "thing": lambda: self.name_item(finding.item) or self.name_feature(finding.feature),
            "hours": lambda: self.write_hours(finding.seconds),
            "days": lambda: self.write_days(finding.days),
            "entries": lambda: count(len(finding.entry_ids), "entry", "entries"),
            "has": lambda: "has" if len(finding.entry_ids) == 1 else "have",
            "unlisted": lambda: "" if all(one.is_listed for one in self.data.find_people(finding.people)) else UNLISTED,
            "absence": lambda: "planned" if finding.values.get("planned", True) else "logged",
            "done": lambda: self._count_done(finding),
            "category": lambda: self._name_category(finding.values.get("category")),
            "database": lambda: self._name_database(finding.values.get("database")),
            "more": lambda: self._write_difference(finding, 1),
            "less": lambda: self._write_difference(finding, -1),
        }
        return known[name]() if name in known else self._write_value(name, finding.values.get(name))

    def _count_done(self, finding: Finding) -> str:
        feature = self.data.features.get(finding.feature or "")
        done = feature.completion if feature else None
        return f"{done.final} of {count(done.items, 'item', 'items')}" if done and done.items else ""

    def _name_category(self, key: str | None) -> list[Part]:
        category = self.data.categories.get(key or "")
        if category is None:
            return []
        # Without any time it has no row.
        anchor = self.data.category_anchors[category.key] if category.seconds or category.previous_seconds else None
        return [Part(self.data.category_names[category.key], anchor=anchor)]

    def _name_database(self, name: str | None) -> str:
        """Empty for what the configuration says of all databases."""
        return "" if not name or name == "default" else sanitize.shorten(name, TITLE)

    def _write_difference(self, finding: Finding, sign: int) -> Replacement:
        """The finding's hours where what is now lies on that side of the median."""
        now, usual = (finding.values.get(name) or 0 for name in ("now_seconds", "median_seconds"))
        return self.write_hours(finding.seconds) if sign * (now - usual) > 0 else []

    def _write_value(self, name: str, value: Any) -> Replacement:
        if value is None or value == "" or (name == "expected_seconds" and not value):
            return ""
        if name.endswith("_seconds") and isinstance(value, int):
            return self.write_hours(value)
        if name.endswith("_days") and isinstance(value, int):
            return count(value, "day", "days")
        if isinstance(value, list):
            return _join([Part(sanitize.shorten(str(one), TITLE)) for one in value[:MOST_PEOPLE]])
        if name in ("sentence", "reason"):
            return sanitize.shorten(str(value), SAID).rstrip(".")
        text = sanitize.shorten(str(value), TEXT)
        if name in ("text", "title"):
            return [Part(text, quoted=True)] if text else ""
        day = dates.parse_day(text, self.data.zone) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
        return f"{day.weekday} {day.short}" if day else text


def count(number: int, one: str, many: str) -> str:
    """`1 entry`, `3 entries`."""
    return f"{number:,} {one if number == 1 else many}"


def _capitalize(parts: list[Part]) -> list[Part]:
    """A sentence that lost its first words begins with a capital; names and what somebody wrote stay as they are."""
    first = parts[0]
    if first.person or first.anchor or first.quoted:
        return parts
    return [replace(first, text=first.text[:1].upper() + first.text[1:]), *parts[1:]]


def _write_reference(key: EntityKey) -> str:
    return f"{'/'.join(part for part in (key.space, key.database) if part)} #{key.public_id}".strip()


def _join(parts: Sequence[Part]) -> list[Part]:
    found: list[Part] = []
    for at, part in enumerate(parts):
        if at:
            found.append(Part(" and " if at == len(parts) - 1 else ", "))
        found.append(part)
    return found
