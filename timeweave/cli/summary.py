"""timeweave summary: the headline of a run."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from timeweave.cli.shared_options import RunArgument, RunOption, find_run

if TYPE_CHECKING:
    from timeweave.project.parameters import Parameters
    from timeweave.runs.manifest import Manifest


def summary(
    run: RunArgument = "",
    run_id: RunOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show a run's headline: people, hours, work items, what to look at, and where the reports are."""
    from timeweave.cli.run_text import open_register
    from timeweave.runs.comparison import read_headline

    register = open_register()
    found = find_run(register, run, run_id)
    folder = register.locate_outputs(found)
    numbers = collect_headline(found, read_headline(register, found), folder)
    if as_json:
        typer.echo(json.dumps(numbers, indent=1))
        return
    typer.echo("\n".join(["", *_format_headline(numbers)]))
    if Path(folder).is_dir():
        typer.echo(
            f"  reports   {numbers['team_report']}\n"
            f"            {numbers['people_reports']}\n"
            f"            {numbers['site']}"
        )
    else:
        typer.echo(f"  reports   timeweave show-run {found.id} --report team, or --export DIR")


def collect_headline(run: "Manifest", metrics: dict[str, Any], folder: str) -> dict[str, Any]:
    """What was asked, metrics.json as every other report has it, and paths; shares between 0 and 1. `folder` is where the outputs lie."""
    from timeweave.cli.run_text import describe_progress

    asked = run.parameters
    return metrics | {
        "start": asked.start,
        "end": asked.end,
        "timezone": asked.timezone,
        "as_of": asked.as_of,
        "in_progress": describe_progress(asked),
        "team_report": f"{folder}/reports/team_summary.md",
        "people_reports": f"{folder}/reports/individual",
        "site": f"{folder}/site/index.html",
    }


def _format_headline(numbers: dict[str, Any]) -> Iterator[str]:
    """Line by line; an earlier version wrote fewer numbers."""
    from timeweave.analysis.metrics import describe_findings, describe_items
    from timeweave.runs.stage_status import format_count

    def count(name: str, one: str, many: str) -> str:
        return format_count(int(numbers.get(name) or 0), one, many)

    yield f"{numbers['start']} to {numbers['end']} ({numbers['timezone']}), as of {numbers['as_of']}"
    if numbers["in_progress"]:
        yield f"  {numbers['in_progress']}"
    yield f"  people    {numbers.get('people', '–')} logged time"
    running = f", {count('running', 'timer', 'timers')} still running" if numbers.get("running") else ""
    yield f"  hours     {numbers.get('hours') or 0:,.2f} in {count('entries', 'entry', 'entries')}{running}"
    if numbers.get("coverage") is not None:
        yield f"  worked    {100 * numbers['coverage']:.0f} % of {numbers['expected_hours']:,.2f} expected hours"
    yield f"  matched   {100 * float(numbers.get('matched_share') or 0):.0f} % of the hours are on work items"
    yield f"  items     {describe_items(numbers)}"
    if findings := describe_findings(numbers):
        yield f"  to check  {findings}"


def describe_next_step() -> str:
    """What to do next in this folder: without a project, without a run, in the demo, or after the last run."""
    from datetime import UTC, datetime

    from timeweave.project.parameters import load_parameters
    from timeweave.project.project_paths import ProjectFolder
    from timeweave.runs.register import Register
    from timeweave.runtime.errors import ConfigurationError

    if not Path("dvc.yaml").exists():
        return "This folder is not a Timeweave project: clone the repository and run timeweave there. Help: timeweave --help"
    project = ProjectFolder.here()
    given = load_parameters(project.params)
    register = Register(project)
    runs = register.list_runs()
    lines = describe_failure(runs)
    try:
        last = register.find_newest()
        asked = last.parameters
        demo = " (demo)" if asked.source == "demo" else ""
        lines.append(f"Last {'completed ' * bool(lines)}run: {last.id}, {asked.start} to {asked.end}{demo}")
        lines.append("  timeweave show-run latest --report team    read it here")
        lines += suggest_after(runs, given, datetime.now(UTC).date())
    except ConfigurationError:
        lines.append("No completed run yet." if runs else "No run yet.")
        lines.append("  timeweave run                              make the report for the period in params.yaml")
    if given.source == "demo":
        lines.append("This is the demo, an invented team.")
        lines.append("  timeweave init                             connect your own Toggl and Fibery")
    return "\n".join([*lines, "All commands: timeweave --help"])


def describe_failure(runs: "list[Manifest]") -> list[str]:
    """Why the newest run failed, and what to do; nothing where it did not. `runs` has the newest first."""
    from timeweave.reports.formatting import sanitize
    from timeweave.runs.manifest import Status

    if not runs or runs[0].status is not Status.failed:
        return []
    why = f": {sanitize.clean_line(runs[0].error.sentence)}" if runs[0].error else ""
    command = f"timeweave show-run {runs[0].id}"
    return [f"The newest run failed: {runs[0].id}{why}", f"  {command:<42} see at which stage"]


def suggest_after(runs: "list[Manifest]", given: "Parameters", today: date) -> list[str]:
    """What to do next: until last week has a report of what params.yaml names, make it; then, set hours and fill in what is before."""
    from timeweave.runs.manifest import Status
    from timeweave.runtime.period import parse_period

    first, end = parse_period("last-week", today)
    own = [run for run in runs if run.status is Status.completed and run.parameters.whose == given.whose]
    of_last_week = [run for run in own if run.parameters.days == (str(first), str(end))]
    if not of_last_week:
        return ["  timeweave run --period last-week           make the report for last week"]
    lines = []
    if all(run.numbers.get("coverage") is None for run in of_last_week):
        lines.append(
            f"  nothing is expected of anybody yet: set hours in {given.analysis.team}, then timeweave run --period last-week"
        )
    if len({run.parameters.days for run in own}) == 1:
        lines.append("  timeweave backfill --period last-month     make a report for each week of last month")
    return lines or ["  timeweave trend                            see how the weeks compare"]
