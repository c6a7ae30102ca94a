"""timeweave cancel-run: end a run that is waiting or at work."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from timeweave.cli.shared_options import RunOption
from timeweave.runtime.errors import TimeweaveError

if TYPE_CHECKING:
    from timeweave.runs.manifest import Manifest
    from timeweave.runs.register import Register

PATIENCE = 90
"""Seconds for a run to end after it was asked to."""


def cancel_run(
    run: Annotated[
        str,
        typer.Argument(
            metavar="RUN",
            help="Which run: an id (see timeweave list-runs), or a period such as 2026-W47 (its newest run that has not "
            "ended). Default: the newest run that has not ended.",
        ),
    ] = "",
    run_id: RunOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print its manifest as JSON.")] = False,
) -> None:
    """End a run that is waiting or in progress, the newest one if none is named.

    What it fetched stays in the archive, and the next run continues from there.
    """
    from timeweave.cli.run_text import format_manifest, format_outcome, open_register

    register = open_register()
    ended = _cancel(register, _find_active(register, run or run_id))
    typer.echo(format_manifest(ended) if as_json else format_outcome(ended))


def _find_active(register: "Register", name: str) -> "Manifest":
    """The run of that id; without a name, or as `latest`, the newest one that has not ended, or that of a period."""
    days = register.read_period(name) if name else None
    if name and not days and name != "latest":
        return register.find(name)
    runs = register.list_runs()
    found = [run for run in runs if run.id == name]
    found += [run for run in runs if not run.is_over and (days is None or run.parameters.days == days)]
    if not found:
        whose = f" of {name}" if days else ""
        raise TimeweaveError(f"no run{whose} is queued or in progress; there is nothing to cancel")
    return found[0]


def _cancel(register: "Register", run: "Manifest") -> "Manifest":
    """Ask for its end and wait for it; its final manifest."""
    from timeweave.runs.manifest import Location

    if run.is_over:
        raise TimeweaveError(f"{run.id} is {run.status} already; there is nothing to cancel")
    if register.engine and run.where in (Location.temporal, Location.elsewhere):
        register.engine.cancel(run.id)
    else:
        register.open(run.id).ask_for_cancellation()
    deadline = time.monotonic() + PATIENCE
    while not (now := register.find(run.id)).is_over:
        if time.monotonic() > deadline:
            raise TimeweaveError(f"{run.id} has not ended within {PATIENCE} s; try again")
        time.sleep(0.2)
    return now
