"""timeweave run: the pipeline for a period, as a run that is kept."""

import enum
import subprocess
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from timeweave.cli.shared_options import FirstDay, LastDay, LookDay, PeriodName

if TYPE_CHECKING:
    from timeweave.runs.manifest import Manifest
    from timeweave.runs.register import Register
    from timeweave.runs.request import RunRequest
    from timeweave.runs.stage_status import View


_COMMAND = (sys.executable, "-c", "from timeweave.cli import main; main()")
BETWEEN = ":"
"""Between the id of a run and the number of its lock's open file, as the process is given them."""


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
    period: PeriodName = "",
    start_date: FirstDay = "",
    end_date: LastDay = "",
    users: Annotated[
        str | None,
        typer.Option(
            help="Only these people: e-mails, separated by commas; `all`: everybody. Default: as in params.yaml."
        ),
    ] = None,
    as_of: LookDay = "",
    start_from: Annotated[
        From, typer.Option(help="fibery: reuse the Toggl data of the run that --run-id names.")
    ] = From.toggl,
    run_id: Annotated[
        str, typer.Option(help="A name for the new run; with --start-from fibery, the run whose data to reuse.")
    ] = "",
    refresh: Annotated[
        Service | None, typer.Option(help="Ask this service again even if nothing seems to have changed.")
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="dvc: on this machine; temporal: on workers, see docs/operating.md.")
    ] = Engine.dvc,
    detach: Annotated[bool, typer.Option("--detach", help="Start the run in the background and return.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done and asked.")] = False,
    as_run: Annotated[str, typer.Option(hidden=True)] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print only the manifest, as JSON.")] = False,
) -> None:
    """Make the report for a period, by default the one in params.yaml. The project's files are not changed."""
    from datetime import UTC, datetime

    from timeweave.cli.progress_view import RunView
    from timeweave.cli.run_text import format_manifest, format_outcome, open_register, open_temporal_register
    from timeweave.runs.fetch_estimate import describe_run
    from timeweave.runs.request import RunOptions, make_request

    register = open_temporal_register() if engine is Engine.temporal else open_register()
    options = RunOptions(
        start_date=start_date, end_date=end_date, period=period, users=users, as_of=as_of, start_from=start_from,
        run_id=run_id, refresh=refresh or "", as_run=as_run.partition(BETWEEN)[0],
    )  # fmt: skip
    moment = datetime.now(UTC)
    request = make_request(register, options, moment.date(), f"run_{moment:%Y-%m-%d-%H-%M-%S}")
    if dry_run:
        typer.echo(describe_run(request, register.project.params))
        return
    view = RunView(silent=as_json)
    whose = request.base.id if request.base else "params.yaml"
    if users is None and request.parameters.users and whose != run_id:
        view.say(f"users of {whose}: {', '.join(request.parameters.users)}; everyone with --users all")
    if engine is Engine.temporal:
        from timeweave.temporal.client import follow_run, start_run

        done = start_run(register, request)
        if not detach:
            done = follow_run(register, done, view)
    elif detach:
        _start_in_background(register, request)
        typer.echo(request.id)
        typer.echo(f"it works in the background: timeweave show-run {request.id}", err=True)
        return
    else:
        done = _execute(register, request, view, as_run)
    typer.echo(format_manifest(done) if as_json else format_outcome(done))
    if done.error:
        stage = f"{done.error.stage}: " if done.error.stage else ""
        typer.echo(f"timeweave: {stage}{done.error.sentence}", err=True)
        raise typer.Exit(done.error.exit_code)


def _execute(register: "Register", request: "RunRequest", view: "View", as_run: str) -> "Manifest":
    """Here and now, and the notice of how it ended."""
    from timeweave.delivery.notice import notify
    from timeweave.project.parameters import load_parameters
    from timeweave.runs.execution import create_run, execute_run
    from timeweave.runs.workspace_lock import Lock, Stopped, stop_on_signals

    settings = load_parameters(register.project.params).notify
    folder, handle = register.open(request.id), as_run.partition(BETWEEN)[2]
    try:
        with stop_on_signals(), Lock(folder.lock.path, int(handle)) if handle else folder.take() as lock:
            if not handle:
                create_run(register, request)
            try:
                done = execute_run(register, request, view, lock)
            finally:
                view.close()
    except Stopped as stopped:
        raise typer.Exit(128 + stopped.number) from None
    notify(done, settings, lambda sentence: typer.echo(sentence, err=True))
    return done


def _start_in_background(register: "Register", request: "RunRequest") -> None:
    """As a process of its own that outlives the terminal; what it says is in `detached.log` beside the log of its stages."""
    from timeweave.runs.execution import create_run

    folder = register.open(request.id)
    with folder.take() as lock:
        create_run(register, request)
        said = folder.log.folder / "detached.log"
        said.touch(0o600)
        with said.open("ab") as output:
            subprocess.Popen(
                [*_COMMAND, "run", *_write_options(request, lock.handle)], cwd=register.project.folder,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, pass_fds=(lock.handle,), start_new_session=True,
            )  # fmt: skip


def _write_options(request: "RunRequest", lock: int) -> list[str]:
    """The request, written so that it means the same on another day."""
    asked = request.parameters
    options = ["--as-run", f"{request.id}{BETWEEN}{lock}", "--as-of", asked.as_of]
    if request.base:
        options += ["--start-from", "fibery", "--run-id", request.base.id]
    else:
        options += ["--from", asked.start, "--to", asked.end]
    options += ["--users", ",".join(asked.users) or "all"]
    return options + (["--refresh", request.refresh] if request.refresh else [])
