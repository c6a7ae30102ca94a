"""The team's page and each person's; each forbids all but its own style and script."""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

from markupsafe import Markup, escape

from timeweave.reports import charts, person_report, team_report
from timeweave.reports.formatting import sanitize
from timeweave.reports.formatting.templates import Templates
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.search_index import SiteIndex
from timeweave.reports.sections.day_grid import DayGrid
from timeweave.reports.sections.sentences import Sentences
from timeweave.runtime.errors import ConfigurationError

STYLE, SCRIPT = "site/site.css", "site/site.js"
MOST_ROWS, MANY_ITEMS, FEWER_ROWS = 300, 3_000, 40
"""Rows of items on the team's page, fewer where there are many items; the others are found by its search, and stand on
the people's pages."""


def render_team_page(data: ReportData, templates: Templates) -> bytes:
    """`index.html`."""
    most = MOST_ROWS if len(data.analysis.items) <= MANY_ITEMS else FEWER_ROWS
    report = team_report.build_team_report(data, Sentences(data, templates), most)
    index = SiteIndex(data, report.groups, report.left_out)
    return _finish(templates.render("site/index.html.j2", report_data=data, report=report, index=index, hues={}))


def render_person_pages(
    data: ReportData, templates: Templates, people: list[ReportPerson] | None = None
) -> Iterator[tuple[str, bytes]]:
    """Each person's page with its file name; of all people, or of these."""
    sentences, grid, hues = Sentences(data, templates), DayGrid(data), charts.assign_hues(data.categories)
    for person in data.people.values() if people is None else people:
        report = person_report.build_person_report(data, sentences, grid, person)
        index = SiteIndex(data, report.groups, people=False)
        page = templates.render("site/person.html.j2", report_data=data, report=report, index=index, hues=hues)
        yield f"{person.slug}.html", _finish(page)


def _finish(text: str) -> bytes:
    return (text.rstrip() + "\n").encode()


def load_page_templates(folder: Path, script_file: str = SCRIPT) -> Templates:
    """The page templates in `folder`; `style`, `script` and `policy` belong together and are theirs to write."""
    style, script = _read_source(folder / STYLE, "</style"), _read_source(folder / script_file, "</script")
    return Templates(
        folder,
        lambda text: str(escape(sanitize.clean_line(text))),
        style=Markup(style),  # noqa: S704 - files of the project, not text from outside
        script=Markup(script),  # noqa: S704
        policy=make_policy(style, script),
    )


def make_policy(style: str, script: str) -> str:
    """The content security policy under which exactly this style and this script work, and nothing is fetched."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _read_source(file: Path, end: str) -> str:
    try:
        source = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise ConfigurationError(f"{file} does not exist; restore it") from None
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file} is not UTF-8: {error}") from None
    if end in source.lower():
        raise ConfigurationError(f"{file} contains {end}, which would end it inside the page; write it differently")
    return source


def _hash(source: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"
