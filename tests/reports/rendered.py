"""The reports of an edition as their stages write them, read back."""

from tests.reports import reading
from tests.reports.reading import Page
from tests.reports.samples import TEMPLATES
from timeweave.reports import markdown
from timeweave.reports.edition import Edition
from timeweave.reports.individual import individual
from timeweave.reports.site import html, pages
from timeweave.reports.team import team
from timeweave.reports.timesheet import timesheet

_MARKDOWN, _HTML = markdown.templates(TEMPLATES), html.templates(TEMPLATES)


def toggl_summary(edition: Edition) -> str:
    its_edition, report = timesheet(edition.aggregated)
    return markdown.tidy(_MARKDOWN.render("toggl_summary.md.j2", edition=its_edition, report=report)).decode()


def team_summary(edition: Edition) -> str:
    return markdown.tidy(_MARKDOWN.render("team_summary.md.j2", edition=edition, report=team(edition))).decode()


def individuals(edition: Edition) -> list[str]:
    """In the order of the people of the edition."""
    reports = [individual(edition, person) for person in edition.aggregated.people]
    return [
        markdown.tidy(_MARKDOWN.render("individual.md.j2", edition=edition, report=report)).decode()
        for report in reports
    ]


def team_page(edition: Edition) -> str:
    return pages.team_page(edition, _HTML).decode()


def people_pages(edition: Edition) -> list[str]:
    """In the order of the people of the edition."""
    return [content.decode() for _, content in pages.people_pages(edition, _HTML)]


def everything(edition: Edition) -> list[Page]:
    """Every report and page, read back."""
    texts = [toggl_summary(edition), team_summary(edition), *individuals(edition)]
    return [
        *map(reading.markdown, texts),
        *map(reading.page, [team_page(edition), *people_pages(edition)]),
    ]
