"""Reports as their stages write them, read back."""

from tests.reports import reading
from tests.reports.analyses import TEMPLATES
from tests.reports.reading import Page
from timeweave.models.aggregated import Aggregated
from timeweave.reports import site_pages
from timeweave.reports.formatting.hours import HoursFormat
from timeweave.reports.formatting.templates import load_templates, tidy
from timeweave.reports.person_report import build_person_report
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections.day_grid import DayGrid
from timeweave.reports.sections.sentences import Sentences
from timeweave.reports.team_report import build_team_report, load_mail_templates
from timeweave.reports.time_report import TimeReport

HTML = site_pages.load_page_templates(TEMPLATES)
MARKDOWN, MAIL = load_templates(TEMPLATES), load_mail_templates(TEMPLATES)


def time_summary(aggregated: Aggregated) -> str:
    """The Markdown of the time alone."""
    return tidy(MARKDOWN.render("toggl_summary.md.j2", report=TimeReport(aggregated, HoursFormat()))).decode()


def team_summary(data: ReportData) -> str:
    """The team's Markdown."""
    report = build_team_report(data, Sentences(data, MARKDOWN), 150)
    return tidy(MARKDOWN.render("team_summary.md.j2", report_data=data, report=report)).decode()


def digests(data: ReportData) -> tuple[str, str]:
    """The e-mail edition as HTML and as plain text."""
    report = build_team_report(data, Sentences(data, MARKDOWN), 150)
    html = MAIL.html.render("team_digest.html.j2", report_data=data, report=report)
    plain = MAIL.plain.render("team_digest.txt.j2", report_data=data, report=report)
    return tidy(html).decode(), tidy(plain).decode()


def individuals(data: ReportData) -> list[str]:
    """In the order of the people in the data."""
    sentences, grid = Sentences(data, MARKDOWN), DayGrid(data)
    reports = [build_person_report(data, sentences, grid, person, 150) for person in data.people.values()]
    return [tidy(MARKDOWN.render("individual.md.j2", report_data=data, report=report)).decode() for report in reports]


def team_page(data: ReportData) -> str:
    return site_pages.render_team_page(data, HTML).decode()


def people_pages(data: ReportData) -> list[str]:
    """In the order of the people in the data."""
    return [content.decode() for _, content in site_pages.render_person_pages(data, HTML)]


def everything(data: ReportData) -> list[Page]:
    """Every page, read back."""
    return [reading.page(text) for text in (team_page(data), *people_pages(data))]


def all_markdown(data: ReportData) -> list[Page]:
    """Every Markdown report as the page that it becomes."""
    return [reading.markdown(text) for text in (team_summary(data), *individuals(data))]
