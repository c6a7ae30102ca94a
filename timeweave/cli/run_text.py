"""What commands about runs share: the runs of the project in the working folder, with the engines that they are on, and how a run is shown."""

import functools
import importlib.util
import json

import msgspec
import typer

from timeweave.analysis.metrics import describe_items
from timeweave.models.aggregated import Period
from timeweave.project.project_paths import ProjectFolder
from timeweave.runs.manifest import Location, Manifest, Request
from timeweave.runs.register import Register
from timeweave.runs.stage_status import add_surroundings, format_stage
from timeweave.runtime.errors import ConfigurationError

MARK = "temporal"
"""A file of a project that has to do with Temporal, so that lists of runs ask it."""


def open_register() -> Register:
    """All runs of the project; those on Temporal where it has to do with Temporal."""
    project = ProjectFolder.here()
    if not (project.own / MARK).exists():
        return Register(project)
    require_temporal()
    from timeweave.temporal.workflow_manifests import Temporal

    return Register(project, Temporal(functools.partial(typer.echo, err=True)))


def open_temporal_register() -> Register:
    """The same for a project that has to do with Temporal from now on."""
    require_temporal()
    (ProjectFolder.here().own / MARK).touch()
    return open_register()


def require_temporal() -> None:
    """Say how to install it where it is missing."""
    if importlib.util.find_spec("temporalio") is None:
        raise ConfigurationError("Temporal is an extra: pip install -e '.[temporal]'")


def format_manifest(run: Manifest) -> str:
    """A manifest as one JSON object."""
    return json.dumps(msgspec.to_builtins(run), indent=1, ensure_ascii=False, sort_keys=True)


def format_outcome(run: Manifest) -> str:
    """What came of a run, for the person who waited for it."""
    lines = [f"{run.id}  {run.status}" + (f" in {run.seconds:.1f} s" if run.seconds is not None else "")]
    if run.status == "completed":
        lines += format_headline(run)
        if run.where is Location.here:
            lines += [f"  reports   runs/{run.id}/reports", f"  site      runs/{run.id}/site/index.html"]
        else:
            lines.append(f"  reports   timeweave show-run {run.id} --report team, or --export DIR")
    return "\n".join(lines)


def describe_progress(asked: Request) -> str:
    """How many days of the period were over; empty once all were, or where a manifest's days cannot be read."""
    try:
        days = Period(start=asked.start, end=asked.end, timezone=asked.timezone).find_days_over(asked.as_of)
    except ValueError:
        return ""
    if not days:
        return ""
    if days[1] == 1:
        return "in progress: the day is not over; not compared with earlier days until it is"
    over = f"{days[0]} of {days[1]} days {'is' if days[0] == 1 else 'are'} over"
    return f"in progress: {over}; not compared with earlier periods until all are"


def format_headline(run: Manifest) -> list[str]:
    """Period and numbers."""
    asked = run.parameters
    lines = [f"  period    {asked.start} to {asked.end} ({asked.timezone}), as of {asked.as_of}"]
    if in_progress := describe_progress(asked):
        lines.append(f"            {in_progress}")
    if asked.users:
        lines.append(f"  users     {', '.join(asked.users)}")
    if run.numbers:
        share = 100 * float(run.numbers.get("matched_share") or 0)
        lines += [
            f"  people    {_format_number(run, 'people')} logged time",
            f"  hours     {_format_number(run, 'hours')} in {_format_number(run, 'entries')} entries, "
            f"{share:.0f} % on work items",
            f"  items     {describe_items(run.numbers)}",
        ]
    return lines


def format_details(run: Manifest, log: str = "") -> str:
    """All of a manifest; of a run that did not end well also where its log is."""
    took = f" in {run.seconds:.1f} s" if run.seconds is not None else ""
    lines = [f"{run.id}  {run.status}{took}", *format_headline(run)]
    lines.append(
        f"  source    {run.parameters.source}" + (f", Toggl data of {run.toggl_data_of}" * bool(run.toggl_data_of))
    )
    if run.started_at:
        lines.append(f"  started   {run.started_at}" + (f", ended {run.ended_at}" * bool(run.ended_at)))
    elif run.ended_at:
        lines.append(f"  written   {run.ended_at}")
    if run.doing:
        lines.append(f"  doing     {run.doing}")
    if run.experiment:
        lines.append(f"  result    experiment {run.experiment[:10]} of commit {str(run.baseline)[:10]}")
    lines += [f"  stage     {format_stage(record)}" for record in add_surroundings(run.stages, run.around)]
    if run.error:
        if log:
            lines.append(f"  log       {log}")
        stage = f"{run.error.stage}: " if run.error.stage else ""
        lines.append(f"  error     {stage}{run.error.sentence} (exit code {run.error.exit_code})")
    return "\n".join(lines)


def _format_number(run: Manifest, name: str) -> str:
    """A run of another version may be without it."""
    value = run.numbers.get(name)
    return "–" if value is None else f"{value:,}"
