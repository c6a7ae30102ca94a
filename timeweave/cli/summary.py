"""timeweave summary: the headline of a run."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from timeweave.cli.choices import RunArgument, RunOption, find_run

if TYPE_CHECKING:
    from timeweave.models.aggregated import Aggregated
    from timeweave.models.enriched import Enriched


def summary(
    run: RunArgument = "",
    run_id: RunOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="The same for machines.")] = False,
) -> None:
    """Show the headline of a run: people, hours, share matched, where the reports are."""
    from timeweave.cli.run_text import open_register
    from timeweave.models.aggregated import Aggregated
    from timeweave.models.enriched import Enriched
    from timeweave.runs.result_reader import read_document

    register = open_register()
    found = find_run(register, run, run_id)
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


def describe_next_step() -> str:
    """What to do next in this folder: without a project, without a run, in the demo, or after the last run."""
    from timeweave.project.parameters import load_parameters
    from timeweave.project.project_folder import ProjectFolder
    from timeweave.runs.register import Register
    from timeweave.runtime.errors import ConfigurationError

    if not Path("dvc.yaml").exists():
        return "This folder is not a Timeweave project: clone the repository and run timeweave there. Help: timeweave --help"
    project = ProjectFolder.here()
    source = load_parameters(project.params).source
    lines = []
    try:
        last = Register(project).find_newest()
        asked = last.parameters
        lines.append(f"Last run: {last.id}, {asked.start} to {asked.end}")
        lines.append("  timeweave show-run latest --report team    read it here")
        lines.append("  timeweave run --period last-week           make the report for last week")
    except ConfigurationError:
        lines.append("No run yet.")
        lines.append("  timeweave run                              make the report for the period in params.yaml")
    if source == "demo":
        lines.append("This is the demo, an invented team.")
        lines.append("  timeweave init                             connect your own Toggl and Fibery")
    return "\n".join([*lines, "All commands: timeweave --help"])
