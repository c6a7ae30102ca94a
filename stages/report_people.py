"""data/aggregated.json, data/enriched.json -> data/reports/individual/: each person's own report."""

from collections.abc import Iterator
from pathlib import Path

from timeweave.models.aggregated import Aggregated
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries
from timeweave.reports.formatting.templates import load_templates, tidy
from timeweave.reports.person_report import build_person_report
from timeweave.reports.report_data import ReportData
from timeweave.runtime import document, script


def main(aggregated: Path, enriched: Path, summaries: Path, templates: Path, out: Path) -> None:
    data = ReportData(
        document.read(aggregated, Aggregated), document.read(enriched, Enriched), document.read(summaries, Summaries)
    )
    document.write_folder(out, render_reports(data, templates))


def render_reports(data: ReportData, templates: Path) -> Iterator[tuple[str, bytes]]:
    """Every person's report with its file name."""
    words = load_templates(templates)
    for person in data.aggregated.people:
        report = build_person_report(data, person)
        text = words.render("individual.md.j2", edition=data, report=report)
        yield f"{report.person.slug}.md", tidy(text)


if __name__ == "__main__":
    script.run(main)
