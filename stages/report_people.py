"""data/analysis.json, data/summaries.json -> data/reports/individual/: each person's own report."""

from collections.abc import Iterator
from pathlib import Path

from timeweave.reports import report_data
from timeweave.reports.formatting.templates import load_templates, tidy
from timeweave.reports.person_report import build_person_report
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.sections.day_grid import DayGrid
from timeweave.reports.sections.sentences import Sentences
from timeweave.runtime import document, script
from timeweave.runtime.process_pool import map_in_processes

MOST_ROWS = 150
"""Items and texts in the table; a person's page has all of them."""
PART = 25
"""People whose reports are made in one go: fewer are not worth a process of their own."""


def main(analysis: Path, summaries: Path, templates: Path, out: Path) -> None:
    document.write_folder(out, render_reports(report_data.load(analysis, summaries), templates))


def render_reports(data: ReportData, templates: Path) -> Iterator[tuple[str, bytes]]:
    """Every person's report with its file name."""
    words = load_templates(templates)
    sentences, grid = Sentences(data, words), DayGrid(data)

    def render(part: list[ReportPerson]) -> list[tuple[str, bytes]]:
        reports = ((person.slug, build_person_report(data, sentences, grid, person, MOST_ROWS)) for person in part)
        return [
            (f"{slug}.md", tidy(words.render("individual.md.j2", report_data=data, report=report)))
            for slug, report in reports
        ]

    people = list(data.people.values())
    parts = [people[at : at + PART] for at in range(0, len(people), PART)]
    for reports in (map_in_processes if len(parts) > 1 else map)(render, parts):
        yield from reports


if __name__ == "__main__":
    script.run(main)
