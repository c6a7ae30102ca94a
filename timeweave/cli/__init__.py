"""The command line: one module for each command; it starts and shows, and computes nothing."""

import os
import sys
from pathlib import Path

import typer

from timeweave.cli.backfill import backfill
from timeweave.cli.cancel_run import cancel_run
from timeweave.cli.changes import changes
from timeweave.cli.check_config import check_config
from timeweave.cli.clean import clean
from timeweave.cli.diff_runs import diff_runs
from timeweave.cli.doctor import doctor
from timeweave.cli.export import export
from timeweave.cli.forget import forget
from timeweave.cli.init import init
from timeweave.cli.list_runs import list_runs
from timeweave.cli.plan import plan
from timeweave.cli.run import run
from timeweave.cli.sandbox import sandbox
from timeweave.cli.show_run import show_run
from timeweave.cli.summary import summary
from timeweave.cli.temporal import schedule, temporal, temporal_ui, worker
from timeweave.cli.trend import trend
from timeweave.runtime.errors import TimeweaveError, explain
from timeweave.runtime.script import guard_output

app = typer.Typer(
    help="Weaves a team's logged time (Toggl Track) with its work items (Fibery) into reports that add up.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    run,
    list_runs,
    show_run,
    cancel_run,
    diff_runs,
    backfill,
    trend,
    clean,
    forget,
    init,
    doctor,
    changes,
    check_config,
    export,
    plan,
    sandbox,
    summary,
    worker,
    temporal_ui,
):
    app.command()(command)
app.add_typer(temporal, name="temporal")
app.add_typer(schedule, name="schedule")


def run_command(arguments: list[str] | None = None) -> int:
    """Run a command, that of the process by default; its exit code. An error is one sentence on stderr."""
    try:
        try:
            app(arguments)
        except OSError as error:
            raise explain(error) from None
    except TimeweaveError as error:
        typer.echo(f"timeweave: {error}{_found_above()}", err=True)
        return error.exit_code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def main() -> None:
    """Run the command of this process and leave with its exit code."""
    guard_output()
    code = run_command()
    if "temporalio" in sys.modules:
        # Its threads may still call into Python while the interpreter is taken down, which ends in an abort.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _found_above() -> str:
    """Where the project is, for somebody who stands below it."""
    here, *above = (folder for folder in (Path.cwd(), *Path.cwd().parents))
    if (here / "dvc.yaml").exists():
        return ""
    return next((f" (the project is above: cd {one})" for one in above if (one / "dvc.yaml").exists()), "")
