"""timeweave summary: the headline of a run."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from timeweave.models.aggregated import Aggregated
    from timeweave.models.enriched import Enriched


def summary(
    run: Annotated[
        str, typer.Argument(help="Its id, or `workspace`; the last one that was completed if left out.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The same for machines.")] = False,
) -> None:
    """Show the headline of a run: people, hours, share matched, where the reports are."""
    from timeweave.cli.run_text import open_register
    from timeweave.models.aggregated import Aggregated
    from timeweave.models.enriched import Enriched
    from timeweave.runs.result_reader import read_document

    register = open_register()
    found = register.find(run) if run else register.find_newest()
    folder = register.locate_outputs(found)
    outputs = register.get_outputs(found)
    aggregated = read_document(outputs, found.id, "aggregated.json", Aggregated)
    numbers = collect_headline(aggregated, read_document(outputs, found.id, "enriched.json", Enriched), folder)
    if as_json:
        typer.echo(json.dumps(numbers, indent=1))
        return
    typer.echo(
        f"\n{numbers['start']} to {numbers['end']} ({numbers['timezone']}), as of {numbers['as_of']}\n"
        f"  people    {numbers['people']}\n"
        f"  hours     {numbers['hours']:,} in {numbers['entries']} entries{_format_running(aggregated.totals.running)}\n"
        f"  matched   {100 * float(numbers['matched_share']):.0f} % of the hours name a work item\n"
        f"  items     {numbers['items']} named, {numbers['found']} found in Fibery"
    )
    if Path(folder).is_dir():
        typer.echo(
            f"  reports   {numbers['team_report']}\n"
            f"            {numbers['people_reports']}\n"
            f"            {numbers['site']}"
        )
    else:
        typer.echo(f"  reports   timeweave show-run {found.id} --report team, or --export DIR")


def collect_headline(aggregated: "Aggregated", enriched: "Enriched", folder: str) -> dict[str, str | int | float]:
    """The numbers and paths to show; shares between 0 and 1. `folder` is where the outputs lie."""
    totals, period = aggregated.totals, aggregated.period
    # Fibery was also asked for the items of the time before.
    ours = {(time.space, time.database, time.public_id) for person in aggregated.people for time in person.entities}
    items = [item for item in enriched.entities if (item.space, item.database, item.public_id) in ours]
    return {
        "start": period.start,
        "end": period.end,
        "timezone": period.timezone,
        "as_of": aggregated.as_of,
        "people": totals.people,
        "hours": round(totals.seconds / 3600, 2),
        "entries": totals.entries,
        "running_timers": totals.running,
        "matched_share": round(totals.matched_seconds / totals.seconds, 4) if totals.seconds else 0.0,
        "items": len(items),
        "found": sum(item.status == "found" for item in items),
        "team_report": f"{folder}/reports/team_summary.md",
        "people_reports": f"{folder}/reports/individual",
        "site": f"{folder}/site/index.html",
    }


def _format_running(timers: int) -> str:
    return f", {timers} timer{'s' if timers > 1 else ''} still running" if timers else ""
