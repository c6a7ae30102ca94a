"""data/aggregated.json, data/enriched.json -> data/reports/individual/: each person's own report."""

from pathlib import Path

from timeweave.models.aggregated import Aggregated
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries
from timeweave.reports import folder, markdown
from timeweave.reports.edition import Edition
from timeweave.reports.individual import individual
from timeweave.runtime import document, script


def main(aggregated: Path, enriched: Path, summaries: Path, templates: Path, out: Path) -> None:
    edition = Edition(
        document.read(aggregated, Aggregated), document.read(enriched, Enriched), document.read(summaries, Summaries)
    )
    folder.replace(out, reports(edition, templates), ".md")


def reports(edition: Edition, templates: Path) -> dict[str, bytes]:
    """Every person's report by file name."""
    words = markdown.templates(templates)
    found = [individual(edition, person) for person in edition.aggregated.people]
    return {
        f"{report.person.slug}.md": markdown.tidy(words.render("individual.md.j2", edition=edition, report=report))
        for report in found
    }


if __name__ == "__main__":
    script.run(main)
