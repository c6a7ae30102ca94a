"""data/aggregated.json, data/enriched.json -> data/reports/individual/: each person's own report."""

from collections.abc import Iterator
from pathlib import Path

from timeweave.models.aggregated import Aggregated
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries
from timeweave.reports import markdown
from timeweave.reports.edition import Edition
from timeweave.reports.individual import individual
from timeweave.runtime import document, script


def main(aggregated: Path, enriched: Path, summaries: Path, templates: Path, out: Path) -> None:
    edition = Edition(
        document.read(aggregated, Aggregated), document.read(enriched, Enriched), document.read(summaries, Summaries)
    )
    document.write_folder(out, reports(edition, templates))


def reports(edition: Edition, templates: Path) -> Iterator[tuple[str, bytes]]:
    """Every person's report with its file name."""
    words = markdown.templates(templates)
    for person in edition.aggregated.people:
        report = individual(edition, person)
        text = words.render("individual.md.j2", edition=edition, report=report)
        yield f"{report.person.slug}.md", markdown.tidy(text)


if __name__ == "__main__":
    script.run(main)
