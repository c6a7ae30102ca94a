"""Reports as their stages write them, read back."""

from tests.reports import reading
from tests.reports.reading import Page
from tests.reports.samples import TEMPLATES
from timeweave.reports import site_pages
from timeweave.reports.formatting import templates
from timeweave.reports.person_report import build_person_report
from timeweave.reports.report_data import ReportData
from timeweave.reports.team_report import build_team_report
from timeweave.reports.time_report import build_time_report

_MARKDOWN, _HTML = templates.load_templates(TEMPLATES), site_pages.load_page_templates(TEMPLATES)


def toggl_summary(data: ReportData) -> str:
    data, report = build_time_report(data.aggregated)
    return templates.tidy(_MARKDOWN.render("toggl_summary.md.j2", edition=data, report=report)).decode()


def team_summary(data: ReportData) -> str:
    return templates.tidy(_MARKDOWN.render("team_summary.md.j2", edition=data, report=build_team_report(data))).decode()


def individuals(data: ReportData) -> list[str]:
    """In the order of the people in the data."""
    reports = [build_person_report(data, person) for person in data.aggregated.people]
    return [
        templates.tidy(_MARKDOWN.render("individual.md.j2", edition=data, report=report)).decode() for report in reports
    ]


def team_page(data: ReportData) -> str:
    return site_pages.render_team_page(data, _HTML).decode()


def people_pages(data: ReportData) -> list[str]:
    """In the order of the people in the data."""
    return [content.decode() for _, content in site_pages.render_person_pages(data, _HTML)]


def everything(data: ReportData) -> list[Page]:
    """Every report and page, read back."""
    texts = [toggl_summary(data), team_summary(data), *individuals(data)]
    return [
        *map(reading.markdown, texts),
        *map(reading.page, [team_page(data), *people_pages(data)]),
    ]
