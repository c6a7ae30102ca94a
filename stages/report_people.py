"""data/analysis.json, data/summaries.json -> data/reports/individual/: each person's own report."""

from collections.abc import Iterator
from pathlib import Path

from timeweave.reports import report_data
from timeweave.reports.formatting.templates import load_templates, tidy
from timeweave.reports.person_report import build_person_report
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections.day_grid import DayGrid
from timeweave.reports.sections.sentences import Sentences
from timeweave.runtime import document, script

MOST_ROWS = 150
"""Items and texts in the table; a person's page has all of them."""


def main(analysis: Path, summaries: Path, templates: Path, out: Path) -> None:
    document.write_folder(out, render_reports(report_data.load(analysis, summaries), templates))


def render_reports(data: ReportData, templates: Path) -> Iterator[tuple[str, bytes]]:
    """Every person's report with its file name."""
    words = load_templates(templates)
    sentences, grid = Sentences(data, words), DayGrid(data)
    for person in data.people.values():
        report = build_person_report(data, sentences, grid, person, MOST_ROWS)
        yield f"{person.slug}.md", tidy(words.render("individual.md.j2", edition=data, report=report))


if __name__ == "__main__":
    script.run(main)
