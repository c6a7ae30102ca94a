"""timeweave backfill: a run for each week or month of a span."""

import enum
import json
from typing import Annotated

import typer

from timeweave.cli.run import Engine

INTERRUPTED = (
    "interrupted; runs that are queued go on by themselves (see timeweave list-runs, timeweave cancel-run ID), "
    "and the same command goes on where it stopped"
)


class Every(enum.StrEnum):
    """How a span is cut."""

    week = "week"
    month = "month"


def backfill(
    first: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Last day, included.")],
    every: Annotated[Every, typer.Option(help="Weeks begin on Monday.")] = Every.week,
    as_of: Annotated[
        str, typer.Option(help="The day the data is looked at; today unless the source is the demo.")
    ] = "",
    engine: Annotated[
        Engine, typer.Option(help="dvc: its queue; temporal: workers, see docs/operating.md.")
    ] = Engine.dvc,
    parallel: Annotated[int, typer.Option(min=1, help="Of --engine temporal: so many runs at once.")] = 4,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it takes.")] = False,
    detach: Annotated[bool, typer.Option("--detach", help="Do not wait for the queue.")] = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Stop at once if another run is at work.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The manifests, for machines.")] = False,
) -> None:
    """Fetch a long span once, then make a run of each period that has none; it goes on where it stopped."""
    from datetime import UTC, datetime

    import msgspec

    from timeweave.cli import project
    from timeweave.runs import backfill as filling
    from timeweave.runs.order import day_looked_at, ordered
    from timeweave.runs.view import View

    register = project.register_of_temporal() if engine is Engine.temporal else project.register()
    moment = datetime.now(UTC)
    start, end = ordered(("--from", first), ("--to", last))
    plan = filling.plan(register, start, end, every, day_looked_at(register.home, as_of, moment.date()))
    view = View(silent=as_json)
    lines = filling.told(plan)
    if dry_run:
        typer.echo("\n".join(lines))
        return
    for line in lines:
        view.say(line)
    stamp, runs = f"{moment:%Y-%m-%d-%H-%M-%S}", []
    try:
        if plan.waiting and engine is Engine.temporal:
            from timeweave.temporal import filling as distributed

            runs = distributed.start(register, plan, stamp, parallel)
        elif plan.waiting:
            filling.fetch(register, plan, view, wait=not no_wait)
            runs = filling.queue(register, plan, stamp)
        elif any(run.where == "queue" for run in plan.at_work):
            filling.wake(register)
        runs = [*plan.at_work, *runs]
        if not detach:
            runs = filling.follow(register, runs, view)
    except KeyboardInterrupt:
        view.say(INTERRUPTED)
        raise typer.Exit(130) from None
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(runs), indent=1, ensure_ascii=False, sort_keys=True))
    else:
        for run in runs:
            typer.echo(f"{run.id}  {run.status}")
    codes = [run.error.exit_code for run in runs if run.error]
    if codes:
        raise typer.Exit(codes[0])
