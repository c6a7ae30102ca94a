"""Time without a work item as rows to show, one for each text."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence

from timeweave.models.person_work import PersonActivity
from timeweave.reports.formatting import sanitize
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.sections import item_rows
from timeweave.reports.sections.item_rows import ItemRow, PersonShare


def build_text_rows(data: ReportData, people: Sequence[ReportPerson]) -> list[ItemRow]:
    """Time without an item, by text, most first."""
    logged: dict[str, list[tuple[ReportPerson, PersonActivity]]] = defaultdict(list)
    for person in people:
        for activity in person.work.activities:
            logged[activity.text].append((person, activity))
    found = [_build_text_row(data, text, own) for text, own in logged.items()]
    return sorted(found, key=lambda row: (-row.seconds, row.title, row.anchor))


def _build_text_row(data: ReportData, text: str, logged: list[tuple[ReportPerson, PersonActivity]]) -> ItemRow:
    by_person, by_category, by_project = Counter[str](), Counter[str](), Counter[str]()
    for person, activity in logged:
        by_person[person.key] += activity.seconds
        by_category[activity.category] += activity.seconds
        by_project.update(activity.projects)
    seconds = sum(by_person.values())
    return ItemRow(
        anchor=make_text_anchor(text),
        title=sanitize.shorten(text, item_rows.TITLE),
        reference="",
        hours=data.hours.exact(seconds),
        seconds=seconds,
        entries=sum(len(activity.entries) for _, activity in logged),
        categories=item_rows.sort_by_seconds(by_category),
        projects=item_rows.sort_by_seconds(by_project),
        text=True,
        people=[
            PersonShare(data.people[key], data.hours.exact(amount), amount)
            for key, amount in item_rows.sort_by_seconds(by_person).items()
        ],
    )


def make_text_anchor(text: str) -> str:
    """The address of a text's row."""
    return f"t-{zlib.crc32(text.encode(errors='surrogatepass')):08x}"
