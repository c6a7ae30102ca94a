"""timeweave show-run: a past run from its own data, whatever the workspace holds now."""

from pathlib import Path
from typing import Annotated

import typer

from timeweave.errors import ConfigurationError


def show_run(
    run_id: Annotated[str, typer.Argument(help="As list-runs shows it.")],
    report: Annotated[str | None, typer.Option(help="Print a report: team, toggl, or a person's e-mail.")] = None,
    export: Annotated[Path | None, typer.Option(help="Write all reports and pages below this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The manifest for machines.")] = False,
) -> None:
    """Show what became of a run, or one of its reports as it was then."""
    from timeweave import document
    from timeweave.runs import manifest, reading

    if report:
        typer.echo(reading.report(run_id, report), nl=False)
    if export:
        typer.echo(f"{reading.export(run_id, export)} files in {export}", err=True)
    if report or export:
        return
    run = manifest.load(run_id)
    if as_json:
        typer.echo(document.encode(run).decode().rstrip("\n"))
        return
    typer.echo(
        f"{run.id}  {run.status}\nperiod    {run.start} to {run.end}\nbegan     {run.began}\nended     {run.ended or '–'}"
    )
    for stage in run.stages:
        numbers = [f"{stage.seconds:.1f} s"] if stage.seconds is not None else []
        numbers += [f"{stage.requests} requests"] if stage.requests is not None else []
        numbers += [f"{stage.items} items"] if stage.items is not None else []
        typer.echo(f"  {stage.name:<18}{stage.state:<11}{', '.join(numbers)}")
    if run.error:
        typer.echo(f"error     {run.error}")
    for path in run.reports:
        typer.echo(f"report    {path}")


def diff_runs(
    first: Annotated[str, typer.Argument(help="A run.")], second: Annotated[str, typer.Argument(help="Another.")],
) -> None:  # fmt: skip
    """Show the numbers of two runs side by side."""
    from timeweave.runs import reading

    left, right = reading.metrics(first), reading.metrics(second)
    if not left.keys() | right.keys():
        raise ConfigurationError("neither run has numbers")
    typer.echo(f"{'':<24}{first:>28}{second:>28}{'difference':>14}")
    for name in sorted(left.keys() | right.keys()):
        a, b = left.get(name), right.get(name)
        change = f"{b - a:+.10g}" if a is not None and b is not None else ""
        shown = ["–" if value is None else f"{value:.10g}" for value in (a, b)]
        typer.echo(f"{name:<24}{shown[0]:>28}{shown[1]:>28}{change:>14}")
