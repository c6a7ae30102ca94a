"""timeweave summary: the headline of the last run."""

import json
from pathlib import Path
from typing import Annotated

import typer

from timeweave.models.aggregated import Aggregated
from timeweave.models.enriched import Enriched
from timeweave.runtime import document


def summary(
    data: Annotated[Path, typer.Option(help="Where the pipeline wrote.")] = Path("data"),
    as_json: Annotated[bool, typer.Option("--json", help="The same for machines.")] = False,
) -> None:
    """Show the headline of the last run: people, hours, share matched, where the reports are."""
    aggregated = document.read(data / "aggregated.json", Aggregated)
    enriched = document.read(data / "enriched.json", Enriched)
    numbers = headline(aggregated, enriched, data)
    if as_json:
        typer.echo(json.dumps(numbers, indent=1))
        return
    typer.echo(
        f"\n{numbers['start']} to {numbers['end']} ({numbers['timezone']}), as of {numbers['as_of']}\n"
        f"  people    {numbers['people']}\n"
        f"  hours     {numbers['hours']:,} in {numbers['entries']} entries{_running(aggregated.totals.running)}\n"
        f"  matched   {100 * float(numbers['matched_share']):.0f} % of the hours name a work item\n"
        f"  items     {numbers['items']} named, {numbers['found']} found in Fibery\n"
        f"  reports   {numbers['team_report']}\n"
        f"            {numbers['people_reports']}\n"
        f"            {numbers['site']}"
    )


def headline(aggregated: Aggregated, enriched: Enriched, data: Path) -> dict[str, str | int | float]:
    """The numbers and paths to show; shares between 0 and 1."""
    totals, period = aggregated.totals, aggregated.period
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
        "items": len(enriched.entities),
        "found": sum(entity.status == "found" for entity in enriched.entities),
        "team_report": str(data / "reports" / "team_summary.md"),
        "people_reports": str(data / "reports" / "individual"),
        "site": str(data / "site" / "index.html"),
    }


def _running(timers: int) -> str:
    return f", {timers} timer{'s' if timers > 1 else ''} still running" if timers else ""
