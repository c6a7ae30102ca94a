"""timeweave backfill: a run for each week or month of a span."""

import enum
import json
from typing import TYPE_CHECKING, Annotated

import typer

from timeweave.cli.run import Engine
from timeweave.cli.shared_options import FirstDay, LastDay, LookDay, PeriodName

if TYPE_CHECKING:
    from datetime import date

    from timeweave.cli.progress_view import ParallelRunsView
    from timeweave.runs.backfill import Backfill
    from timeweave.runs.manifest import Manifest
    from timeweave.runs.register import Register

INTERRUPTED = "interrupted; what was fetched is kept, and the same command goes on where it stopped"


SHORTEST = {"week": 7, "month": 28}
"""Days."""


class Every(enum.StrEnum):
    """How a span is cut."""

    week = "week"
    month = "month"


def backfill(
    period: PeriodName = "",
    first: FirstDay = "",
    last: LastDay = "",
    every: Annotated[
        Every, typer.Option(help="Weeks begin on Monday; --period means the whole weeks that begin in it.")
    ] = Every.week,
    as_of: LookDay = "",
    engine: Annotated[
        Engine, typer.Option(help="dvc: on this machine; temporal: on workers, see docs/operating.md.")
    ] = Engine.dvc,
    parallel: Annotated[int, typer.Option(min=1, metavar="NUMBER", help="How many runs to make at once.")] = 2,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would take.")] = False,
    detach: Annotated[
        bool, typer.Option("--detach", help="With --engine temporal: return without waiting for the runs.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifests as JSON.")] = False,
) -> None:
    """Make a run for each week or month that has none yet; if interrupted, the same command continues where it stopped."""
    from datetime import UTC, datetime

    from timeweave.cli.progress_view import ParallelRunsView
    from timeweave.cli.run_text import open_register, open_temporal_register
    from timeweave.project.parameters import load_parameters
    from timeweave.runs.backfill import describe_backfill, plan_backfill
    from timeweave.runs.request import choose_look
    from timeweave.runtime.errors import ConfigurationError

    if detach and engine is Engine.dvc:
        raise ConfigurationError("--detach works with --engine temporal only; in a shell, add & to the command instead")
    register = open_temporal_register() if engine is Engine.temporal else open_register()
    moment = datetime.now(UTC)
    look = choose_look(load_parameters(register.project.params), as_of, moment.date())
    start, end = _choose_span(period, first, last, every, look)
    plan = plan_backfill(register, start, end, every, look)
    lines = describe_backfill(plan)
    if dry_run:
        typer.echo("\n".join(lines))
        return
    view = ParallelRunsView(silent=as_json)
    for line in lines:
        view.say(line)
    stamp = f"{moment:%Y-%m-%d-%H-%M-%S}"
    try:
        if engine is Engine.temporal:
            from timeweave.temporal.client import follow_runs, start_backfill

            runs = [*plan.at_work, *(start_backfill(register, plan, stamp, parallel) if plan.waiting else [])]
            runs = runs if detach else follow_runs(register, runs, view)
        else:
            runs = _execute(register, plan, view, stamp, parallel)
    except KeyboardInterrupt:
        typer.echo(INTERRUPTED, err=True)
        raise typer.Exit(130) from None
    _report(runs, as_json)


def _choose_span(period: str, first: str, last: str, every: Every, look: "date") -> "tuple[date, date]":
    """The days to cut: of a month or more, the whole weeks that begin in it."""
    from timeweave.runs.request import choose_span
    from timeweave.runtime.errors import ConfigurationError
    from timeweave.runtime.period import round_to_weeks

    start, end = choose_span(period, first, last, look)
    length = (end - start).days + 1
    if period and length < SHORTEST[every]:
        raise ConfigurationError(
            f"--period {period} is shorter than a {every}; for its own report write timeweave run --period {period}"
        )
    if period and every is Every.week and length >= SHORTEST["month"]:
        return round_to_weeks(start, end)
    return start, end


def _execute(
    register: "Register", plan: "Backfill", view: "ParallelRunsView", stamp: str, parallel: int
) -> "list[Manifest]":
    """Here: the one walk, then the runs."""
    from timeweave.runs.backfill import execute_backfill
    from timeweave.runs.workspace_lock import Stopped, stop_on_signals
    from timeweave.runtime.errors import TimeweaveError
    from timeweave.runtime.progress import Progress
    from timeweave.toggl.connection import account
    from timeweave.toggl.fetch import fetch_days, open_archive

    try:
        with stop_on_signals():
            if plan.waiting:
                whose = account(plan.given.source, plan.given.toggl)
                with Progress("backfill") as progress, open_archive(whose, progress) as archive:
                    fetch_days(archive, plan.given.toggl, plan.as_of, plan.utc_days, progress)
            return execute_backfill(register, plan, view, stamp, parallel)
    except Stopped as stopped:
        typer.echo(INTERRUPTED, err=True)
        raise typer.Exit(128 + stopped.number) from None
    except TimeweaveError as error:
        view.say("what was fetched is kept: the same command goes on where it stopped")
        raise error
    finally:
        view.close()


def _report(runs: "list[Manifest]", as_json: bool) -> None:
    """What became of each run; leaves with the exit code of the first that failed."""
    import msgspec

    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(runs), indent=1, ensure_ascii=False, sort_keys=True))
    else:
        for run in runs:
            typer.echo(f"{run.id}  {run.status}")
    codes = [run.error.exit_code for run in runs if run.error]
    if codes:
        raise typer.Exit(codes[0])
