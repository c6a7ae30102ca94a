"""data/aggregated.json -> data/reports/toggl_summary.md: the logged time, before any work item is looked up."""

from pathlib import Path

from timeweave.models.aggregated import Aggregated
from timeweave.reports.formatting.templates import load_templates, tidy
from timeweave.reports.time_report import build_time_report
from timeweave.runtime import document, script


def main(aggregated: Path, templates: Path, out: Path) -> None:
    data, report = build_time_report(document.read(aggregated, Aggregated))
    text = load_templates(templates).render("toggl_summary.md.j2", edition=data, report=report)
    document.write_bytes(out, tidy(text))


if __name__ == "__main__":
    script.run(main)
