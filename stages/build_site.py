"""data/analysis.json, data/summaries.json -> data/site/: the reports as pages that work from disk and ask nobody."""

from collections.abc import Iterator
from pathlib import Path

from timeweave.reports import report_data, site_pages
from timeweave.reports.formatting.templates import Templates
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.runtime import document, script
from timeweave.runtime.process_pool import map_in_processes

PART = 25
"""People whose pages are made in one go: fewer are not worth a process of their own."""


def main(analysis: Path, summaries: Path, templates: Path, out: Path) -> None:
    data = report_data.load(analysis, summaries)
    document.write_folder(out, render_pages(data, site_pages.load_page_templates(templates)))


def render_pages(data: ReportData, words: Templates) -> Iterator[tuple[str, bytes]]:
    """Every page with its place in the folder, the team's first."""
    people = list(data.people.values())
    parts = [people[at : at + PART] for at in range(0, len(people), PART)]

    def render(part: list[ReportPerson] | None) -> list[tuple[str, bytes]]:
        if part is None:
            return [("index.html", site_pages.render_team_page(data, words))]
        return [(f"people/{name}", page) for name, page in site_pages.render_person_pages(data, words, part)]

    for pages in (map_in_processes if len(parts) > 1 else map)(render, [None, *parts]):
        yield from pages


if __name__ == "__main__":
    script.run(main)
