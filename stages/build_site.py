"""data/aggregated.json, data/enriched.json -> data/site/: the reports as pages that work from disk and ask nobody."""

from collections.abc import Iterator
from pathlib import Path

from timeweave.models.aggregated import Aggregated
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries
from timeweave.reports.edition import Edition
from timeweave.reports.site import html, pages
from timeweave.reports.templates import Templates
from timeweave.runtime import document, script


def main(aggregated: Path, enriched: Path, summaries: Path, templates: Path, out: Path) -> None:
    edition = Edition(
        document.read(aggregated, Aggregated), document.read(enriched, Enriched), document.read(summaries, Summaries)
    )
    document.write_folder(out, site_pages(edition, html.templates(templates)))


def site_pages(edition: Edition, words: Templates) -> Iterator[tuple[str, bytes]]:
    """Every page with its place in the folder, one after the other."""
    yield "index.html", pages.team_page(edition, words)
    for name, page in pages.people_pages(edition, words):
        yield f"people/{name}", page


if __name__ == "__main__":
    script.run(main)
