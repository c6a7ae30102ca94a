"""Pages as their stage writes them, read back."""

from tests.reports import reading
from tests.reports.analyses import TEMPLATES
from tests.reports.reading import Page
from timeweave.reports import site_pages
from timeweave.reports.report_data import ReportData

HTML = site_pages.load_page_templates(TEMPLATES)


def team_page(data: ReportData) -> str:
    return site_pages.render_team_page(data, HTML).decode()


def people_pages(data: ReportData) -> list[str]:
    """In the order of the people in the data."""
    return [content.decode() for _, content in site_pages.render_person_pages(data, HTML)]


def everything(data: ReportData) -> list[Page]:
    """Every page, read back."""
    return [reading.page(text) for text in (team_page(data), *people_pages(data))]
