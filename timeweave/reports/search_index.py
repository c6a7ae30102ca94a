"""What a page's script filters and finds by: names to choose from, and the rows that the page itself has no room for."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec
from markupsafe import Markup

from timeweave.reports.formatting import sanitize
from timeweave.reports.formatting.hours import HoursStyle
from timeweave.reports.report_data import NO_TEAM, ReportData, spell
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.sections.item_groups import ItemGroup
from timeweave.reports.sections.item_rows import ItemRow

LABEL, TITLE = 60, 60
_UNSAFE = re.compile("[<>&\u2028\u2029]")


class SiteIndex:
    """Numbers the names on a page; a row names its own by these numbers."""

    def __init__(
        self, data: ReportData, groups: Sequence[ItemGroup], left_out: Sequence[ItemRow] = (), *, people: bool = True
    ) -> None:
        self._data, self._left_out, self._with_people = data, left_out, people
        rows = [*(row for group in groups for row in group.rows), *left_out]
        self.categories = _number(name for row in rows for name in row.categories)
        self.states = _number(row.state for row in rows if row.state)
        self.databases = _number(row.database for row in rows if row.database)
        self.projects = _number(name for row in rows for name in row.projects if name)
        self._teams = {key: number for number, key in enumerate(data.teams)} if people else {}

    def mark_row(self, row: ItemRow) -> Markup:
        """The attributes of a row: seconds, and by person, category and project theirs of them; state and database."""
        marks = {
            "s": str(row.seconds),
            "p": _write_parts(_list_people(row)) if self._with_people else "",
            "c": _write_parts(self._number_parts(row, self.categories, row.categories)),
            "t": str(self.states[row.state]) if row.state else "",
            "d": str(self.databases[row.database]) if row.database else "",
            "j": _write_parts(self._number_parts(row, self.projects, row.projects)),
        }
        # Numbers alone, nothing from outside.
        return Markup("".join(f' data-{name}="{value}"' for name, value in marks.items() if value))  # noqa: S704

    @cached_property
    def json(self) -> Markup:
        """The same names and the rows left out, for a script element that is no script."""
        content = {
            "clock": self._data.hours.style is HoursStyle.CLOCK,
            "people": [self._describe(person) for person in self._data.people.values()] if self._with_people else [],
            "teams": [[key or "none", name or "No team"] for key, name in self._data.teams.items()]
            if len(self._teams) > 1
            else [],
            "categories": [
                [self._data.category_anchors.get(key, "c-x")[2:], self._data.category_names.get(key, key)]
                for key in self.categories
            ],
            "states": [sanitize.shorten(name, LABEL) for name in self.states],
            "databases": [[spell(name), sanitize.shorten(name, LABEL)] for name in self.databases],
            "projects": [sanitize.shorten(name, LABEL) for name in self.projects],
            "rest": [self._pack(row) for row in self._left_out],
        }
        text = msgspec.json.encode(content).decode()
        return Markup(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))  # noqa: S704 - escaped for its place

    def _describe(self, person: ReportPerson) -> list[Any]:
        return [person.slug, person.name, self._teams.get(person.work.team or NO_TEAM, -1)]

    def _pack(self, row: ItemRow) -> list[Any]:
        number = row.reference.rpartition("#")[2]
        # Most addresses follow from database and number, and need not be sent.
        follows = row.database and row.anchor == f"i-{spell(row.database)}-{number}"
        return [
            sanitize.shorten(row.title, TITLE), int(number) if number.isdecimal() else number, row.seconds,
            self.databases[row.database] if row.database else -1, self.states[row.state] if row.state else -1,
            self._number_parts(row, self.categories, row.categories), _list_people(row),
            self._number_parts(row, self.projects, row.projects), *([] if follows else [row.anchor]),
        ]  # fmt: skip

    @staticmethod
    def _number_parts(row: ItemRow, numbers: Mapping[str, int], seconds: Mapping[str, int]) -> list[int] | int:
        return _list_parts(row, [(numbers[name], amount) for name, amount in seconds.items() if name])


def _list_people(row: ItemRow) -> list[int] | int:
    return _list_parts(row, [(one.person.index, one.seconds) for one in row.people])


def _list_parts(row: ItemRow, parts: Sequence[tuple[int, int]]) -> list[int] | int:
    """Each part's number and its seconds; the last one's are left out if they are the rest of the row's."""
    flat = [number for part in parts for number in part]
    if parts and sum(flat[1::2]) == row.seconds:
        flat.pop()
    return flat[0] if len(flat) == 1 else flat


def _write_parts(parts: list[int] | int) -> str:
    """`3`, or `3:3600 4`."""
    flat = [parts] if isinstance(parts, int) else parts
    return " ".join(":".join(map(str, flat[at : at + 2])) for at in range(0, len(flat), 2))


def _number(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(sorted(set(names), key=lambda name: (name.casefold(), name)))}
