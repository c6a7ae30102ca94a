"""A person's days with their entries: from when to when, what was written, and the item it went to."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from timeweave.models.aggregated import LoggedEntry
from timeweave.reports.formatting import sanitize
from timeweave.reports.formatting.dates import Day
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.sections import item_rows, text_rows
from timeweave.reports.sections.day_grid import CellKind, DayCell, DayGrid

TEXT = item_rows.TITLE


@dataclass(frozen=True)
class EntryRow:
    """An entry as its person finds it in Toggl. Times are local."""

    id: int
    begin: str
    end: str
    hours: str
    seconds: int
    text: str
    title: str
    """The item's; empty without one."""
    anchor: str
    """Of the row in the person's table."""
    category: str


@dataclass(frozen=True)
class DayEntries:
    """A day with what was expected of it."""

    day: Day
    cell: DayCell
    hours: str
    """All that was logged."""
    seconds: int
    expected: str | None
    entries: list[EntryRow]
    toggl_url: str | None


def build_days(data: ReportData, grid: DayGrid, person: ReportPerson) -> list[DayEntries]:
    """Every day of the period with an entry, or on which one was expected, and absences."""
    entries: dict[str, list[EntryRow]] = defaultdict(list)
    for day, row in _list_entries(data, person):
        entries[day].append(row)
    days = [Day.parse(day) for day in sorted({*person.work.days, *entries})]
    shown = [_build_day(data, grid, person, day, entries.get(day.iso, [])) for day in days]
    return [one for one in shown if one.entries or one.seconds or one.cell.kind is not CellKind.NONE]


def _build_day(data: ReportData, grid: DayGrid, person: ReportPerson, day: Day, entries: list[EntryRow]) -> DayEntries:
    known = person.work.days.get(day.iso)
    seconds = known.seconds if known else sum(row.seconds for row in entries)
    url = None
    if person.toggl_url:
        url = f"{data.toggl_url.partition('/from/')[0]}/from/{day.iso}/to/{day.iso}/users/{person.work.user_id}"
    return DayEntries(
        day=day,
        cell=grid.build_day(person, day),
        hours=data.hours.exact(seconds),
        seconds=seconds,
        expected=data.hours.exact(known.expected) if known and known.expected is not None else None,
        entries=sorted(entries, key=lambda row: (row.begin, row.id)),
        toggl_url=url,
    )


def _list_entries(data: ReportData, person: ReportPerson) -> Iterator[tuple[str, EntryRow]]:
    for part in person.work.items:
        key = part.key
        item = data.items.get(key)
        title = (
            item_rows.format_title(item)
            if item
            else item_rows.format_reference("/".join(filter(None, (part.space, part.database))), part.public_id)
        )
        texts = [sanitize.shorten(text, TEXT) for text in part.texts]
        for at, entry in enumerate(part.entries):
            text = texts[part.entry_texts[at]] if at < len(part.entry_texts) else texts[0] if len(texts) == 1 else ""
            yield _build_entry(data, entry, text, title, data.item_anchors.get(key, ""), part.category)
    for activity in person.work.activities:
        text, anchor = sanitize.shorten(activity.text, TEXT), text_rows.make_text_anchor(activity.text)
        for entry in activity.entries:
            yield _build_entry(data, entry, text, "", anchor, activity.category)


def _build_entry(
    data: ReportData, entry: LoggedEntry, text: str, title: str, anchor: str, category: str
) -> tuple[str, EntryRow]:
    begin = datetime.fromisoformat(entry.start)
    # Clocks may have changed meanwhile, so the offset of the start does not hold at the end.
    end = (begin + timedelta(seconds=entry.seconds)).astimezone(data.zone).strftime("%H:%M")
    shown = "" if text.casefold() == title.casefold() else text
    row = EntryRow(
        entry.id, entry.start[11:16], end, data.hours.exact(entry.seconds), entry.seconds, shown, title, anchor,
        data.category_names.get(category, category),
    )  # fmt: skip
    return entry.start[:10], row
