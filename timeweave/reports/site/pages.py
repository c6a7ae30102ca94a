"""The team's page and each person's: the same reports as in Markdown, with charts."""

from collections import defaultdict
from collections.abc import Iterator

from timeweave.models.aggregated import PersonTime
from timeweave.reports import individual, ledger, rows, team
from timeweave.reports.edition import Edition
from timeweave.reports.site import charts
from timeweave.reports.site.charts import Chart, Series
from timeweave.reports.templates import Templates


def team_page(edition: Edition, templates: Templates) -> bytes:
    """`index.html`."""
    report = team.team(edition)
    series = [
        Series(edition.bylines[person.user_id].name, "named", person.days) for person in edition.aggregated.people
    ]
    chart = charts.stacked(edition, series, report.headline.whole)
    return _page(templates, "site/index.html.j2", edition, report, chart)


def people_pages(edition: Edition, templates: Templates) -> Iterator[tuple[str, bytes]]:
    """Each person's page with its file name."""
    for person in edition.aggregated.people:
        report = individual.individual(edition, person)
        chart = charts.stacked(edition, _items(edition, person), report.headline.whole)
        yield f"{report.person.slug}.html", _page(templates, "site/person.html.j2", edition, report, chart)


def _items(edition: Edition, person: PersonTime) -> list[Series]:
    """The person's items, and the days' other time as one series."""
    items = ledger.items([person], edition.enriched)
    other: dict[str, int] = defaultdict(int, person.days)
    for item in items:
        for day, seconds in item.days.items():
            other[day] -= seconds
    named = [Series(rows.title(item), "named", item.days) for item in items]
    return [*named, Series(None, "no_item", dict(other))]


def _page(
    templates: Templates, name: str, edition: Edition, report: team.Team | individual.Individual, chart: Chart
) -> bytes:
    text = templates.render(
        name, edition=edition, report=report, chart=chart, width=charts.width, sparkline=charts.sparkline
    )
    return (text.rstrip() + "\n").encode()
