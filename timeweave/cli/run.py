"""timeweave run: the pipeline for a period, as a run that is kept."""

import enum
from typing import Annotated

import typer


class From(enum.StrEnum):
    """Where a run begins."""

    toggl = "toggl"
    fibery = "fibery"


class Engine(enum.StrEnum):
    """What runs the stages."""

    dvc = "dvc"
    temporal = "temporal"


class Service(enum.StrEnum):
    """Whom to ask."""

    toggl = "toggl"
    fibery = "fibery"


def run(
    start_date: Annotated[str, typer.Option(help="First day, YYYY-MM-DD.")] = "",
    end_date: Annotated[str, typer.Option(help="Last day, included.")] = "",
    period: Annotated[
        str,
        typer.Option(help="Instead: last-week, this-week, last-month, this-month, 2026-W47, 2026-11, 2026-Q4, 2026."),
    ] = "",
    users: Annotated[
        str | None,
        typer.Option(help="E-mails with commas between; `all` for everyone; by default those in params.yaml."),
    ] = None,
    as_of: Annotated[
        str, typer.Option(help="The day the data is looked at; today unless the source is the demo.")
    ] = "",
    start_from: Annotated[From, typer.Option(help="fibery: take the Toggl data of --run-id as it was.")] = From.toggl,
    run_id: Annotated[
        str, typer.Option(help="A name for this run; with --start-from fibery the run to take from.")
    ] = "",
    refresh: Annotated[Service | None, typer.Option(help="Ask this service anew though nothing has changed.")] = None,
    engine: Annotated[
        Engine, typer.Option(help="dvc: here; temporal: on workers, see docs/operating.md.")
    ] = Engine.dvc,
    detach: Annotated[bool, typer.Option("--detach", help="Queue it and return at once.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done and asked.")] = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Stop at once if another run is at work.")] = False,
    as_run: Annotated[str, typer.Option(hidden=True)] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Only the manifest, for machines.")] = False,
) -> None:
    """Fetch, aggregate, enrich and report a period; without options the one in params.yaml."""
    from datetime import UTC, datetime

    from timeweave.cli import project
    from timeweave.cli.shown import manifest_json, outcome
    from timeweave.runs.detachment import detached
    from timeweave.runs.forecast import forecast
    from timeweave.runs.launch import launch
    from timeweave.runs.notice import notify
    from timeweave.runs.order import Wish, order
    from timeweave.runs.view import View

    register = project.register_of_temporal() if engine is Engine.temporal else project.register()
    wish = Wish(
        start_date=start_date, end_date=end_date, period=period, users=users, as_of=as_of,
        start_from=start_from, run_id=run_id, refresh=refresh or "", as_run=as_run,
    )  # fmt: skip
    moment = datetime.now(UTC)
    asked = order(register.home, register, wish, moment.date(), f"run_{moment:%Y-%m-%d-%H-%M-%S}")
    if dry_run:
        typer.echo(forecast(register.home, asked))
        return
    view = View(silent=as_json)
    if users is None and not asked.base and (chosen := asked.parameters.users):
        view.say(f"users of params.yaml: {', '.join(chosen)}; everyone with --users all")
    if engine is Engine.temporal:
        from timeweave.temporal import launch as durable

        done = durable.start(register, asked)
        if not detach:
            done = durable.follow(register, done, view)
    elif detach:
        typer.echo(detached(register, asked))
        behind = f", queued behind {holder}" if (holder := register.home.lock.holder()) not in (None, asked.id) else ""
        typer.echo(f"it works in the background{behind}: timeweave show-run {asked.id}", err=True)
        return
    else:
        done = launch(register, asked, view, wait=not no_wait, detached=bool(as_run))
        notify(done, register.home.params, lambda sentence: typer.echo(sentence, err=True))
    typer.echo(manifest_json(done) if as_json else outcome(done))
    if done.error:
        stage = f"{done.error.stage}: " if done.error.stage else ""
        typer.echo(f"timeweave: {stage}{done.error.sentence}", err=True)
        raise typer.Exit(done.error.exit_code)
