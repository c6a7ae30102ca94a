"""One person's report, for that person: everything arranged, for a template to put into words. Nothing in it ranks people."""

import sys
from dataclasses import dataclass, field
from functools import cached_property

from timeweave.reports.formatting import hours
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.sections import breakdowns, day_entries, finding_rows, item_groups
from timeweave.reports.sections.breakdowns import Inferred, PartRow
from timeweave.reports.sections.day_entries import DayEntries
from timeweave.reports.sections.day_grid import DayCell, DayGrid
from timeweave.reports.sections.finding_rows import Correction
from timeweave.reports.sections.item_groups import ItemGroup
from timeweave.reports.sections.item_rows import ItemRow
from timeweave.reports.sections.sentences import Sentence, Sentences


@dataclass(frozen=True)
class PersonReport:
    """A person's period: the groups are all their time, and so are the days."""

    person: ReportPerson
    hours: str
    """All that was logged, as in a table; `brief` as in a sentence."""
    brief: str
    worked: str
    absent: str | None
    expected: str | None
    coverage: int | None
    """Worked of expected, in percent."""
    change: str | None
    billable: int | None
    on_items: int | None
    grid: DayGrid
    cells: list[DayCell]
    corrections: list[Correction]
    notes: list[Sentence]
    groups: list[ItemGroup]
    left_out: list[ItemRow]
    """Rows that `groups` had no room for."""
    projects: list[PartRow]
    inferred: Inferred | None
    summary: str | None
    data: ReportData = field(repr=False)

    @cached_property
    def days(self) -> list[DayEntries]:
        """Each day with its entries."""
        return day_entries.build_days(self.data, self.grid, self.person)


def build_person_report(
    data: ReportData, sentences: Sentences, grid: DayGrid, person: ReportPerson, most_rows: int = sys.maxsize
) -> PersonReport:
    """The report of one person; of the table of items the `most_rows` rows with most time."""
    work = person.work
    groups, left_out = item_groups.cut_rows(data, item_groups.group_for_person(data, person), most_rows)
    corrections, notes = finding_rows.build_corrections(data, sentences, person)
    change = None if work.previous_seconds is None else data.hours.change(work.seconds - work.previous_seconds)
    worked, expected = work.expected_worked_seconds or 0, work.expected_seconds
    return PersonReport(
        person=person,
        hours=data.hours.exact(work.seconds),
        brief=data.hours.brief(work.seconds),
        worked=data.hours.brief(work.worked_seconds if expected is None else worked),
        absent=data.hours.brief(work.absent_seconds) if work.absent_seconds else None,
        expected=None if expected is None else data.hours.brief(expected),
        coverage=hours.to_percent(worked, expected) if expected else None,
        change=change,
        billable=hours.to_percent(work.billable_seconds, work.seconds) if work.seconds else None,
        on_items=hours.to_percent(work.item_seconds, work.seconds) if work.seconds else None,
        grid=grid,
        cells=grid.build_cells([person]),
        corrections=corrections,
        notes=notes,
        groups=groups,
        left_out=left_out,
        projects=breakdowns.build_project_rows(data, work.projects),
        inferred=breakdowns.sum_inferred(data, ((one.key, {one.matched_by or "": one.seconds}) for one in work.items)),
        summary=next((part.text for part in data.summaries.people if part.user_id == work.user_id), None),
        data=data,
    )
