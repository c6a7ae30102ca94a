"""The command line: one module for each command; it starts and shows, and computes nothing."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

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
from timeweave.cli.open import open_pages
from timeweave.cli.plan import plan
from timeweave.cli.run import run
from timeweave.cli.sandbox import sandbox
from timeweave.cli.shared_options import CommandGroup
from timeweave.cli.show_run import show_run
from timeweave.cli.summary import summary
from timeweave.cli.temporal import schedule, temporal, temporal_ui, worker
from timeweave.cli.trend import trend
from timeweave.runtime.errors import TimeweaveError, explain
from timeweave.runtime.script import guard_output

DAILY, RUNS, SET_UP, TEMPORAL = "Every day", "Runs", "Set-up and care", "On several machines, with Temporal"

COMMANDS: tuple[tuple[str, Callable[..., None], str], ...] = (
    (DAILY, run, "timeweave run --period last-week"),
    (DAILY, summary, "timeweave summary latest"),
    (DAILY, open_pages, "timeweave open latest"),
    (DAILY, plan, "timeweave plan --period last-month"),
    (DAILY, changes, "timeweave changes --since 2025-10-01"),
    (DAILY, export, "timeweave export latest --format xlsx"),
    (RUNS, list_runs, "timeweave list-runs --limit 10"),
    (RUNS, show_run, "timeweave show-run latest --report team"),
    (RUNS, diff_runs, "timeweave diff-runs 2026-W46 2026-W47"),
    (RUNS, trend, "timeweave trend --every month"),
    (RUNS, backfill, "timeweave backfill --from 2025-07-01 --to 2025-09-30 --every week --dry-run"),
    (RUNS, cancel_run, "timeweave cancel-run latest"),
    (RUNS, clean, "timeweave clean --keep 20 --dry-run"),
    (SET_UP, init, "timeweave init"),
    (SET_UP, doctor, "timeweave doctor"),
    (SET_UP, check_config, "timeweave check-config"),
    (SET_UP, forget, "timeweave forget somebody@example.com --dry-run"),
    (SET_UP, sandbox, "timeweave sandbox --port 8799"),
    (TEMPORAL, worker, "timeweave worker"),
    (TEMPORAL, temporal_ui, "timeweave temporal-ui latest"),
)
"""Every command with the group that help shows it in, and an example for its own help."""

app = typer.Typer(
    cls=CommandGroup,
    rich_markup_mode=None,
    help="Weaves a team's logged time (Toggl Track) with its work items (Fibery) into reports that add up.",
    epilog="Start with: timeweave run. Help for a command: timeweave run --help. What to do next: timeweave",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    add_completion=True,
    pretty_exceptions_enable=False,
)
for group, command, example in COMMANDS:
    app.command(example.split()[1], rich_help_panel=group, epilog=f"Example: {example}")(command)
app.add_typer(temporal, name="temporal", rich_help_panel=TEMPORAL)
app.add_typer(schedule, name="schedule", rich_help_panel=TEMPORAL)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"timeweave {version('timeweave')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def show_next_step(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Weaves a team's logged time (Toggl Track) with its work items (Fibery) into reports that add up."""
    if context.invoked_subcommand is None:
        from timeweave.cli.summary import describe_next_step

        typer.echo(describe_next_step())


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
