"""The team's report: everything arranged, for a template to put into words, and those that make a mail of it."""

import re
from dataclasses import dataclass
from pathlib import Path

from markupsafe import escape

from timeweave.reports.formatting import sanitize
from timeweave.reports.formatting.templates import Templates
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections import (
    attendance,
    breakdowns,
    finding_rows,
    first_screen,
    highlights,
    item_groups,
    overdue_rows,
)
from timeweave.reports.sections.attendance import Attendance
from timeweave.reports.sections.breakdowns import Inferred, PartRow
from timeweave.reports.sections.day_grid import DayGrid, GridGroup
from timeweave.reports.sections.finding_rows import FindingGroup
from timeweave.reports.sections.first_screen import CategoryRow, Proof, Tile
from timeweave.reports.sections.item_groups import ItemGroup
from timeweave.reports.sections.item_rows import ItemRow
from timeweave.reports.sections.overdue_rows import LateRow
from timeweave.reports.sections.sentences import Sentence, Sentences


@dataclass(frozen=True)
class TeamReport:
    """Everybody's period, in the order in which a manager asks. `groups` and `left_out` together are all time."""

    proof: Proof
    tiles: list[Tile]
    problems: int
    corrections: int
    correction_entries: int
    """The entries that the corrections are about."""
    concerned: int
    """People whom a problem or a correction concerns."""
    highlights: list[Sentence]
    attendance: Attendance
    late: list[LateRow]
    late_without_time: int
    """Late items and features that took no time in the period: marked in the table, and in no finding."""
    categories: list[CategoryRow]
    grid: DayGrid
    people: list[GridGroup]
    groups: list[ItemGroup]
    left_out: list[ItemRow]
    findings: list[FindingGroup]
    projects: list[PartRow]
    databases: list[PartRow]
    states: list[PartRow]
    inferred: Inferred | None
    summary: str | None


def build_team_report(data: ReportData, sentences: Sentences, most_rows: int) -> TeamReport:
    """The report of everybody; of the table of items the `most_rows` rows with most time."""
    grid = DayGrid(data)
    people = grid.build_groups()
    told = highlights.choose_highlights(data, sentences)
    findings = finding_rows.group_findings(data, sentences)
    linked = {
        part.anchor
        for one in [*told, *(each for group in findings for each in group.sentences)]
        for part in one.parts
        if part.anchor
    }
    groups, left_out = item_groups.cut_rows(data, item_groups.group_everything(data), most_rows, linked)
    problems, corrections, entries, concerned = first_screen.count_findings(data)
    parts, whole = data.analysis.breakdowns, data.analysis.totals.seconds
    return TeamReport(
        proof=first_screen.build_proof(data),
        tiles=first_screen.build_tiles(data),
        problems=problems,
        corrections=corrections,
        correction_entries=entries,
        concerned=concerned,
        highlights=told,
        attendance=attendance.build_attendance(data, people),
        late=overdue_rows.build_late_rows(data),
        late_without_time=overdue_rows.count_without_time(data),
        categories=first_screen.build_category_rows(data),
        grid=grid,
        people=people,
        groups=groups,
        left_out=left_out,
        findings=findings,
        projects=breakdowns.build_part_rows(data, parts.projects, whole),
        databases=breakdowns.build_part_rows(data, parts.databases, whole),
        states=breakdowns.build_part_rows(data, parts.states, whole),
        inferred=breakdowns.sum_inferred(data, ((item.key, item.matched_by) for item in data.analysis.items)),
        summary=data.summaries.team,
    )


@dataclass(frozen=True)
class MailTemplates:
    """The first screen of the team's page as an e-mail: as HTML that mail programs understand, and as plain text."""

    html: Templates
    plain: Templates


def load_mail_templates(folder: Path) -> MailTemplates:
    """The templates in `folder`, each of which escapes for its own form."""
    return MailTemplates(
        html=Templates(folder, lambda text: str(escape(_unlink(text)))),
        plain=Templates(folder, _unlink),
    )


def _unlink(text: str) -> str:
    """One line of clean text; mail programs make links of addresses, so that what people wrote shows none."""
    return re.sub(r"(?<=[a-z]):(?=//)|(?<=\bwww)\.", "\\g<0>\u200b", sanitize.clean_line(text), flags=re.IGNORECASE)
