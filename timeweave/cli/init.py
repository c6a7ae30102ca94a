"""timeweave init: from the demo to a report of the team's own."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from timeweave.project.account_setup import Accounts
    from timeweave.project.project_paths import ProjectFolder
    from timeweave.runtime.period import Period

KEEP = "git add config params.yaml && git commit -m 'Our workspace'"


def init(
    toggl_url: Annotated[str, typer.Option(help="The address of another Toggl, such as the sandbox.")] = "",
    fibery_url: Annotated[str, typer.Option(help="The address of another Fibery, such as the sandbox.")] = "",
    workspace: Annotated[
        str,
        typer.Option(
            "--workspace", "--workspace-id", help="The id of the Toggl workspace, needed only if you have several."
        ),
    ] = "",
    fibery_account: Annotated[
        str,
        typer.Option(
            "--fibery-account",
            "--account",
            help="Your Fibery account: acme, or the address of any page at acme.fibery.io.",
        ),
    ] = "",
    timezone: Annotated[str, typer.Option(help="The time zone of the reports' days. Default: the token owner's.")] = "",
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Read the last four weeks without asking for confirmation.")
    ] = False,
    report: Annotated[
        bool | None,
        typer.Option(
            "--report/--no-report", help="Whether to make last week's report and open it. Default: only on a terminal."
        ),
    ] = None,
) -> None:
    """Connect your own Toggl and Fibery: try the accounts, propose a configuration, make the first report.

    Tokens come from the environment (TOGGL_API_TOKEN, FIBERY_API_TOKEN) or from .env, or you are asked for them. It writes
    params.yaml, .env and config/; files that you have changed are kept, and the proposal is written beside them.
    """
    from datetime import UTC, datetime

    from timeweave.cli.account_questions import Given, ask_accounts, is_on_terminal
    from timeweave.project.account_setup import refuse_tracked
    from timeweave.project.parameters import load_parameters
    from timeweave.project.project_paths import ProjectFolder

    project, today = ProjectFolder.here(), datetime.now(UTC).date()
    refuse_tracked(project.folder)
    held = load_parameters(project.params)
    toggl = held.toggl.model_copy(update={"url": toggl_url or held.toggl.url})
    fibery = held.fibery.model_copy(update={"url": fibery_url or held.fibery.url})
    zone = held.period.timezone if held.source == "live" else ""
    given = Given(toggl, fibery, workspace.strip(), fibery_account.strip(), timezone.strip(), zone)
    accounts, period = ask_accounts(given, today)
    path = accounts.write(project, period, today)
    typer.echo(f"written: params.yaml, and {path.name} with the tokens, which only you can read", err=True)
    _confirm_cost(accounts, period, today, yes or not is_on_terminal())
    todo = _configure(project, accounts, period, today)
    if is_on_terminal() if report is None else report:
        _make_report()
    typer.echo(f"Next: {todo}timeweave check-config and timeweave run --period last-week; when it reads well: {KEEP}")


def _confirm_cost(accounts: "Accounts", period: "Period", today: date, is_agreed: bool) -> None:
    from timeweave.project.first_configuration import list_days
    from timeweave.runs.fetch_estimate import describe_estimate, estimate_fetch

    typer.echo("The configuration is made from the last four weeks; what is read is kept for your reports:", err=True)
    for line in describe_estimate(estimate_fetch("live", accounts.toggl, today, list_days(period, today))):
        typer.echo(f"  {line}", err=True)
    if not is_agreed:
        typer.confirm("Read them now?", default=True, abort=True, err=True)


def _configure(project: "ProjectFolder", accounts: "Accounts", period: "Period", today: date) -> str:
    """Read the workspace, write the files, say what was decided; what to do before the next report, if anything."""
    from timeweave.project.first_configuration import describe_configuration, look_at_workspace, write_configuration

    found = look_at_workspace(accounts, period, today)
    written = write_configuration(project, found)
    for line in describe_configuration(found, written):
        typer.echo(line)
    typer.echo(f"params.yaml: source live, {period.start} to {period.end}, days in {period.timezone}")
    return "" if written[1].kept else f"set hours in {written[1].path}; then "


def _make_report() -> None:
    """The first report, shown where there is a browser."""
    from timeweave.cli.open import open_pages
    from timeweave.cli.run import run

    run(period="last-week")
    open_pages()
