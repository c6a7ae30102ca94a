"""timeweave trend: periods one after the other."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from timeweave.cli.backfill import Every
from timeweave.runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from timeweave.runs.comparison import Point

STEP = 44
"""Between two columns of the chart."""


def trend(
    every: Annotated[Every, typer.Option(help="Show weeks or months.")] = Every.week,
    users: Annotated[
        str,
        typer.Option(help="Runs of exactly these people: e-mails, separated by commas. Default: runs of everybody."),
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="The page to write. Default: runs/trend-week.html or runs/trend-month.html.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and write no page.")] = False,
) -> None:
    """Show how hours, people and items develop from period to period, as a table and as a page with a chart."""
    from timeweave.cli.run_text import open_register
    from timeweave.project.parameters import load_parameters
    from timeweave.runs.comparison import find_points
    from timeweave.runtime import document

    if as_json and out:
        raise ConfigurationError("--json writes no page; leave out --out, or --json")
    register = open_register()
    wanted = [user.strip() for user in users.split(",") if user.strip()]
    given = load_parameters(register.project.params)
    found = find_points(register.list_runs(), every, (given.source, given.account), wanted, register.project.runs)
    if as_json:
        import dataclasses
        import json

        typer.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=1))
        return
    typer.echo(render_markdown(found))
    path = out or Path("runs", f"trend-{every}.html")
    if not found:
        whose = f" of {', '.join(wanted)}" if wanted else ""
        kept = f"; {path} stays as it was" if path.exists() else ""
        typer.echo(f"no {every}{whose} has a run{kept}", err=True)
        return
    page = render_page(found, every, wanted, register.project.folder / "config" / "templates")
    document.write_bytes(path, page, document.PRIVATE)
    typer.echo(f"As a page: {path}", err=True)


def render_markdown(found: list["Point"]) -> str:
    """A table."""
    lines = [
        "| Period | Hours | People | On work items | Items | Done | Late | Run |",
        "| :-- | --: | --: | --: | --: | --: | --: | :-- |",
    ]
    lines += [
        f"| {one.label} | {one.hours:,.2f} | {one.people:,} | {100 * one.matched_share:.0f} % | {one.entities:,} "
        f"| {one.done:,} | {one.overdue:,} | {one.run} |"
        if one.run
        else f"| {one.label} | – | – | – | – | – | – | no run |"
        for one in found
    ]
    return "\n".join(lines)


def render_page(found: list["Point"], kind: str, users: list[str], templates: Path) -> bytes:
    """The same as a page that works offline, with a column for each period and links to the runs beside it."""
    from timeweave.reports import site_pages
    from timeweave.runs.comparison import HEIGHT
    from timeweave.runs.index_page import SCRIPT

    rendered = site_pages.load_page_templates(templates, SCRIPT).render(
        "trend.html.j2", points=found, kind=kind, users=users, height=HEIGHT, step=STEP, width=STEP * len(found)
    )
    return (rendered.rstrip() + "\n").encode()
