"""The team's page and each person's: the same reports as in Markdown, with charts; each page forbids all but its own style and script."""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from markupsafe import Markup, escape

from timeweave.models.aggregated import PersonTime
from timeweave.reports import charts, person_report, team_report, work_items
from timeweave.reports.charts import Chart, Series
from timeweave.reports.formatting import sanitize
from timeweave.reports.formatting.templates import Templates
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections import item_rows
from timeweave.reports.sections.breakdowns import PartKind
from timeweave.runtime.errors import ConfigurationError

STYLE, SCRIPT = "site/site.css", "site/site.js"


def render_team_page(data: ReportData, templates: Templates) -> bytes:
    """`index.html`."""
    report = team_report.build_team_report(data)
    series = [
        Series(data.people[person.user_id].name, PartKind.NAMED, person.days) for person in data.aggregated.people
    ]
    chart = charts.stack_columns(data, series, report.headline.whole)
    return _render(templates, "site/index.html.j2", data, report, chart)


def render_person_pages(data: ReportData, templates: Templates) -> Iterator[tuple[str, bytes]]:
    """Each person's page with its file name."""
    for person in data.aggregated.people:
        report = person_report.build_person_report(data, person)
        chart = charts.stack_columns(data, _build_series(data, person), report.headline.whole)
        yield f"{report.person.slug}.html", _render(templates, "site/person.html.j2", data, report, chart)


def _build_series(data: ReportData, person: PersonTime) -> list[Series]:
    """The person's items, and the days' other time as one series."""
    items = work_items.join_items([person], data.enriched)
    other: dict[str, int] = defaultdict(int, person.days)
    for item in items:
        for day, seconds in item.days.items():
            other[day] -= seconds
    named = [Series(item_rows.format_title(item), PartKind.NAMED, item.days) for item in items]
    return [*named, Series(None, PartKind.NO_ITEM, dict(other))]


def _render(
    templates: Templates,
    name: str,
    data: ReportData,
    report: team_report.TeamReport | person_report.PersonReport,
    chart: Chart,
) -> bytes:
    text = templates.render(
        name, edition=data, report=report, chart=chart, width=charts.scale_width, sparkline=charts.draw_sparkline
    )
    return (text.rstrip() + "\n").encode()


def load_page_templates(folder: Path) -> Templates:
    """The page templates in `folder`; `style`, `script` and `policy` belong together and are theirs to write."""
    style, script = _read_source(folder / STYLE, "</style"), _read_source(folder / SCRIPT, "</script")
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
