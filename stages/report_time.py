"""data/aggregated.json -> data/reports/toggl_summary.md: the logged time, before any work item is looked up."""

from pathlib import Path

from timeweave.models.aggregated import Aggregated
from timeweave.reports import markdown
from timeweave.reports.timesheet import timesheet
from timeweave.runtime import document, script


def main(aggregated: Path, templates: Path, out: Path) -> None:
    edition, report = timesheet(document.read(aggregated, Aggregated))
    text = markdown.templates(templates).render("toggl_summary.md.j2", edition=edition, report=report)
    document.write_bytes(out, markdown.tidy(text))


if __name__ == "__main__":
    script.run(main)
