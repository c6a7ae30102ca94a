"""timeweave init: from the demo to the team's own accounts."""

import os
import sys
from typing import Annotated

import typer

TOKENS = ("TOGGL_API_TOKEN", "FIBERY_API_TOKEN")


def init(
    workspace_id: Annotated[int, typer.Option(help="The number in the address of Toggl's workspace settings.")] = 0,
    account: Annotated[str, typer.Option(help="The first word of your Fibery address.")] = "",
    toggl_url: Annotated[str, typer.Option(help="Another Toggl, such as the sandbox.")] = "",
    fibery_url: Annotated[str, typer.Option(help="Another Fibery, such as the sandbox.")] = "",
) -> None:
    """Ask for accounts and tokens, try them, and only then write params.yaml and .env (readable by you alone)."""
    from datetime import UTC, datetime

    from timeweave.fibery.settings import FiberySettings
    from timeweave.runs import secrets_file
    from timeweave.runs.home import Home
    from timeweave.runs.setup import Accounts
    from timeweave.toggl.settings import TogglSettings

    home = Home.here()
    secrets_file.refuse_tracked(home.folder)
    number = workspace_id or typer.prompt("Toggl workspace id", type=int, err=True)
    name = account or typer.prompt("Fibery account", err=True)
    tokens = {token: os.environ.get(token) or _hidden(token) for token in TOKENS}
    accounts = Accounts(
        TogglSettings(workspace_id=number, url=toggl_url or TogglSettings().url),
        FiberySettings(account=name, url=fibery_url or None),
        tokens,
    )
    for line in accounts.tried(datetime.now(UTC).date()):
        typer.echo(line, err=True)
    path = accounts.write(home)
    typer.echo(
        f"written: params.yaml and {path.name} (mode 600). Next: timeweave doctor, timeweave run --period last-week"
    )


def _hidden(name: str) -> str:
    """Typed without being shown; from a pipe, its next line."""
    if sys.stdin.isatty():
        return str(typer.prompt(name, hide_input=True, err=True))
    return sys.stdin.readline().strip()
