"""data/aggregated.json, data/enriched.json -> data/site/: the reports as pages that work from disk and ask nobody."""

from pathlib import Path

from timeweave.models.aggregated import Aggregated
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries
from timeweave.reports import folder
from timeweave.reports.edition import Edition
from timeweave.reports.site import html, pages
from timeweave.runtime import document, script


def main(aggregated: Path, enriched: Path, summaries: Path, templates: Path, out: Path) -> None:
    edition = Edition(
        document.read(aggregated, Aggregated), document.read(enriched, Enriched), document.read(summaries, Summaries)
    )
    words = html.templates(templates)
    folder.replace(out, {"index.html": pages.team_page(edition, words)}, ".html")
    folder.replace(out / "people", dict(pages.people_pages(edition, words)), ".html")


if __name__ == "__main__":
    script.run(main)
