"""data/aggregated.json -> data/reports/toggl_summary.md: the logged time, before any work item is looked up."""

from pathlib import Path

from timeweave.models.aggregated import Aggregated
from timeweave.reports.formatting.hours import HoursFormat, ReportParams
from timeweave.reports.formatting.templates import load_templates, tidy
from timeweave.reports.time_report import TimeReport
from timeweave.runtime import document, params, script


def main(aggregated: Path, templates: Path, out: Path) -> None:
    report = TimeReport(document.read(aggregated, Aggregated), HoursFormat(params.load(ReportParams).reports.hours))
    document.write_bytes(out, tidy(load_templates(templates).render("toggl_summary.md.j2", report=report)))


if __name__ == "__main__":
    script.run(main)
